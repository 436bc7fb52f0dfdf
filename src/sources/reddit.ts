/**
 * Reddit: a subreddit's listing or a search, with comments to the last reply, and daily re-checks for deletion.
 * Spec: docs/sources/reddit.md. Proved by test/unit/sources/reddit*.test.ts against the stand-in
 * (src/demo/standins/reddit.ts) and against recorded traffic (test/unit/sources/reddit-recordings.test.ts).
 */
import { InvalidInputError, TransientError } from '../errors.ts';
import type { IncomingPost } from '../model/post.ts';
import { captureOf } from './capture.ts';
import { type CrawlState, isFinished, type RunState, readCursor, writeCursor } from './reddit/cursor.ts';
import { listingEnd } from './reddit/listing-end.ts';
import { mapThing } from './reddit/map-thing.ts';
import { type RedditPort, redditPortFor } from './reddit/port.ts';
import { isChronological, listingRequest, type RedditQuery, redditQuerySchema } from './reddit/query.ts';
import { type CommentsRead, readComments } from './reddit/read-comments.ts';
import { recheckReddit } from './reddit/recheck.ts';
import { listingSchema } from './reddit/things.ts';
import type { CrawlPage, Refusal, Source, SourceContext } from './source.ts';

export type { RedditQuery } from './reddit/query.ts';

const APPS = 'https://www.reddit.com/prefs/apps; new access needs Reddit’s approval first (Responsible Builder Policy)';

export const redditSource: Source<RedditQuery> = {
  name: 'reddit',
  queue: 'reddit',
  platforms: ['reddit'],
  description: {
    collects:
      'Submissions of a subreddit (new, hot, rising, top, controversial) or of a search, its newest comments, and on request every comment of each submission.',
    limits: 'Reddit lists about 1,000 items whatever the paging, searches submissions only, and allows 100 requests a minute per app: poll often.',
    caveats:
      'Votes are not read. The address a link post links to is in the capture only. A crosspost without own words carries the original’s text and author. Comments added to a submission that has left the newest pages are found through the `comments` listing.',
    keep: 'Text, title, address, time; the author as a keyed hash; the raw answer as a capture.',
    deletion:
      'Asked daily, 100 items per call, and on every visit; a deleted item is erased, a removed one withheld until it comes back or the re-check finds it deleted. One that Reddit no longer names is withheld, and erased when the next day’s look finds the same.',
    public: 'summary',
    recheck: {
      everyHours: 24,
      missing: { looks: 2, days: 1 },
      gone: { looks: 2, days: 1 },
      because: 'Reddit’s Data API wiki recommends to delete within 48 hours: a daily look leaves room for a failed one',
    },
    credentials: [
      { env: 'REDDIT_CLIENT_ID', required: true, how: `id of a script or web app: ${APPS}` },
      { env: 'REDDIT_CLIENT_SECRET', required: true, how: 'secret of the same app' },
      { env: 'REDDIT_USER_AGENT', required: true, how: 'as Reddit asks: <platform>:<app id>:<version> (by /u/<name>)' },
      { env: 'REDDIT_USERNAME', required: false, how: 'account of a script app; without it the app reads as itself' },
      { env: 'REDDIT_PASSWORD', required: false, how: 'password of that account' },
    ],
  },
  querySchema: redditQuerySchema,
  crawl: ({ query, cursor }, context) => crawlReddit({ query, state: readCursor(cursor), context }),
  // The token, then pages of 100 until Reddit's listing ends, at about 1,000; comments are as many as there are.
  estimate: ({ query }) => ({ least: 2, ...(query.comments ? {} : { most: 1 + (query.max_pages ?? 11) }), itemsPerRequest: 100 }),
  async recheck(nativeIds, context) {
    return recheckReddit(await redditPortFor(context), nativeIds, context.signal);
  },
};

