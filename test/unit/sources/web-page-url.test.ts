import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameHost, isSameSite, normalizePageUrl } from '../../../src/sources/web/page-url.ts';

it.each([
  ['HTTPS://Example.ORG:443/a/../b?utm_source=x&q=1&fbclid=y#top', 'https://example.org/b?q=1'],
  ['https://example.org/?utm_campaign=a', 'https://example.org/'],
  ['https://example.org/a?q=%20+b', 'https://example.org/a?q=%20+b'],
  ['https://user:pass@example.org/', 'https://example.org/'],
  ['ftp://example.org/', undefined],
  ['javascript:alert(1)', undefined],
  ['nonsense', undefined],
  [`https://example.org/${'x'.repeat(3000)}`, undefined],
])('%s -> %s', (given, wanted) => expect(normalizePageUrl(given)).toBe(wanted));

it('resolves and keeps fragments where asked to', () => {
  expect(normalizePageUrl('#post-5', { base: 'https://f.example/t/1?utm_x=1', keepFragment: true })).toBe('https://f.example/t/1#post-5');
});

it('is done after once', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
      const once = normalizePageUrl(url);
      if (once !== undefined) expect(normalizePageUrl(once)).toBe(once);
    }),
  );
});

describe('sites', () => {
  it.each([
    ['https://www.a.example/x', 'https://a.example/y', true, true],
    ['https://blog.a.example/', 'https://a.example/', true, false],
    ['https://a.example/', 'https://b.example/', false, false],
    ['https://evil-a.example/', 'https://a.example/', false, false],
    ['nonsense', 'https://a.example/', false, false],
  ])('%s and %s', (a, b, site, host) => expect([isSameSite(a, b), isSameHost(a, b)]).toEqual([site, host]));
});
