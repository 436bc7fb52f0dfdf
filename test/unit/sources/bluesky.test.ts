import { afterEach, describe, expect, it } from 'vitest';
import { type BlueskyStandInOptions, startBlueskyStandIn } from '../../../src/demo/standins/bluesky.ts';
import { InvalidInputError, RateLimitedError, TransientError } from '../../../src/errors.ts';
import { blueskyQuerySchema } from '../../../src/sources/bluesky/query.ts';
import { blueskySource } from '../../../src/sources/bluesky.ts';
import type { CrawlCursor, CrawlPage } from '../../../src/sources/source.ts';
import { timeOf, uriOf, view, views } from '../../fixtures/bluesky/posts.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const LOGIN = { BLUESKY_IDENTIFIER: 'operator.example', BLUESKY_APP_PASSWORD: 'invented-password' };
const LOGGED_OUT: Readonly<Record<string, string>> = {};

async function start(posts: readonly object[], credentials: Readonly<Record<string, string>>, options: BlueskyStandInOptions = {}) {
  const standIn = await startBlueskyStandIn({ posts }, options);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const context = contextFor(http, { credentials });
  const crawl = (query: object, cursor: CrawlCursor = {}, most?: number) =>
    readPages(blueskySource.crawl({ query: blueskyQuerySchema.parse(query), cursor }, context), most);
  const searches = () =>
    standIn.requests.filter(({ path }) => path.includes('searchPosts')).map(({ path }) => new URL(path, 'https://bsky.social').searchParams);
  return { standIn, context, crawl, searches };
}

const idsOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.posts.map((post) => post.nativeId));
const refusalsOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.refusals);
const cursorOf = (pages: readonly CrawlPage[]): CrawlCursor => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => uriOf(from - at));
const query = { search: 'examplide' };

describe.each([
  ['logged in', LOGIN],
  ['logged out', LOGGED_OUT],
])('a search %s', (_name, credentials) => {
  it('pages to the end, newest first, and then asks since the newest', async () => {
    const { crawl, standIn, searches } = await start(views(1, 250), credentials);
    const first = await crawl(query);
    expect(idsOf(first)).toEqual(down(250, 1));
    expect(cursorOf(first)).toEqual({ since: timeOf(250) });
    expect(first.at(-1)?.ended).toBe('end');
    standIn.setWorld({ posts: views(1, 1_800) });
    const second = await crawl(query, cursorOf(first));
    // With a day before it, for what is indexed late.
    expect(searches().at(-1)?.get('since')).toBe(timeOf(250 - 24 * 60));
    expect(new Set(idsOf(second))).toEqual(new Set(down(1_800, 1)));
    expect(cursorOf(second)).toEqual({ since: timeOf(1_800) });
  });

  it('goes on after a crash at any page, and nothing twice', async () => {
    const { crawl } = await start(views(1, 20), credentials, { pageSize: 3 });
    for (let crash = 1; crash <= 6; crash++) {
      const before = await crawl(query, {}, crash);
      expect(idsOf([...before, ...(await crawl(query, cursorOf(before)))])).toEqual(down(20, 1));
    }
  });

  it('ends a run at its pages; the next goes on there before it asks for what is new', async () => {
    const { crawl } = await start(views(1, 20), credentials, { pageSize: 3 });
    const first = await crawl({ ...query, max_pages: 4 });
    expect(first).toHaveLength(4);
    expect(first.at(-1)).not.toHaveProperty('ended');
    let runs = first;
    while (cursorOf(runs)['run'] !== undefined) runs = [...runs, ...(await crawl({ ...query, max_pages: 4 }, cursorOf(runs)))];
    expect(idsOf(runs)).toEqual(down(20, 1));
    expect(cursorOf(runs)).toEqual({ since: timeOf(20) });
  });

  it('keeps the others when an item cannot be read', async () => {
    const posts = [...views(1, 5), view(6, { record: { text: 'examplide'.split('') } }), view(7, { record: { text: { examplide: 1 } } }), view(8)];
    const { crawl } = await start(posts, credentials, { pageSize: 2 });
    const pages = await crawl(query);
    expect(idsOf(pages)).toEqual([...down(8, 8), ...down(5, 1)]);
    expect(refusalsOf(pages)).toMatchObject([{ code: 'malformed_item', item: uriOf(7) }]);
  });

  it('asks for the language and the days of the query', async () => {
    const { crawl, searches } = await start(views(1, 2), credentials);
    await crawl({ ...query, lang: 'pt-BR', since: '2026-05-30' }, { since: '2026-05-30T12:00:00.000Z' });
    expect(Object.fromEntries(searches()[0] ?? [])).toMatchObject({ q: 'examplide', sort: 'latest', lang: 'pt-BR', since: '2026-05-30T00:00:00.000Z' });
  });
});

