import { afterEach, describe, expect, it } from 'vitest';
import { startYoutubeStandIn, type YoutubeStandInOptions, type YoutubeWorld } from '../../../src/demo/standins/youtube.ts';
import { InvalidInputError, RateLimitedError, TransientError } from '../../../src/errors.ts';
import type { CrawlCursor, CrawlPage } from '../../../src/sources/source.ts';
import { youtubeQuerySchema } from '../../../src/sources/youtube/query.ts';
import { youtubeSource } from '../../../src/sources/youtube.ts';
import { comment, commentId, reply, videoId } from '../../fixtures/youtube/comments.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const now = () => new Date('2026-06-02T06:00:00Z');
const KEY = 'AIza-invented-key';

async function start(world: YoutubeWorld, options: YoutubeStandInOptions = {}) {
  const standIn = await startYoutubeStandIn(world, options);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const context = contextFor(http, { now, credentials: { YOUTUBE_API_KEY: KEY } });
  const crawl = (query: object, cursor: CrawlCursor = {}, most?: number) =>
    readPages(youtubeSource.crawl({ query: youtubeQuerySchema.parse(query), cursor }, context), most);
  const asked = () => standIn.requests.map((request) => new URL(request.path, 'https://www.googleapis.com').pathname.split('/').at(-1));
  return { standIn, context, crawl, asked };
}

const video = (n: number, changes: object = {}) => ({ id: videoId(n), title: `Examplide, part ${n}`, ...changes });
const under = (n: number) => ({ videoId: videoId(n) });
const postsOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly CrawlPage[]) => postsOf(pages).map((post) => post.nativeId);
const refusalsOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.refusals);
const cursorOf = (pages: readonly CrawlPage[]): CrawlCursor => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;
const range = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const json = { 'content-type': 'application/json' };

