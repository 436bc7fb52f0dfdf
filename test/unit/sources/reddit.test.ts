import { afterEach, describe, expect, it } from 'vitest';
import { type RedditStandInOptions, type RedditWorld, startRedditStandIn, type Thing } from '../../../src/demo/standins/reddit.ts';
import { redditQuerySchema } from '../../../src/sources/reddit/query.ts';
import { redditSource } from '../../../src/sources/reddit.ts';
import type { CrawlCursor, CrawlPage } from '../../../src/sources/source.ts';
import { comment, shellOf, submission } from '../../fixtures/reddit/things.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(world: RedditWorld, options: RedditStandInOptions = {}) {
  const standIn = await startRedditStandIn(world, options);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const context = contextFor(http);
  const crawl = (query: object, cursor: CrawlCursor = {}, most?: number) =>
    readPages(redditSource.crawl({ query: redditQuerySchema.parse(query), cursor }, context), most);
  const paths = () => standIn.requests.map((request) => request.path).filter((path) => !path.includes('access_token'));
  return { standIn, context, crawl, paths };
}

const many = (from: number, to: number, changes: Readonly<Record<string, unknown>> = {}): Thing[] =>
  Array.from({ length: to - from + 1 }, (_, at) => submission(from + at, changes));
const idsOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.posts.map((post) => post.nativeId));
const cursorOf = (pages: readonly CrawlPage[]): CrawlCursor => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;
const place = (n: number) => ({ link: `t3_s${n.toString(36).padStart(3, '0')}`, parent: `t3_s${n.toString(36).padStart(3, '0')}` });