/** One step per listing page and one per submission's comments; each carries the cursor to go on from. */
async function* crawlReddit(crawl: { readonly query: RedditQuery; readonly state: CrawlState; readonly context: SourceContext }): AsyncGenerator<CrawlPage> {
  const { query, context } = crawl;
  const port = await redditPortFor(context);
  let state = crawl.state;
  do {
    const [next] = state.run.pending;
    const step =
      next === undefined
        ? await readListingPage({ port, query, state, context })
        : { ...(await readThread({ port, submissionId: next, context })), run: { ...state.run, pending: state.run.pending.slice(1) } };
    state = { seen: state.seen, run: step.run };
    const { ended, oldest } = state.run;
    yield {
      captures: step.captures,
      posts: step.posts,
      refusals: step.refusals,
      cursor: writeCursor(state),
      // Listings in another order than time cover no time.
      ...(isFinished(state.run) && isChronological(query) && ended ? { ended, ...(oldest === undefined ? {} : { oldestAt: oldest }) } : {}),
    };
  } while (!isFinished(state.run));
}

/** A submission that has become unreachable meanwhile is counted, and the others are still read. */
async function readThread(request: { readonly port: RedditPort; readonly submissionId: string; readonly context: SourceContext }): Promise<CommentsRead> {
  try {
    return await readComments({ port: request.port, submissionId: request.submissionId, signal: request.context.signal });
  } catch (error) {
    if (!(error instanceof InvalidInputError) || error.code === 'reddit_unauthorized') throw error;
    return {
      captures: [],
      posts: [],
      refusals: [{ code: error.code, detail: error.message.slice(0, 120), item: `t3_${request.submissionId}` }],
    };
  }
}

async function readListingPage(request: {
  readonly port: RedditPort;
  readonly query: RedditQuery;
  readonly state: CrawlState;
  readonly context: SourceContext;
}): Promise<CommentsRead & { readonly run: RunState }> {
  const { port, query, context } = request;
  const { seen, run } = request.state;
  const where = query.subreddit === undefined ? 'search' : `r/${query.subreddit}`;
  const answer = await port.get({ ...listingRequest(query, run.after), what: where, signal: context.signal });
  const listing = listingSchema.safeParse(answer.json);
  // At the end of a listing `after` is null; without it nobody knows where the listing ends.
  if (!listing.success || listing.data.data.after === undefined)
    throw new TransientError('reddit_unexpected_answer', `The answer for ${where} is not a listing.`);
  const capture = captureOf(answer.response);
  const { after, children } = listing.data.data;

  const known = new Map(seen);
  const inRun = new Set(run.fresh.map(([name]) => name));
  const posts: IncomingPost[] = [];
  const refusals: Refusal[] = [];
  const fresh = [...run.fresh];
  const pending: string[] = [];
  let metKnown = false;
  for (const child of children) {
    const mapped = mapThing(child, { observedAt: answer.response.fetchedAt, captureDigest: capture.digest });
    if ('refusal' in mapped) refusals.push(mapped.refusal);
    if (!('post' in mapped) || mapped.post.nativeId === undefined) continue;
    const name = mapped.post.nativeId;
    metKnown ||= known.has(name);
    if (inRun.has(name)) continue;
    inRun.add(name);
    posts.push(mapped.post);
    // A submission that does not say how many comments it has may have some.
    const comments = mapped.submission?.num_comments;
    fresh.push([name, comments ?? 0]);
    if (query.comments && mapped.submission !== undefined && comments !== 0 && (comments === undefined || known.get(name) !== comments))
      pending.push(name.slice(3));
  }

  const pages = run.pages + 1;
  const oldest = [run.oldest, ...posts.map(({ createdAt }) => createdAt)].filter((time) => time !== undefined).sort()[0];
  const base = { pages, fresh, pending, ...(oldest === undefined ? {} : { oldest }) };
  const step = { captures: [capture], posts, refusals };
  // The anchor of this page may have been deleted since: then Reddit answers with nothing. Ask once more from the item before it.
  if (children.length === 0 && run.before_after !== undefined) return { ...step, run: { ...base, after: run.before_after, listed: false } };
  const cameFurther = posts.length > 0 || refusals.length > 0 || run.pages === 0;
  const ended = listingEnd({ query, pages, items: fresh.length, metKnown, hasNext: Boolean(after), cameFurther: cameFurther && after !== run.after });
  if (!after || ended) return { ...step, run: { ...base, listed: true, ...(ended ? { ended } : {}) } };
  const beforeLast = fresh.at(-2)?.[0];
  return { ...step, run: { ...base, after, listed: false, ...(beforeLast === undefined ? {} : { before_after: beforeLast }) } };
}
