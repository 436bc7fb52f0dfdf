/** Reddit, X, Bluesky and YouTube in the simulated hour. Small pages, so that every crawl has several. */
import { startBlueskyStandIn } from '../../../src/demo/standins/bluesky.ts';
import { startRedditStandIn, type Thing } from '../../../src/demo/standins/reddit.ts';
import { startXStandIn } from '../../../src/demo/standins/x.ts';
import { startYoutubeStandIn } from '../../../src/demo/standins/youtube.ts';
import { uriOf, view } from '../../fixtures/bluesky/posts.ts';
import { comment, submission } from '../../fixtures/reddit/things.ts';
import { comment as videoComment, commentId, reply, videoId } from '../../fixtures/youtube/comments.ts';
import { isoOf, isThere, type Item, makeItems, textAt } from './item.ts';
import type { Random } from './random.ts';
import { running, type SimulatedWorld } from './world.ts';

interface Subreddit {
  readonly query: object;
  readonly items: readonly Item[];
  readonly things: (minute: number) => readonly Thing[];
}

/** Submissions, and comments under some of the newest; `first`: its numbers among all of Reddit's. */
function subreddit(random: Random, place: { readonly name: string; readonly query: object; readonly kept: number; readonly first: number }): Subreddit {
  const { name, query, kept, first } = place;
  const nameOf = (n: number): string => String(submission(first + n).data['name']);
  const commentName = (n: number): string => String(comment(first + n, { link: '', parent: '' }).data['name']);
  // A listing gives its newest hundred at every visit: a change of an older one is met by no crawl.
  const submissions = makeItems(random, { kept, fresh: 10, idOf: nameOf, edited: 0.2, editsFrom: kept - 60, deleted: 0.05 });
  const discussed = submissions.filter(({ n, since, gone }) => n > kept - 12 && since < 0 && gone === undefined);
  const comments = makeItems(random, { kept: 12, fresh: 8, idOf: commentName, apartMin: 1 });
  const linkOf = ({ n }: Item): string => (discussed[n % 4] as Item).nativeId;
  return {
    query,
    items: [...submissions, ...comments],
    things(minute) {
      const said = comments.filter((item) => isThere(item, minute));
      const written = (item: Item) => ({ subreddit: name, created_utc: item.writtenMs / 1000 });
      return [
        ...submissions
          .filter((item) => isThere(item, minute))
          .map((item) => {
            const replies = said.filter((one) => linkOf(one) === item.nativeId).length;
            return submission(first + item.n, { ...written(item), selftext: textAt(item, minute), num_comments: replies });
          }),
        ...said.map((item) => comment(first + item.n, { link: linkOf(item), parent: linkOf(item) }, { ...written(item), body: textAt(item, minute) })),
      ];
    },
  };
}

export function reddit(random: Random): SimulatedWorld {
  const places = [
    subreddit(random, { name: 'Semax', query: { subreddit: 'Semax', comments: true }, kept: 105, first: 0 }),
    subreddit(random, { name: 'Nootropics', query: { subreddit: 'Nootropics', search: 'examplide', comments: true }, kept: 20, first: 1_000 }),
  ];
  const render = (minute: number) => ({ things: places.flatMap(({ things }) => things(minute)) });
  return {
    platform: 'reddit',
    communities: places.map(({ query }) => ({ source: 'reddit', query })),
    credentials: { REDDIT_CLIENT_ID: 'made-up', REDDIT_CLIENT_SECRET: 'made-up', REDDIT_USER_AGENT: 'linux:made-up:1 (by /u/example)' },
    items: places.flatMap(({ items }) => items),
    start: async (clock) => running(await startRedditStandIn(render(0), { treeSize: 3, treeDepth: 3, moreChildrenPerCall: 5, now: clock.now }), render),
  };
}

/** Milliseconds of an X id begin here. */
const SNOWFLAKE_MS = 1_288_834_974_657;

export function xSearch(random: Random): SimulatedWorld {
  const idOf = (n: number, writtenMs: number): string => String((BigInt(writtenMs - SNOWFLAKE_MS) << 22n) + BigInt(n));
  const items = makeItems(random, { kept: 34, fresh: 14, idOf, deleted: 0.1 });
  const render = (minute: number) => ({
    posts: items
      .filter((item) => isThere(item, minute))
      .map((item) => ({
        id: item.nativeId,
        text: textAt(item, minute),
        created_at: isoOf(item.writtenMs),
        lang: 'en',
        conversation_id: item.nativeId,
        edit_history_tweet_ids: [item.nativeId],
      })),
  });
  return {
    platform: 'x',
    communities: [{ source: 'x', query: { search: 'examplide' } }],
    credentials: { X_BEARER_TOKEN: 'made-up' },
    items,
    start: async (clock, skewOf) =>
      running(await startXStandIn(render(0), { pageSize: 7, rateLimit: 10_000, now: () => new Date(clock.ms() + skewOf('api.x.com')) }), render),
  };
}

export function blueskySearch(random: Random): SimulatedWorld {
  const items = makeItems(random, { kept: 22, fresh: 12, idOf: uriOf, deleted: 0.1 });
  const render = (minute: number) => ({
    posts: items
      .filter((item) => isThere(item, minute))
      .map((item) => view(item.n, { indexedAt: isoOf(item.writtenMs), record: { text: textAt(item, minute), createdAt: isoOf(item.writtenMs) } })),
  });
  return {
    platform: 'bluesky',
    communities: [{ source: 'bluesky', query: { search: 'examplide' } }],
    credentials: { BLUESKY_IDENTIFIER: 'operator.example', BLUESKY_APP_PASSWORD: 'made-up' },
    items,
    start: async () => running(await startBlueskyStandIn(render(0), { pageSize: 7, tokenUses: 40 }), render),
  };
}

/** Comments under two videos; every third one answers the one before it. */
export function videos(random: Random): SimulatedWorld {
  const isReply = (n: number): boolean => n % 3 === 0;
  const idOf = (n: number): string => (isReply(n) ? commentId(n - 1, n) : commentId(n));
  const made = makeItems(random, { kept: 20, fresh: 10, idOf, edited: 0.2, deleted: 0.1 });
  // A thread goes with its replies: here only those without any go.
  const items = made.map(({ gone, ...item }) => (gone === undefined || item.n % 3 === 2 ? item : { ...item, gone }));
  const render = (minute: number) => ({
    videos: [1, 2].map((n) => ({ id: videoId(n), title: `Examplide, part ${n}` })),
    comments: items
      .filter((item) => isThere(item, minute))
      .map((item) => {
        const said = { textDisplay: textAt(item, minute), videoId: videoId(item.n % 6 > 3 ? 2 : 1), publishedAt: isoOf(item.writtenMs) };
        return isReply(item.n) ? reply(item.n - 1, item.n, { ...said, videoId: videoId((item.n - 1) % 6 > 3 ? 2 : 1) }) : videoComment(item.n, said);
      }),
  });
  return {
    platform: 'youtube',
    communities: [{ source: 'youtube', query: { videos: [videoId(1), videoId(2)] } }],
    credentials: { YOUTUBE_API_KEY: 'made-up' },
    items,
    start: async () => running(await startYoutubeStandIn(render(0), { pageSize: 4, inlineReplies: 0 }), render),
  };
}
