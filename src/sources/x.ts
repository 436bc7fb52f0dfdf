/**
 * X (API v2): a search over the last seven days or the archive, and re-checks of known posts. Nothing that tells who
 * wrote a post is asked for, and what comes anyway is dropped before anything is stored: X forbids to derive health
 * information about a user. Spec: docs/sources/x.md. Proved by test/unit/sources/x*.test.ts against the stand-in
 * (src/demo/standins/x.ts) and recorded traffic.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimitedError, TransientError } from '../errors.ts';
import type { HttpResponse } from '../fetch/http.ts';
import type { IncomingPost } from '../model/post.ts';
import { captureOf } from './capture.ts';
import type { CrawlPage, RecheckOutcome, Refusal, Source, SourceContext } from './source.ts';
import { problemName, readAnswer, type XAnswer, type XPost } from './x/answer.ts';
import { askX } from './x/ask.ts';
import { xBilling } from './x/billing.ts';
import { capError, readResetMs, USAGE_REQUEST } from './x/cap.ts';
import { xCompliance } from './x/compliance.ts';
import { readCursor, usableSinceId, type XCursor } from './x/cursor.ts';
import { searchEnd } from './x/listing-end.ts';
import { mapXPost } from './x/map-post.ts';
import { pageSizeOf, searchRequest, type XQuery, xQuerySchema } from './x/query.ts';
import { redactResponse } from './x/redact-response.ts';

export type { XQuery } from './x/query.ts';

/** The archive allows one request per second. */
const ARCHIVE_PAUSE_MS = 1_100;
const IDS_PER_CALL = 100;

export const xSource: Source<XQuery> = {
  name: 'x',
  queue: 'x',
  platforms: ['x'],
  description: {
    collects: 'Posts of one search, of the last seven days or of the archive. Retweets are left out.',
    limits: 'Seven days back unless the archive is open to the token; 450 requests per 15 minutes; every post read is billed.',
    caveats: 'No author is known, so one person’s repeats cannot be told apart. Handles in texts read “@user”. Searches that name a person are refused.',
    keep: 'Text with handles stripped, address by post id, time. No user id, handle or profile, also not in captures.',
    deletion:
      'Asked again daily by post id, 100 per call, or all at once by a compliance job; deleted posts are erased, those of protected, suspended or deactivated accounts withheld. A look-up costs what a read costs.',
    public: 'id',
    recheck: {
      everyHours: 24,
      missing: { looks: 2, days: 1 },
      gone: { looks: 2, days: 1 },
      because: 'X’s policy: what is kept is kept up to date with X; its agreement: within 24 hours of a written request',
    },
    credentials: [
      { env: 'X_BEARER_TOKEN', required: true, how: 'app-only bearer token of an app at https://console.x.com' },
      {
        env: 'X_COMPLIANCE_FROM',
        required: false,
        how: 'number of kept posts from which re-checks go through batch compliance jobs, where the access level has them',
      },
    ],
  },
  querySchema: xQuerySchema,
  crawl: ({ query, cursor }, context) => crawlX({ query, cursor: readCursor(cursor), context }),
  estimate: ({ query, cursor }) => ({
    least: 1,
    ...(query.max_pages === undefined ? {} : { most: Math.max(1, query.max_pages - (readCursor(cursor).run?.pages ?? 0)) }),
    itemsPerRequest: pageSizeOf(query),
  }),
  billing: xBilling,
  recheck: recheckX,
  bulkRecheck: xCompliance,
};

