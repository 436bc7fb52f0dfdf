/** What the sources say of how their listings ended, for the gap detector. */
import { afterEach, describe, expect, it } from 'vitest';
import { startRedditStandIn } from '../../../src/demo/standins/reddit.ts';
import { startXStandIn } from '../../../src/demo/standins/x.ts';
import { redditQuerySchema } from '../../../src/sources/reddit/query.ts';
import { listingEnd } from '../../../src/sources/reddit/listing-end.ts';
import { redditSource } from '../../../src/sources/reddit.ts';
import type { CrawlCursor, CrawlPage } from '../../../src/sources/source.ts';
import { feedWindow } from '../../../src/sources/web/feed-window.ts';
import type { FeedEntry } from '../../../src/sources/web/read-feed.ts';
import { timeOfId } from '../../../src/sources/x/cursor.ts';
import { searchEnd } from '../../../src/sources/x/listing-end.ts';
import { xQuerySchema } from '../../../src/sources/x/query.ts';
import { xSource } from '../../../src/sources/x.ts';
import { comment, submission } from '../../fixtures/reddit/things.ts';
import { idAt, xPosts } from '../../fixtures/x/posts.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const endsOf = (pages: readonly CrawlPage[]) => pages.map(({ ended }) => ended);
const cursorOf = (pages: readonly CrawlPage[]): CrawlCursor => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;

describe('reddit', () => {
  const page = { query: redditQuerySchema.parse({ subreddit: 'ExamplePlace' }), pages: 3, items: 250, metKnown: false, hasNext: true, cameFurther: true };
  const limited = { query: redditQuerySchema.parse({ subreddit: 'ExamplePlace', max_pages: 3 }) };
  const hot = { query: redditQuerySchema.parse({ subreddit: 'ExamplePlace', listing: 'hot' }) };
  it.each([
    ['goes on while there is more', {}, undefined],
    ['ends at what is known', { metKnown: true }, 'end'],
    ['ends with the listing', { hasNext: false }, 'end'],
    ['is cut at about 1,000 items', { hasNext: false, items: 940 }, 'cap'],
    ['is not cut there when it met what is known', { hasNext: false, items: 940, metKnown: true }, 'end'],
    ['breaks off when a page brings nothing', { cameFurther: false }, 'cap'],
    ['is ended by max_pages', limited, 'budget'],
    ['is not when it met what is known', { ...limited, metKnown: true }, 'end'],
    ['does not end at known items where the order is another', { ...hot, metKnown: true }, undefined],
  ])('%s', (_what, changes, ended) => {
    expect(listingEnd({ ...page, ...changes })).toBe(ended);
  });

  async function start(things: Parameters<typeof startRedditStandIn>[0]['things']) {
    const standIn = await startRedditStandIn({ things });
    const http = clientFor(standIn);
    closing.push(standIn.close, http.close);
    const context = contextFor(http);
    return (query: object, cursor: CrawlCursor = {}, most?: number) =>
      readPages(redditSource.crawl({ query: redditQuerySchema.parse(query), cursor }, context), most);
  }
  const things = Array.from({ length: 150 }, (_, n) => submission(n + 1));

  it('is said on the last page only, with the time reached', async () => {
    const crawl = await start(things);
    const first = await crawl({ subreddit: 'ExamplePlace' });
    expect(endsOf(first)).toEqual([undefined, 'end']);
    expect(first.at(-1)?.oldestAt).toBe(new Date(Number(submission(1).data['created_utc']) * 1000).toISOString());
    const cut = await crawl({ subreddit: 'ExamplePlace', max_pages: 1 });
    expect([endsOf(cut), cut[0]?.oldestAt]).toEqual([['budget'], new Date(Number(submission(51).data['created_utc']) * 1000).toISOString()]);
  });
  it('survives a crash between the listing and its comments', async () => {
    const crawl = await start([
      submission(1, { num_comments: 1 }),
      submission(2, { num_comments: 1 }),
      ...[1, 2].map((n) => comment(n, { link: `t3_s00${n}`, parent: `t3_s00${n}` })),
    ]);
    const begun = await crawl({ subreddit: 'ExamplePlace', comments: true }, {}, 1);
    expect(endsOf(begun)).toEqual([undefined]);
    const rest = await crawl({ subreddit: 'ExamplePlace', comments: true }, cursorOf(begun));
    expect(endsOf(rest)).toEqual([undefined, 'end']);
    expect(rest.at(-1)?.oldestAt).toBe(new Date(Number(submission(1).data['created_utc']) * 1000).toISOString());
  });
  it('is not said of a listing in another order than time', async () => {
    const crawl = await start(things);
    expect(endsOf(await crawl({ subreddit: 'ExamplePlace', listing: 'hot' }))).toEqual([undefined, undefined]);
  });
});