describe('videos', () => {
  it('reads the threads of each video page by page, newest first, and ends with nothing to go on from', async () => {
    const comments = [...range(5).map((n) => comment(n)), ...range(3).map((n) => comment(100 + n, under(2)))];
    const { crawl } = await start({ videos: [video(1), video(2)], comments }, { pageSize: 2 });
    const pages = await crawl({ videos: [videoId(1), videoId(2), videoId(1)] });
    expect(idsOf(pages)).toEqual([5, 4, 3, 2, 1, 103, 102, 101].map((n) => commentId(n)));
    expect(pages.map((page) => page.posts.length)).toEqual([2, 2, 1, 2, 1]);
    expect(cursorOf(pages)).toEqual({});
    expect(postsOf(pages)[0]).toMatchObject({ title: 'Examplide, part 1' });
  });

  it('asks for the replies that do not come along, all pages of them', async () => {
    const comments = [comment(1), ...range(12).map((n) => reply(1, n)), comment(2), ...range(3).map((n) => reply(2, n))];
    const { crawl, asked } = await start({ videos: [video(1)], comments }, { pageSize: 5 });
    const pages = await crawl({ videos: [videoId(1)] });
    expect(idsOf(pages)).toHaveLength(17);
    expect(new Set(idsOf(pages)).size).toBe(17);
    expect(asked()).toEqual(['videos', 'commentThreads', 'comments', 'comments', 'comments']);
    for (const post of postsOf(pages).filter(({ nativeId }) => nativeId?.includes('.'))) {
      expect(post.threadId).toBe(post.nativeId?.split('.')[0]);
      expect(post.parentText).toMatch(/^Examplide comment/);
    }
  });

  it('sees an edit, and what came under an old comment', async () => {
    const { crawl, standIn } = await start({ videos: [video(1)], comments: [comment(1), comment(2)] });
    const first = await crawl({ videos: [videoId(1)] });
    const edited = comment(1, { textDisplay: 'Examplide did nothing after all.', updatedAt: '2026-06-02T00:00:00Z' });
    standIn.setWorld({ videos: [video(1)], comments: [edited, reply(1, 1), comment(2)] });
    const second = await crawl({ videos: [videoId(1)] }, cursorOf(first));
    expect(postsOf(second).find(({ nativeId }) => nativeId === commentId(1))?.text).toBe('Examplide did nothing after all.');
    expect(idsOf(second)).toContain(commentId(1, 1));
  });

  it('counts a video with closed comments and one that is not there, and reads the others', async () => {
    const { crawl } = await start({ videos: [video(1, { commentsDisabled: true }), video(3)], comments: [comment(1, under(3))] });
    const pages = await crawl({ videos: [videoId(1), videoId(2), videoId(3)] });
    expect(refusalsOf(pages)).toMatchObject([
      { code: 'comments_disabled', item: videoId(1) },
      { code: 'not_found', item: videoId(2) },
    ]);
    expect(idsOf(pages)).toEqual([commentId(1)]);
  });

  it('keeps the others when an item cannot be read', async () => {
    const comments = [comment(1, { textDisplay: 7 }), comment(2), reply(2, 1, { textDisplay: null }), reply(2, 2)];
    const { crawl } = await start({ videos: [video(1)], comments });
    const pages = await crawl({ videos: [videoId(1)] });
    expect(idsOf(pages)).toEqual([commentId(2), commentId(2, 2)]);
    expect(refusalsOf(pages)).toMatchObject([
      { code: 'malformed_item', item: commentId(2, 1) },
      { code: 'malformed_item', item: commentId(1) },
    ]);
  });

  it('says so when a thread does not tell how many replies it has', async () => {
    const thread = { id: commentId(1), snippet: { topLevelComment: comment(1), totalReplyCount: 'many' }, replies: { comments: [reply(1, 1)] } };
    const body = (kind: string, item: object) => ({ status: 200, headers: json, body: JSON.stringify({ kind, items: [item] }) });
    const { crawl } = await start(
      { videos: [], comments: [] },
      { fault: ({ path }) => (path.includes('/videos?') ? body('youtube#videoListResponse', video(1)) : body('youtube#commentThreadListResponse', thread)) },
    );
    const pages = await crawl({ videos: [videoId(1)] });
    expect(idsOf(pages)).toEqual([commentId(1), commentId(1, 1)]);
    expect(refusalsOf(pages)).toMatchObject([{ code: 'comments_not_read', item: commentId(1) }]);
    expect(postsOf(pages)[0]?.title).toBeUndefined();
  });

  it('begins a video anew when its page token is no longer accepted, and gives up when a fresh one is not either', async () => {
    const { crawl } = await start({ videos: [video(1)], comments: range(5).map((n) => comment(n)) }, { pageSize: 2 });
    const run = { videos: [videoId(1)], at: 0, pageToken: 'expired', units: 0 };
    expect(idsOf(await crawl({ videos: [videoId(1)] }, { run }))).toHaveLength(5);
    const refused = await start(
      { videos: [video(1)], comments: range(5).map((n) => comment(n)) },
      { pageSize: 2, fault: ({ path }) => (path.includes('pageToken=') ? { status: 400, headers: json, body: error('invalidPageToken') } : undefined) },
    );
    await expect(refused.crawl({ videos: [videoId(1)] })).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('search', () => {
  it('reads the videos it finds, and does not search again after a crash', async () => {
    const videos = [video(1), video(2), video(3, { title: 'Something else' })];
    const comments = [comment(1), comment(2, under(2)), comment(3, under(3))];
    const { crawl, asked } = await start({ videos, comments });
    const before = await crawl({ search: 'examplide' }, {}, 1);
    expect(before[0]).toMatchObject({ posts: [], captures: [{}] });
    const after = await crawl({ search: 'examplide' }, cursorOf(before));
    expect(idsOf(after)).toEqual([commentId(1), commentId(2)]);
    expect(asked().filter((name) => name === 'search')).toHaveLength(1);
  });

  it('takes as many videos as it may', async () => {
    const { crawl, standIn } = await start({ videos: range(70).map((n) => video(n)), comments: [] });
    await crawl({ search: 'examplide', max_videos: 60 });
    expect(standIn.requests.filter(({ path }) => path.includes('/videos?'))).toHaveLength(60);
    expect(standIn.units()).toBe(200 + 2 * 60);
  });

  it('finds nothing where there is nothing', async () => {
    const { crawl } = await start({ videos: [], comments: [] });
    expect(await crawl({ search: 'examplide' })).toMatchObject([{ posts: [], refusals: [], cursor: {} }]);
  });
});

describe('quota units', () => {
  it('ends a run at its units, and the next one goes on there', async () => {
    const comments = range(16).map((n) => comment(n));
    const { crawl, standIn } = await start({ videos: [video(1)], comments }, { pageSize: 2 });
    const query = { videos: [videoId(1)], max_units: 4 };
    const first = await crawl(query);
    expect(idsOf(first)).toHaveLength(6);
    expect(standIn.units()).toBe(4);
    const second = await crawl(query, cursorOf(first));
    const third = await crawl(query, cursorOf(second));
    expect(idsOf([...first, ...second, ...third]).sort()).toEqual(range(16).map((n) => commentId(n)));
    expect(cursorOf(third)).toEqual({});
  });

  it('counts on where a crashed run stopped', async () => {
    const { crawl, standIn } = await start({ videos: [video(1)], comments: range(12).map((n) => comment(n)) }, { pageSize: 2 });
    const query = { videos: [videoId(1)], max_units: 4 };
    const crashed = await crawl(query, {}, 1);
    await crawl(query, cursorOf(crashed));
    expect(standIn.units()).toBe(4);
  });

  it('counts the replies it could not afford', async () => {
    const comments = [comment(1), ...range(9).map((n) => reply(1, n)), comment(2), ...range(8).map((n) => reply(2, n))];
    const { crawl, standIn } = await start({ videos: [video(1)], comments });
    const pages = await crawl({ videos: [videoId(1)], max_units: 3 });
    expect(standIn.units()).toBe(3);
    // The newer thread is read whole, the older one as it came.
    expect(idsOf(pages)).toHaveLength(2 + 8 + 5);
    expect(refusalsOf(pages)).toEqual([{ code: 'comments_not_read', detail: '4 replies', item: commentId(1) }]);
  });

  it('estimates what a run needs', () => {
    const estimate = (query: object, cursor: CrawlCursor = {}) => youtubeSource.estimate?.({ query: youtubeQuerySchema.parse(query), cursor });
    expect(estimate({ videos: [videoId(1), videoId(2)] })).toEqual({
      least: 4,
      most: 1_000,
      itemsPerRequest: 100,
      quota: { least: 4, most: 1_000, perDay: 10_000 },
    });
    expect(estimate({ search: 'examplide', max_units: 500 })).toMatchObject({ least: 1, most: 401, quota: { least: 100, most: 500 } });
    expect(estimate({ search: 'examplide' }, { run: { videos: [videoId(1), videoId(2)], at: 1, units: 150 } })).toMatchObject({
      least: 2,
      most: 850,
      quota: { least: 2, most: 850 },
    });
  });
});

const error = (reason: string) => JSON.stringify({ error: { code: 400, message: reason, errors: [{ reason, domain: 'youtube', message: reason }] } });

describe('failures', () => {
  it('waits for midnight in California when the quota is used up', async () => {
    const { crawl } = await start({ videos: [video(1)], comments: [comment(1)] }, { quota: 1 });
    const failure = await crawl({ videos: [videoId(1)] }).catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(RateLimitedError);
    expect(failure).toMatchObject({ code: 'usage_capped', retryAfterMs: 3_600_000 });
  });

  it.each([
    [403, error('rateLimitExceeded'), RateLimitedError, 'rate_limited'],
    [403, error('accessNotConfigured'), InvalidInputError, 'youtube_unauthorized'],
    [400, error('keyInvalid'), InvalidInputError, 'youtube_unauthorized'],
    [401, error('authError'), InvalidInputError, 'youtube_unauthorized'],
    [403, error('forbidden'), InvalidInputError, 'forbidden'],
    [400, error('processingFailure'), TransientError, 'unavailable'],
    [400, error('invalidParameter'), InvalidInputError, 'unexpected_status'],
    [404, '{}', InvalidInputError, 'unexpected_status'],
    [503, '<html></html>', TransientError, 'http_503'],
    [200, '{"items":[]}', TransientError, 'unreadable_answer'],
    [200, '{"kind":"youtube#videoListResponse","items":{}}', TransientError, 'unreadable_answer'],
  ])('turns %i %s into %o', async (status, body, kind, code) => {
    const { crawl } = await start({ videos: [], comments: [] }, { fault: () => ({ status, headers: json, body }) });
    const failure = await crawl({ videos: [videoId(1)] }).catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(kind);
    expect(failure).toMatchObject({ code });
  });

  it('says which key is refused without saying the key', async () => {
    const { crawl } = await start({ videos: [], comments: [] }, { key: 'another' });
    const failure = (await crawl({ videos: [videoId(1)] }).catch((caught: unknown) => caught)) as Error;
    expect(failure.message).toContain('YOUTUBE_API_KEY (API_KEY_INVALID)');
    expect(failure.message).not.toContain(KEY);
  });
});

describe('what is kept', () => {
  it('holds neither the key nor names or pictures', async () => {
    const comments = [comment(1), ...range(7).map((n) => reply(1, n))];
    const { crawl, standIn } = await start({ videos: [video(1)], comments });
    const pages = await crawl({ search: 'examplide' });
    expect(standIn.requests.every(({ path }) => path.includes(KEY))).toBe(true);
    const captures = pages.flatMap((page) => page.captures);
    expect(captures.length).toBe(3);
    for (const capture of captures) {
      const kept = `${JSON.stringify({ ...capture, body: '' })} ${capture.body.toString('utf8')}`;
      for (const unwanted of [KEY, 'somebody', 'textOriginal', 'likeCount']) expect(kept).not.toContain(unwanted);
    }
    expect(captures.some((capture) => capture.url.startsWith('https://www.googleapis.com/youtube/v3/commentThreads?'))).toBe(true);
  });
});

describe('the query', () => {
  it.each([
    [{}],
    [{ videos: [] }],
    [{ videos: ['short'] }],
    [{ videos: [videoId(1)], search: 'examplide' }],
    [{ search: ' ' }],
    [{ search: 'examplide', max_units: 50 }],
    [{ search: 'examplide', max_videos: 200, max_units: 300 }],
  ])('refuses %j', (query) => {
    expect(youtubeQuerySchema.safeParse(query).success).toBe(false);
  });
});
