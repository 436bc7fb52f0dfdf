import { describe, expect, it } from 'vitest';
import { InvalidInputError, TransientError } from '../../../src/errors.ts';
import type { HttpResponse } from '../../../src/fetch/http.ts';
import { createRobotsCache } from '../../../src/fetch/robots.ts';

function cacheOver(answer: () => { status: number; text?: string } | Error) {
  let time = Date.parse('2026-03-01T00:00:00Z');
  const asked: string[] = [];
  const cache = createRobotsCache({
    userAgent: 'Hearsay/0.1 (+https://example.org)',
    now: () => new Date(time),
    fetchRobots: async (url): Promise<HttpResponse> => {
      asked.push(url);
      const given = answer();
      if (given instanceof Error) throw given;
      return { url, status: given.status, headers: {}, body: Buffer.from(given.text ?? ''), fetchedAt: new Date(time).toISOString() };
    },
  });
  return {
    asked,
    pass: (hours: number) => {
      time += hours * 3_600_000;
    },
    check: (path = '/page') => cache.check(new URL(path, 'https://site.example')),
  };
}

describe('statuses of robots.txt (RFC 9309 section 2.3.1)', () => {
  it.each([404, 401, 403, 410])('%i lets everything through', async (status) => {
    await expect(cacheOver(() => ({ status, text: 'User-agent: *\nDisallow: /' })).check()).resolves.toEqual({ crawlDelayMs: 0 });
  });

  it.each([500, 503, 429])('%i lets nothing through for now', async (status) => {
    await expect(cacheOver(() => ({ status })).check()).rejects.toMatchObject({ name: 'TransientError', code: 'robots_unreachable' });
  });

  it('no answer lets nothing through for now; a blocked address is said as such; endless redirects count as absent', async () => {
    await expect(cacheOver(() => new TransientError('network', 'x')).check()).rejects.toMatchObject({ code: 'robots_unreachable' });
    await expect(cacheOver(() => new InvalidInputError('address_blocked', 'x')).check()).rejects.toMatchObject({ code: 'address_blocked' });
    await expect(cacheOver(() => new InvalidInputError('too_many_redirects', 'x')).check()).resolves.toBeDefined();
  });
});

describe('rules', () => {
  const text =
    'User-agent: other\nDisallow: /\n\nUser-agent: HEARSAY\nAllow: /a/b\nDisallow: /a\nDisallow: /*.pdf$\nDisallow: /tie\nAllow: /tie\nUser-agent: *\nDisallow: /only-others';
  it.each([
    ['/a/b/c', true],
    ['/a/c', false],
    ['/x.pdf', false],
    ['/x.pdf?y', true],
    ['/tie', true],
    ['/only-others', true],
    ['/robots.txt', true],
  ])('%s allowed: %s', async (path, allowed) => {
    const { check } = cacheOver(() => ({ status: 200, text }));
    if (allowed) await expect(check(path)).resolves.toBeDefined();
    else await expect(check(path)).rejects.toMatchObject({ code: 'robots_disallow' });
  });
});

describe('the cache', () => {
  it('holds a copy for 24 hours and asks once for parallel callers', async () => {
    const { asked, check, pass } = cacheOver(() => ({ status: 200, text: '' }));
    await Promise.all([check(), check(), check()]);
    pass(23);
    await check();
    expect(asked).toHaveLength(1);
    pass(2);
    await Promise.all([check(), check()]);
    expect(asked).toHaveLength(2);
  });

  it('keeps an old copy while the file is unreachable, and asks again soon', async () => {
    let status = 200;
    const { asked, check, pass } = cacheOver(() => ({ status, text: 'User-agent: *\nDisallow: /private' }));
    await check('/a');
    status = 500;
    pass(25);
    await expect(check('/a')).resolves.toBeDefined();
    await expect(check('/private')).rejects.toMatchObject({ code: 'robots_disallow' });
    pass(1);
    await check('/a');
    expect(asked).toHaveLength(3);
  });
});