describe('x', () => {
  const now = new Date('2026-06-01T10:00:00Z');
  const last = { sinceId: undefined, oldestId: undefined, hasNext: false, isLastOfBudget: false, now };
  const recent = xQuerySchema.parse({ search: 'examplide', max_pages: 2 });
  const iso = (ms: number) => new Date(ms).toISOString();
  it.each([
    ['reaches what was read before', recent, { sinceId: idAt(5) }, { ended: 'end', oldestAt: iso(timeOfId(idAt(5))) }],
    ['reaches back seven days without it', recent, {}, { ended: 'cap', oldestAt: '2026-05-25T10:00:00.000Z' }],
    ['reads the whole archive', xQuerySchema.parse({ search: 'examplide', archive: true }), {}, { ended: 'end', oldestAt: iso(0) }],
    ['is ended by max_pages', recent, { hasNext: true, isLastOfBudget: true, oldestId: idAt(7) }, { ended: 'budget', oldestAt: iso(timeOfId(idAt(7))) }],
    ['breaks off at a page named twice', recent, { hasNext: true }, { ended: 'cap' }],
  ])('%s', (_what, query, changes, expected) => {
    expect(searchEnd(query, { ...last, ...changes })).toEqual(expected);
  });
  it('is said on the last page of a search', async () => {
    const standIn = await startXStandIn({ posts: xPosts(1, 250) }, { now: () => now });
    const http = clientFor(standIn);
    closing.push(standIn.close, http.close);
    const context = contextFor(http, { now: () => now });
    const crawl = (query: object, cursor: CrawlCursor = {}) => readPages(xSource.crawl({ query: xQuerySchema.parse(query), cursor }, context));
    const first = await crawl({ search: 'examplide' });
    expect(endsOf(first)).toEqual([undefined, undefined, 'cap']);
    expect(endsOf(await crawl({ search: 'examplide' }, cursorOf(first)))).toEqual(['end']);
    expect(endsOf(await crawl({ search: 'examplide', max_pages: 2 }))).toEqual([undefined, 'budget']);
  });
});

describe('feed', () => {
  const entry = (nativeId: string, publishedAt?: string): FeedEntry => ({
    nativeId,
    publishedAt,
    url: undefined,
    title: undefined,
    content: '',
    author: undefined,
  });
  it('reaches back to its oldest dated entry', () => {
    expect(feedWindow([entry('a', '2026-02-02T00:00:00.000Z'), entry('b'), entry('c', '2026-02-01T00:00:00.000Z')])).toEqual({
      ended: 'cap',
      oldestAt: '2026-02-01T00:00:00.000Z',
    });
  });
  it('without dates goes by known entries; an empty one has shown all', () => {
    expect(feedWindow([entry('a'), entry('b')])).toEqual({ ended: 'cap' });
    expect(feedWindow([entry('a'), entry('b')], ({ nativeId }) => nativeId === 'b')).toEqual({ ended: 'end' });
    expect(feedWindow([])).toEqual({ ended: 'end' });
  });
});