describe('listing', () => {
  it('reads to the end, newest first, a page at a time, each with its capture', async () => {
    const { crawl, paths } = await start({ things: many(1, 250) });
    const pages = await crawl({ subreddit: 'ExamplePlace' });
    expect(pages.map((page) => page.posts.length)).toEqual([100, 100, 50]);
    expect(idsOf(pages)[0]).toBe(submission(250).data['name']);
    expect(new Set(idsOf(pages)).size).toBe(250);
    for (const page of pages) expect(page.posts.every((post) => post.captureDigest === page.captures[0]?.digest)).toBe(true);
    expect(paths()).toHaveLength(3);
  });

  it('stops at what it saw last time, and hands that page over whole', async () => {
    const { crawl, paths, standIn } = await start({ things: many(1, 250) });
    const first = await crawl({ subreddit: 'ExamplePlace' });
    standIn.setWorld({ things: many(1, 260) });
    const asked = paths().length;
    const second = await crawl({ subreddit: 'ExamplePlace' }, cursorOf(first));
    expect(paths()).toHaveLength(asked + 1);
    expect(idsOf(second)).toHaveLength(100);
    expect(idsOf(second)[0]).toBe(submission(260).data['name']);
  });

  it('still stops when the newest items it saw are deleted', async () => {
    const { crawl, paths, standIn } = await start({ things: many(1, 250) });
    const first = await crawl({ subreddit: 'ExamplePlace' });
    standIn.setWorld({ things: [...many(1, 240), ...many(241, 250).map((thing) => shellOf(thing, 'deleted')), ...many(251, 255)] });
    const asked = paths().length;
    await crawl({ subreddit: 'ExamplePlace' }, cursorOf(first));
    expect(paths()).toHaveLength(asked + 1);
  });

  it('goes on from any page after a crash, with nothing lost or read twice', async () => {
    const { crawl } = await start({ things: many(1, 250) });
    const one = await crawl({ subreddit: 'ExamplePlace' }, {}, 1);
    const two = await crawl({ subreddit: 'ExamplePlace' }, cursorOf(one), 1);
    const rest = await crawl({ subreddit: 'ExamplePlace' }, cursorOf(two));
    expect(idsOf([...one, ...two, ...rest])).toHaveLength(250);
    expect(new Set(idsOf([...one, ...two, ...rest])).size).toBe(250);
    expect(cursorOf(rest)).not.toHaveProperty('run');
  });

  it('goes on when the item it would page from has been deleted', async () => {
    const { crawl, standIn } = await start({ things: many(1, 250) });
    const one = await crawl({ subreddit: 'ExamplePlace' }, {}, 1);
    standIn.setWorld({
      things: many(1, 250).map((thing) => (thing.data['name'] === submission(151).data['name'] ? shellOf(thing, 'deleted') : thing)),
    });
    const rest = await crawl({ subreddit: 'ExamplePlace' }, cursorOf(one));
    expect(new Set(idsOf([...one, ...rest])).size).toBe(250);
  });

  it('takes an empty page as the end when both anchors are gone', async () => {
    const { crawl, standIn } = await start({ things: many(1, 250) });
    const one = await crawl({ subreddit: 'ExamplePlace' }, {}, 1);
    standIn.setWorld({ things: many(1, 100) });
    const rest = await crawl({ subreddit: 'ExamplePlace' }, cursorOf(one));
    expect(idsOf(rest)).toEqual([]);
    expect(cursorOf(rest)).not.toHaveProperty('run');
  });

  it('gives edits and restored items again on the next visit', async () => {
    const { crawl, standIn } = await start({ things: [submission(1), shellOf(submission(2), 'moderator')] });
    const first = await crawl({ subreddit: 'ExamplePlace' });
    expect(idsOf(first)).toEqual(['t3_s001']);
    standIn.setWorld({ things: [submission(1, { selftext: 'edited', edited: 1_780_000_999 }), submission(2)] });
    const second = await crawl({ subreddit: 'ExamplePlace' }, cursorOf(first));
    expect(second.flatMap((page) => page.posts.map((post) => post.text))).toEqual(['Text of submission 2', 'edited']);
  });

  it('respects max_pages', async () => {
    const { crawl } = await start({ things: many(1, 250) });
    expect(await crawl({ subreddit: 'ExamplePlace', max_pages: 2 })).toHaveLength(2);
  });

  it('reads unordered listings to their end, known items or not', async () => {
    const { crawl } = await start({ things: many(1, 150) });
    const first = await crawl({ subreddit: 'ExamplePlace', listing: 'top', time: 'week' });
    expect(first).toHaveLength(2);
    expect(await crawl({ subreddit: 'ExamplePlace', listing: 'top' }, cursorOf(first))).toHaveLength(2);
  });

  it('reads the newest comments of a subreddit', async () => {
    const { crawl } = await start({ things: [submission(1), comment(1, place(1)), comment(2, place(1), { link_title: 'Title 1' })] });
    const [page] = await crawl({ subreddit: 'ExamplePlace', listing: 'comments' });
    expect(page?.posts.map((post) => post.nativeId)).toEqual(['t1_c002', 't1_c001']);
    expect(page?.posts[0]).toMatchObject({ kind: 'comment', title: 'Title 1', threadId: 't3_s001' });
  });

  it('gives one page and a cursor for a subreddit without posts', async () => {
    const { crawl } = await start({ things: [], subreddits: { Quiet: { state: 'public' } } });
    const pages = await crawl({ subreddit: 'Quiet' });
    expect(pages).toHaveLength(1);
    expect(pages[0]).toMatchObject({ posts: [], cursor: { seen: [] } });
  });

  it('counts what it cannot read and keeps the rest', async () => {
    const { name: _name, ...nameless } = submission(2).data;
    const { crawl } = await start({ things: [submission(1), { kind: 't3', data: nameless }, submission(3, { title: 9 })] });
    const [page] = await crawl({ subreddit: 'ExamplePlace' });
    expect(page?.posts.map((post) => post.nativeId)).toEqual(['t3_s001']);
    expect(page?.refusals.map((refusal) => [refusal.code, refusal.item])).toEqual([
      ['malformed_item', 't3_s003'],
      ['malformed_item', undefined],
    ]);
  });

  it('starts over with a cursor it cannot read', async () => {
    const { crawl } = await start({ things: many(1, 3) });
    expect(idsOf(await crawl({ subreddit: 'ExamplePlace' }, { seen: 'x', run: { pages: 'many' } }))).toHaveLength(3);
  });
});

describe('search', () => {
  it('finds submissions in one subreddit or everywhere', async () => {
    const things = [submission(1, { title: 'About Examplide' }), submission(2, { selftext: 'examplide again', subreddit: 'OtherPlace' }), submission(3)];
    const { crawl, paths } = await start({ things });
    expect(idsOf(await crawl({ subreddit: 'ExamplePlace', search: 'examplide' }))).toEqual(['t3_s001']);
    expect(idsOf(await crawl({ search: 'examplide' }))).toEqual(['t3_s002', 't3_s001']);
    expect(paths()[0]).toContain('restrict_sr=true');
    expect(paths()[1]).not.toContain('restrict_sr');
  });
});