describe('logged out', () => {
  it('never asks with a cursor, also not with one it was given while logged in', async () => {
    const { crawl, searches, standIn } = await start(views(1, 20), LOGGED_OUT, { pageSize: 3 });
    await crawl(query, { run: { token: '9', until: timeOf(12), edge: [], pages: 1 } });
    expect(searches().some((params) => params.has('cursor'))).toBe(false);
    expect(new Set(standIn.requests.map(({ host }) => host))).toEqual(new Set(['api.bsky.app']));
  });

  it('reads posts of one millisecond on both sides of a page’s edge once', async () => {
    const same = Array.from({ length: 4 }, (_, at) => view(10 + at, { record: { createdAt: timeOf(5) } }));
    const { crawl } = await start([...views(1, 4), ...same, ...views(20, 22)], LOGGED_OUT, { pageSize: 5 });
    const ids = idsOf(await crawl(query));
    expect(ids).toHaveLength(11);
    expect(new Set(ids).size).toBe(11);
  });

  it('passes over a moment with more posts than a page holds, and counts it', async () => {
    const same = Array.from({ length: 9 }, (_, at) => view(10 + at, { record: { createdAt: timeOf(5) } }));
    const { crawl } = await start([...views(1, 4), ...same], LOGGED_OUT, { pageSize: 3 });
    const pages = await crawl(query);
    expect(idsOf(pages)).toEqual(expect.arrayContaining(down(4, 1)));
    expect(refusalsOf(pages)).toMatchObject([{ code: 'not_fetched', item: timeOf(5) }]);
  });

  it('says what to do when Bluesky closes the search', async () => {
    const { crawl } = await start(views(1, 2), LOGGED_OUT, { closed: true });
    const failure = await crawl(query).catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(InvalidInputError);
    expect(failure).toMatchObject({ code: 'bluesky_login_needed', message: expect.stringContaining('BLUESKY_APP_PASSWORD') });
  });
});

describe('logged in', () => {
  it('goes on by time where cursors end', async () => {
    const { crawl, searches } = await start(views(1, 20), LOGIN, { pageSize: 3, deepest: 6 });
    expect(idsOf(await crawl(query))).toEqual(down(20, 1));
    expect(searches().some((params) => params.has('until'))).toBe(true);
  });

  it('keeps neither password nor token', async () => {
    const { crawl } = await start(views(1, 2), LOGIN);
    const [page] = await crawl(query);
    const kept = `${JSON.stringify(page)} ${page?.captures[0]?.body.toString('utf8')}`;
    for (const secret of [LOGIN.BLUESKY_APP_PASSWORD, 'access-1', 'refresh-1']) expect(kept).not.toContain(secret);
  });
});

const json = { 'content-type': 'application/json' };

describe('failures', () => {
  it.each([
    [429, { 'ratelimit-reset': String(Math.floor(Date.now() / 1000) + 100) }, '{"error":"RateLimitExceeded"}', RateLimitedError, 'rate_limited'],
    [400, {}, '{"error":"InvalidRequest","message":"bad"}', InvalidInputError, 'query_refused'],
    [502, {}, '{"error":"UpstreamFailure"}', TransientError, 'http_502'],
    [200, {}, '{"posts":{}}', TransientError, 'unreadable_answer'],
    [200, {}, '{"feed":[]}', TransientError, 'unreadable_answer'],
    [404, {}, '{}', InvalidInputError, 'unexpected_status'],
  ])('turns %i %o %s into %o', async (status, headers, body, kind, code) => {
    const { crawl } = await start([], LOGGED_OUT, { fault: () => ({ status, headers: { ...json, ...headers }, body }) });
    const failure = await crawl(query).catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(kind);
    expect(failure).toMatchObject({ code });
    if (failure instanceof RateLimitedError) {
      expect(failure.retryAfterMs).toBeGreaterThan(60_000);
      expect(failure.retryAfterMs).toBeLessThanOrEqual(100_000);
    }
  });
});

describe('the query', () => {
  it.each([
    [{}],
    [{ search: '' }],
    [{ search: 'x'.repeat(301) }],
    [{ search: 'x', lang: 'english language' }],
    [{ search: 'x', since: 'May' }],
    [{ search: 'x', max_pages: 0 }],
  ])('refuses %j', (bad) => {
    expect(blueskyQuerySchema.safeParse(bad).success).toBe(false);
  });

  it('estimates the pages of a run', () => {
    const parsed = blueskyQuerySchema.parse({ search: 'examplide', max_pages: 10 });
    expect(blueskySource.estimate?.({ query: parsed, cursor: {} })).toMatchObject({ least: 1, itemsPerRequest: 100 });
  });
});