async function* crawlX(crawl: { readonly query: XQuery; readonly cursor: XCursor; readonly context: SourceContext }): AsyncGenerator<CrawlPage> {
  const { query, context } = crawl;
  // The same since_id while paging; the next run's comes from the first page, which has the newest.
  const since = crawl.cursor.since_id;
  let run = crawl.cursor.run;
  for (;;) {
    const askedSince = usableSinceId(since, { archive: query.archive, now: context.now() });
    const request = searchRequest(query, {
      since_id: askedSince,
      next_token: run?.next_token,
    });
    const response = await askX(context, request);
    const answer = await answerOf(response, { context, what: 'search' });
    // A search without posts says that it found none, or why; what says neither has its posts in a place unknown to us.
    if (answer.data.length === 0 && answer.errors.length === 0 && answer.meta.result_count !== 0)
      throw new TransientError('x_unexpected_answer', 'X answered search with neither posts nor their number.');
    const posts: IncomingPost[] = [];
    const refusals: Refusal[] = [];
    const kept: XPost[] = [];
    for (const item of answer.data) {
      const mapped = mapXPost(item, { observedAt: response.fetchedAt });
      if (mapped.kept !== undefined) kept.push(mapped.kept);
      if ('post' in mapped) posts.push(mapped.post);
      else refusals.push(mapped.refusal);
    }
    for (const problem of answer.errors) {
      const item = problem.resource_type === 'user' ? undefined : problem.resource_id;
      refusals.push({
        code: 'partial_error',
        detail: (problem.title ?? problemName(problem.type ?? 'unknown')).slice(0, 120),
        ...(item === undefined ? {} : { item }),
      });
    }
    const missing = (answer.meta.result_count ?? 0) - answer.data.length;
    if (missing > 0) refusals.push({ code: 'missing_from_answer', detail: `${missing} of ${answer.meta.result_count} posts were not given` });
    const capture = captureOf(redactResponse(response, answer, kept));
    const newest = run === undefined ? answer.meta.newest_id : run.newest_id;
    const pages = (run?.pages ?? 0) + 1;
    const next = answer.meta.next_token;
    const isLastOfBudget = pages >= (query.max_pages ?? 1000);
    const goesOn = next !== undefined && next !== run?.next_token && !isLastOfBudget;
    run = goesOn ? { next_token: next, pages, ...(newest === undefined ? {} : { newest_id: newest }) } : undefined;
    const sinceId = goesOn ? since : (newest ?? since);
    yield {
      captures: [capture],
      posts: posts.map((post) => ({ ...post, captureDigest: capture.digest })),
      refusals,
      cursor: { ...(sinceId === undefined ? {} : { since_id: sinceId }), ...(run === undefined ? {} : { run }) },
      ...(goesOn
        ? {}
        : searchEnd(query, { sinceId: askedSince, oldestId: answer.meta.oldest_id, hasNext: next !== undefined, isLastOfBudget, now: context.now() })),
    };
    if (!goesOn) return;
    if (query.archive) await sleep(ARCHIVE_PAUSE_MS, undefined, context.signal === undefined ? {} : { signal: context.signal });
  }
}

/**
 * Post lookup by id. A post in `data` is live; a missing one has an entry in `errors` that says why: not found is
 * gone for good, not authorized is protected or suspended and may come back.
 */
async function recheckX(nativeIds: readonly string[], context: SourceContext): Promise<ReadonlyMap<string, RecheckOutcome>> {
  const outcomes = new Map<string, RecheckOutcome>(nativeIds.map((id) => [id, 'unknown']));
  const askable = [...outcomes.keys()].filter((id) => /^\d{1,19}$/.test(id));
  for (let at = 0; at < askable.length; at += IDS_PER_CALL) {
    const chunk = askable.slice(at, at + IDS_PER_CALL);
    const response = await askX(context, { path: '/2/tweets', params: { ids: chunk.join(',') } });
    const answer = await answerOf(response, { context, what: 'presence of known posts' });
    const note = (id: string | undefined, outcome: RecheckOutcome) => {
      if (id !== undefined && chunk.includes(id)) outcomes.set(id, outcome);
    };
    for (const problem of answer.errors) {
      const name = problemName(problem.type ?? '');
      if (name === 'resource-not-found') note(problem.resource_id, 'deleted');
      if (name === 'not-authorized-for-resource') note(problem.resource_id, 'removed');
    }
    for (const item of answer.data) {
      const mapped = mapXPost(item, { observedAt: response.fetchedAt });
      note(mapped.kept?.id, 'live');
    }
  }
  return outcomes;
}

/** At the cap, asks once when it is set back, so that nobody asks before; without an answer to that, in a day. */
async function answerOf(response: HttpResponse, asked: { readonly context: SourceContext; readonly what: string }): Promise<XAnswer> {
  const { context, what } = asked;
  try {
    return readAnswer(response, { what });
  } catch (error) {
    if (!(error instanceof RateLimitedError) || error.code !== 'usage_capped') throw error;
    const waitMs = await askX(context, USAGE_REQUEST).then(
      (usage) => readResetMs(usage, context.now()),
      () => undefined,
    );
    throw capError(what, waitMs);
  }
}