describe('comments', () => {
  it('reads each submission’s comments as one resumable step', async () => {
    const things = [1, 2, 3].flatMap((n) => [submission(n, { num_comments: 2 }), comment(n * 10, place(n)), comment(n * 10 + 1, place(n))]);
    const { crawl } = await start({ things });
    const query = { subreddit: 'ExamplePlace', comments: true };
    const pages = await crawl(query);
    expect(pages.map((page) => page.posts.length)).toEqual([3, 2, 2, 2]);
    expect(pages[1]?.posts[0]).toMatchObject({ title: 'Title 3', parentText: 'Text of submission 3', threadId: 't3_s003' });
    const some = await crawl(query, {}, 2);
    const rest = await crawl(query, cursorOf(some));
    expect(idsOf([...some, ...rest])).toEqual(idsOf(pages));
  });

  it('asks for the comments of a submission that does not say how many it has', async () => {
    const { crawl } = await start({ things: [submission(1, { num_comments: undefined }), comment(10, place(1)), submission(2, { num_comments: 0 })] });
    const pages = await crawl({ subreddit: 'ExamplePlace', comments: true });
    expect(pages.map((page) => page.posts.map((post) => post.nativeId))).toEqual([['t3_s002', 't3_s001'], ['t1_c00a']]);
  });

  it('asks again only for threads whose number of comments changed', async () => {
    const things = [submission(1, { num_comments: 1 }), comment(10, place(1)), submission(2, { num_comments: 1 }), comment(20, place(2))];
    const { crawl, standIn, paths } = await start({ things });
    const first = await crawl({ subreddit: 'ExamplePlace', comments: true });
    standIn.setWorld({ things: [...things.slice(1), submission(1, { num_comments: 2 }), comment(11, place(1))] });
    const asked = paths().length;
    const second = await crawl({ subreddit: 'ExamplePlace', comments: true }, cursorOf(first));
    expect(
      paths()
        .slice(asked)
        .map((path) => path.split('?')[0]),
    ).toEqual(['/r/ExamplePlace/new', '/comments/s001']);
    expect(idsOf(second)).toContain('t1_c00b');
  });

  it('counts a thread that is gone and reads the next', async () => {
    const things = [submission(1, { num_comments: 1 }), comment(10, place(1)), submission(2, { num_comments: 1 })];
    const { crawl, standIn } = await start({ things });
    const listed = await crawl({ subreddit: 'ExamplePlace', comments: true }, {}, 1);
    standIn.setWorld({ things: things.slice(0, 2) });
    const rest = await crawl({ subreddit: 'ExamplePlace', comments: true }, cursorOf(listed));
    expect(rest[0]?.refusals).toMatchObject([{ code: 'reddit_not_found', item: 't3_s002' }]);
    expect(idsOf(rest)).toEqual(['t1_c00a']);
  });
});

describe('recheck', () => {
  const things = [
    submission(1),
    shellOf(submission(2), 'deleted'),
    shellOf(submission(3), 'moderator'),
    shellOf(submission(4), 'account'),
    comment(5, place(1)),
    shellOf(comment(6, place(1)), 'deleted'),
    shellOf(comment(7, place(1)), 'moderator'),
  ];

  it('follows the truth table; purged items are missing, foreign ids unknown, and what lost its account says so', async () => {
    const { context } = await start({ things });
    const outcomes = await redditSource.recheck(
      ['t3_s001', 't3_s002', 't3_s003', 't3_s004', 't1_c005', 't1_c006', 't1_c007', 't3_zzz', 'https://example.org/'],
      context,
    );
    expect(Object.fromEntries(outcomes)).toEqual({
      t3_s001: 'live',
      t3_s002: 'deleted',
      t3_s003: 'removed',
      t3_s004: 'orphaned',
      t1_c005: 'live',
      t1_c006: 'deleted',
      t1_c007: 'removed',
      t3_zzz: 'missing',
      'https://example.org/': 'unknown',
    });
  });

  it('asks for 100 at a time', async () => {
    const { context, paths } = await start({ things: many(1, 250) });
    const ids = many(1, 250).map((thing) => String(thing.data['name']));
    const outcomes = await redditSource.recheck(ids, context);
    expect(paths()).toHaveLength(3);
    expect([...outcomes.values()].every((outcome) => outcome === 'live')).toBe(true);
  });

  const answer = (children: unknown[]) => JSON.stringify({ kind: 'Listing', data: { after: null, dist: children.length, children, before: null } });
  it.each([
    ['nothing at all', answer([])],
    ['an item that cannot be read', answer([submission(1), { kind: 't3', data: {} }])],
    ['an item that was not asked for', answer([submission(1), submission(9)])],
    ['no listing', '{"message":"odd"}'],
  ])('erases nothing on an answer with %s', async (_name, body) => {
    const { context } = await start(
      { things },
      {
        fault: (request) => (request.path.startsWith('/api/info') ? { status: 200, headers: { 'content-type': 'application/json' }, body } : undefined),
      },
    );
    const outcomes = await redditSource.recheck(['t3_s001', 't3_s002'], context);
    expect(outcomes.get('t3_s002')).toBe('unknown');
  });
});

describe('query', () => {
  it.each([
    [{}],
    [{ subreddit: 'r/Nootropics' }],
    [{ subreddit: 'a' }],
    [{ subreddit: '../x' }],
    [{ subreddit: 'Ok', listing: 'best' }],
    [{ subreddit: 'Ok', extra: 1 }],
    [{ search: ' ' }],
    [{ search: 'x', listing: 'top' }],
  ])('refuses %j', (query) => {
    expect(redditQuerySchema.safeParse(query).success).toBe(false);
  });
});
