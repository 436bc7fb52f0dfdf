import { afterEach, describe, expect, it } from 'vitest';
import { startXStandIn, type XStandInOptions } from '../../../src/demo/standins/x.ts';
import { xQuerySchema } from '../../../src/sources/x/query.ts';
import { xSource } from '../../../src/sources/x.ts';
import type { CrawlCursor, CrawlPage } from '../../../src/sources/source.ts';
import { idAt, xPost, xPosts } from '../../fixtures/x/posts.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An hour after the fixtures begin, for both sides. */
const now = () => new Date('2026-06-01T10:00:00Z');

async function start(posts: readonly object[], options: XStandInOptions = {}) {
  const standIn = await startXStandIn({ posts }, { now, ...options });
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const context = contextFor(http, { now });
  const crawl = (query: object, cursor: CrawlCursor = {}, most?: number) =>
    readPages(xSource.crawl({ query: xQuerySchema.parse(query), cursor }, context), most);
  const params = () => standIn.requests.map((request) => new URL(request.path, 'https://api.x.com').searchParams);
  return { standIn, context, crawl, params };
}

const idsOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.posts.map((post) => post.nativeId));
const cursorOf = (pages: readonly CrawlPage[]): CrawlCursor => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;

describe('search', () => {
  it('pages to the end and then asks only for what is newer', async () => {
    const { crawl, standIn, params } = await start(xPosts(1, 250));
    const first = await crawl({ search: 'examplide' });
    expect(first.map((page) => page.posts.length)).toEqual([100, 100, 50]);
    expect(cursorOf(first)).toEqual({ since_id: idAt(250) });
    standIn.setWorld({ posts: xPosts(1, 255) });
    const second = await crawl({ search: 'examplide' }, cursorOf(first));
    expect(idsOf(second)).toEqual([255, 254, 253, 252, 251].map(idAt));
    expect(params().at(-1)?.get('since_id')).toBe(idAt(250));
    const third = await crawl({ search: 'examplide' }, cursorOf(second));
    expect(third).toHaveLength(1);
    expect(third[0]).toMatchObject({ posts: [], refusals: [], cursor: { since_id: idAt(255) } });
  });

  it('keeps one since_id while paging, and goes on after a crash', async () => {
    const { crawl, standIn, params } = await start(xPosts(1, 10));
    const before = cursorOf(await crawl({ search: 'examplide' }));
    standIn.setWorld({ posts: xPosts(1, 260) });
    const one = await crawl({ search: 'examplide' }, before, 1);
    const rest = await crawl({ search: 'examplide' }, cursorOf(one));
    expect(new Set(idsOf([...one, ...rest])).size).toBe(250);
    expect(
      params()
        .slice(1)
        .map((query) => query.get('since_id')),
    ).toEqual([idAt(10), idAt(10), idAt(10)]);
    expect(cursorOf(rest)).toEqual({ since_id: idAt(260) });
  });

  it('never asks for people', async () => {
    const { crawl, params } = await start(xPosts(1, 3));
    await crawl({ search: 'examplide' });
    expect(params()[0]?.toString()).not.toMatch(/author|user|expansions/);
  });

  it('leaves retweets out, and adds the language to the whole search', async () => {
    const posts = [xPost(1), xPost(2, { lang: 'de' }), xPost(3, { referenced_tweets: [{ type: 'retweeted', id: '1' }] }), xPost(4, { text: 'otherword' })];
    const { crawl, params } = await start(posts);
    expect(idsOf(await crawl({ search: 'examplide OR otherword', lang: 'en' }))).toEqual([idAt(4), idAt(1)]);
    expect(params()[0]?.get('query')).toBe('(examplide OR otherword) -is:retweet lang:en');
    const [withRetweets] = await crawl({ search: 'examplide is:retweet' });
    expect(withRetweets?.refusals).toMatchObject([{ code: 'repost' }]);
  });

  it.each(['tweet', 'post'] as const)('reads long texts and references in the spelling %s', async (field_names) => {
    const long = `examplide ${'word '.repeat(100)}`.trim();
    const { crawl } = await start([xPost(1, { note_tweet: { text: long } })], { fieldNames: field_names });
    const [page] = await crawl({ search: 'examplide', field_names });
    expect(page?.posts[0]?.text).toBe(long);
    expect(page?.posts[0]?.createdAt).toBe('2026-06-01T00:01:00.000Z');
  });

  it('forgets a since_id that recent search would refuse', async () => {
    const { crawl, params } = await start(xPosts(1, 3));
    await crawl({ search: 'examplide' }, { since_id: idAt(-60 * 24 * 8) });
    expect(params()[0]?.has('since_id')).toBe(false);
  });

  it('asks the archive from its beginning, then since the newest', async () => {
    const { crawl, params, standIn } = await start([xPost(-60 * 24 * 900), ...xPosts(1, 3)]);
    const first = await crawl({ search: 'examplide', archive: true });
    expect(idsOf(first)).toHaveLength(4);
    expect(standIn.requests[0]?.path).toContain('/2/tweets/search/all?');
    await crawl({ search: 'examplide', archive: true }, cursorOf(first));
    expect(params()[1]?.get('since_id')).toBe(idAt(3));
    expect(params()[1]?.has('start_time')).toBe(false);
  });

  it('respects max_pages', async () => {
    const { crawl } = await start(xPosts(1, 250));
    expect(await crawl({ search: 'examplide', max_pages: 2 })).toHaveLength(2);
  });

  it('counts what came with problems and what cannot be read', async () => {
    const body = {
      data: [xPost(1), { id: 'x' }],
      errors: [{ resource_type: 'tweet', resource_id: '5', title: 'Not Found Error', type: 'https://api.x.com/2/problems/resource-not-found' }],
      meta: { newest_id: idAt(1) },
    };
    const { crawl } = await start([], {
      fault: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const [page] = await crawl({ search: 'examplide' });
    expect(page?.posts).toHaveLength(1);
    expect(page?.refusals).toMatchObject([{ code: 'malformed_item' }, { code: 'partial_error', item: '5', detail: 'Not Found Error' }]);
  });
});

describe('failures', () => {
  const json = { 'content-type': 'application/json' };
  const reset = String(now().getTime() / 1000 + 120);
  it.each([
    [
      '429 with its reset, by X’s clock',
      { status: 429, headers: { ...json, date: now().toUTCString(), 'x-rate-limit-reset': reset }, body: '{"title":"Too Many Requests"}' },
      { name: 'RateLimitedError', code: 'rate_limited', retryAfterMs: 120_000 },
    ],
    [
      '429 of the old form',
      { status: 429, headers: json, body: '{"errors":[{"code":88,"message":"Rate limit exceeded"}]}' },
      { name: 'RateLimitedError', retryAfterMs: 900_000 },
    ],
    [
      'the monthly cap',
      {
        status: 429,
        headers: { ...json, 'x-rate-limit-reset': reset },
        body: '{"type":"https://api.x.com/2/problems/usage-capped","title":"UsageCapExceeded"}',
      },
      { name: 'RateLimitedError', code: 'usage_capped', retryAfterMs: 86_400_000 },
    ],
    ['503', { status: 503, headers: { 'content-type': 'text/html' }, body: '<html>' }, { name: 'TransientError', code: 'x_unavailable' }],
    [
      '400',
      { status: 400, headers: json, body: '{"type":"https://api.x.com/2/problems/invalid-request"}' },
      { name: 'InvalidInputError', code: 'x_bad_request' },
    ],
    ['401', { status: 401, headers: json, body: '{}' }, { name: 'InvalidInputError', code: 'x_unauthorized' }],
    [
      '403',
      { status: 403, headers: json, body: '{"type":"https://api.x.com/2/problems/client-forbidden"}' },
      { name: 'InvalidInputError', code: 'x_forbidden' },
    ],
    ['404', { status: 404, headers: json, body: '{}' }, { name: 'InvalidInputError', code: 'x_not_found' }],
    ['HTML with 200', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }, { name: 'TransientError', code: 'x_unexpected_answer' }],
    ['a closed socket', { status: 0, hangUp: true }, { name: 'TransientError', code: 'network' }],
  ])('%s', async (_name, fault, expected) => {
    const { crawl } = await start(xPosts(1, 3), { fault: () => fault });
    await expect(crawl({ search: 'examplide' })).rejects.toMatchObject(expected);
  });

  it('says which variable is missing', async () => {
    const { context } = await start([]);
    const crawl = readPages(xSource.crawl({ query: xQuerySchema.parse({ search: 'x' }), cursor: {} }, { ...context, credentials: {} }));
    await expect(crawl).rejects.toMatchObject({
      code: 'missing_credentials',
      message: expect.stringContaining('X_BEARER_TOKEN') as string,
    });
  });
});

describe('recheck', () => {
  it('tells live, deleted and protected posts apart, 100 per call', async () => {
    const posts = [...xPosts(1, 150), xPost(151, { deleted: true }), xPost(152, { protected: true })];
    const { context, standIn } = await start(posts);
    const outcomes = await xSource.recheck([...posts.map((post) => String(post['id'])), '42', 'not-an-id'], context);
    expect(standIn.requests).toHaveLength(2);
    expect([...outcomes.values()].filter((outcome) => outcome === 'live')).toHaveLength(150);
    expect(outcomes.get(idAt(151))).toBe('deleted');
    expect(outcomes.get(idAt(152))).toBe('removed');
    expect(outcomes.get('42')).toBe('deleted');
    expect(outcomes.get('not-an-id')).toBe('unknown');
  });

  it('knows nothing of a post the answer does not mention', async () => {
    const { context } = await start([], { fault: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }) });
    expect((await xSource.recheck(['42'], context)).get('42')).toBe('unknown');
  });
});

describe('query', () => {
  it.each([
    ['from:somebody examplide'],
    ['examplide to:somebody'],
    ['examplide (from:somebody)'],
    ['@somebody examplide'],
    ['retweets_of:somebody'],
    ['list:123'],
    [''],
    ['x'.repeat(481)],
    ['x'.repeat(1025)],
  ])('refuses %s', (search) => {
    expect(xQuerySchema.safeParse({ search }).success).toBe(false);
  });
  it('lets a search leave an account out', () => {
    expect(xQuerySchema.safeParse({ search: 'examplide -from:some_vendor -is:reply' }).success).toBe(true);
  });
});
