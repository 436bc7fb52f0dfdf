/** When X's cap on post reads is set back (src/sources/x/cap.ts), and that a capped search asks for it once. */
import { afterEach, describe, expect, it } from 'vitest';
import { startXStandIn } from '../../../src/demo/standins/x.ts';
import { xSource } from '../../../src/sources/x.ts';
import { readResetMs, untilDay } from '../../../src/sources/x/cap.ts';
import { xPosts } from '../../fixtures/x/posts.ts';
import { clientFor } from '../../standin/client-for.ts';

const at = (text: string) => new Date(text);
const days = (text: string, day: number): string => new Date(at(text).getTime() + untilDay(day, at(text))).toISOString();

describe('the day the cap is set back', () => {
  it.each([
    ['later this month', '2026-11-23T06:00:00Z', 25, '2026-11-25T00:00:00.000Z'],
    ['past: next month', '2026-11-23T06:00:00Z', 7, '2026-12-07T00:00:00.000Z'],
    ['over the turn of the year', '2026-12-23T06:00:00Z', 7, '2027-01-07T00:00:00.000Z'],
    ['today, at an hour nobody knows: tomorrow', '2026-11-23T06:00:00Z', 23, '2026-11-24T00:00:00.000Z'],
    ['a day this month does not have: its last', '2026-02-10T06:00:00Z', 31, '2026-02-28T00:00:00.000Z'],
    ['a day the next month does not have', '2027-01-31T06:00:00Z', 30, '2027-02-28T00:00:00.000Z'],
  ])('%s', (_what, now, day, expected) => {
    expect(days(now, day)).toBe(expected);
  });

  it.each(['{}', '{"data":{"cap_reset_day":0}}', '{"data":{"cap_reset_day":"soon"}}', '<html>'])('is not known of %s', (body) => {
    const response = { url: 'https://api.x.com', status: 200, headers: {}, body: Buffer.from(body), fetchedAt: '' };
    expect(readResetMs(response, at('2026-11-23T06:00:00Z'))).toBeUndefined();
  });
});

describe('a search at the cap', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('asks when it is set back, and waits that long', async () => {
    const json = { 'content-type': 'application/json' };
    const standIn = await startXStandIn(
      { posts: xPosts(1, 3) },
      {
        fault: ({ path }) =>
          path.startsWith('/2/usage')
            ? { status: 200, headers: json, body: '{"data":{"cap_reset_day":25,"project_cap":"3000000"}}' }
            : { status: 429, headers: json, body: '{"type":"https://api.x.com/2/problems/usage-capped","title":"UsageCapExceeded"}' },
      },
    );
    closing.push(standIn.close);
    const http = clientFor(standIn);
    closing.push(http.close);
    const context = { http, credentials: { X_BEARER_TOKEN: 'made-up' }, now: () => at('2026-11-23T00:00:00Z') };
    const crawl = async (): Promise<void> => {
      for await (const _page of xSource.crawl({ query: { search: 'examplide', archive: false, field_names: 'tweet' }, cursor: {} }, context));
    };
    await expect(crawl()).rejects.toMatchObject({ name: 'RateLimitedError', code: 'usage_capped', retryAfterMs: 2 * 86_400_000 });
    expect(standIn.requests.map(({ path }) => path.split('?')[0])).toEqual(['/2/tweets/search/recent', '/2/usage/tweets']);
  });
});
