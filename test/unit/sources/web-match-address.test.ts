import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseMatch } from '../../../src/sources/web/match-address.ts';

it.each([
  ['https://a.example/blog/*', 'https://a.example/blog/one', true],
  ['https://a.example/blog/*', 'https://a.example/shop/one', false],
  ['https://a.example/blog', 'https://a.example/blog/one', false],
  ['/blog/*', 'https://a.example/blog/one?x=1', true],
  ['/blog/*-notes', 'https://a.example/blog/semax-notes', true],
  ['/*/semax*', 'https://a.example/p/a-semax', false],
  ['*semax*', 'https://a.example/p/semax', true],
  ['*a*a*a', 'aa', false],
  ['*', 'https://a.example/', true],
  ['/semax|selank/', 'https://a.example/selank', true],
  ['/SEMAX/i', 'https://a.example/semax', true],
  ['/SEMAX/', 'https://a.example/semax', false],
])('%s and %s: %s', (pattern, address, good) => expect(parseMatch(pattern)?.(address)).toBe(good));

it('knows what is no regular expression', () => expect(parseMatch('/(/')).toBeUndefined());

it('means what the same regular expression means', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), (pattern, value) => {
      expect(parseMatch(pattern)?.(value)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(value));
    }),
  );
});
