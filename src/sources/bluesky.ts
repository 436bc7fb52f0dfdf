/**
 * Bluesky: the posts a search finds, newest first, and re-checks of known posts. Logged in it pages by Bluesky's cursor, logged out by time.
 * Spec: docs/sources/bluesky.md. Proved by test/unit/sources/bluesky*.test.ts against the stand-in (src/demo/standins/bluesky.ts).
 */
import type { IncomingPost } from '../model/post.ts';
import { type BlueskyCursor, type BlueskyRun, NEW_RUN, readCursor, writeCursor } from './bluesky/cursor.ts';
import { mapPostView } from './bluesky/map-post.ts';
import { type BlueskyQuery, blueskyQuerySchema } from './bluesky/query.ts';
import { recheckBluesky } from './bluesky/recheck.ts';
import { searchPage } from './bluesky/search.ts';
import { freshOf, newestOf, nextPlace } from './bluesky/walk.ts';
import { captureOf } from './capture.ts';
import type { CrawlPage, Refusal, Source, SourceContext } from './source.ts';

export const blueskySource: Source<BlueskyQuery> = {
  name: 'bluesky',
  queue: 'bluesky',
  platforms: ['bluesky'],
  description: {
    collects: 'Posts and replies that a search finds: their texts, without pictures, cards and quoted posts.',
    limits: '3,000 requests per five minutes and address. Logged out, Bluesky gives first pages only and at times none; the search is then walked by time.',
    caveats:
      'Bluesky’s search is made for people and promises no completeness; posts dated back by more than a day are not found by later runs. A post’s address holds its writer’s DID. Who asks not to be shown to logged-out people is not collected.',
    keep: 'Text, time, address; the writer’s DID as a keyed hash; the raw answer as a capture.',
    deletion:
      'Asked daily by address, 25 per call, logged out; what is not there is withheld at once, and erased when three looks over three days have not found it. Bluesky does not tell a deleted post from a closed account.',
    public: 'summary',
    recheck: {
      everyHours: 24,
      missing: { looks: 3, days: 3 },
      gone: { looks: 2, days: 1 },
      because: 'deletions are part of the network’s record; no time is demanded',
    },
    credentials: [
      { env: 'BLUESKY_IDENTIFIER', required: false, how: 'handle or DID of an account; without it the search is read logged out' },
      { env: 'BLUESKY_APP_PASSWORD', required: false, how: 'app password of that account: https://bsky.app/settings/app-passwords' },
      { env: 'BLUESKY_PDS', required: false, how: 'https:// and host of the account’s server; default https://bsky.social' },
    ],
  },
  querySchema: blueskyQuerySchema,
  crawl: ({ query, cursor }, context) => crawlBluesky(query, readCursor(cursor), context),
  estimate: ({ query, cursor }) => ({ least: 1, most: query.max_pages - (readCursor(cursor).run?.pages ?? 0) + 2, itemsPerRequest: 100 }),
  recheck: recheckBluesky,
};

async function* crawlBluesky(query: BlueskyQuery, cursor: BlueskyCursor, context: SourceContext): AsyncGenerator<CrawlPage> {
  const { since } = cursor;
  let run: BlueskyRun = cursor.run ?? NEW_RUN;
  for (;;) {
    const page = await searchPage(context, { query, since, run });
    if (page === 'token_refused') {
      const { token: _token, base: _base, ...byTime } = run;
      run = byTime;
      continue;
    }
    const capture = captureOf(page.response);
    const items = page.posts.map((view) => mapPostView(view, { observedAt: page.response.fetchedAt, captureDigest: capture.digest }));
    const fresh = freshOf(run, items);
    const posts = fresh.flatMap(({ post }): IncomingPost[] => (post === undefined ? [] : [post]));
    const refusals = fresh.flatMap(({ refusal }): Refusal[] => (refusal === undefined ? [] : [refusal]));
    const { next, crowded } = nextPlace(run, { items, cursor: page.cursor, byToken: page.byToken });
    if (crowded)
      refusals.push({ code: 'not_fetched', detail: 'more posts of one moment than a page holds', ...(next?.until === undefined ? {} : { item: next.until }) });
    const through = newestOf(run, items) ?? since;
    // The newest that was read is where the next run begins, but only once everything older is read as well.
    const full = next !== undefined && next.pages >= query.max_pages;
    const place = next === undefined ? { since: through, run: undefined } : { since, run: full ? { ...next, pages: 0 } : next };
    yield { captures: [capture], posts, refusals, cursor: writeCursor(place), ...(next === undefined ? { ended: 'end' as const } : {}) };
    if (next === undefined || full) return;
    run = next;
  }
}
