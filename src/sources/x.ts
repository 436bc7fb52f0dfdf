/**
 * X (API v2): a search over the last seven days or the archive, and re-checks of known posts. Nothing that tells who
 * wrote a post is asked for, and what comes anyway is dropped before anything is stored: X forbids to derive health
 * information about a user. Spec: docs/sources/x.md. Proved by test/unit/sources/x*.test.ts against the stand-in
 * (src/demo/standins/x.ts) and recorded traffic.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInputError } from '../errors.ts';
import type { HttpResponse } from '../fetch/http.ts';
import type { IncomingPost } from '../model/post.ts';
import { captureOf } from './capture.ts';
import type { CrawlPage, RecheckOutcome, Refusal, Source, SourceContext } from './source.ts';
import { problemName, readAnswer, type XPost } from './x/answer.ts';
import { readCursor, usableSinceId, type XCursor } from './x/cursor.ts';
import { mapXPost } from './x/map-post.ts';
import { searchRequest, type XQuery, xQuerySchema } from './x/query.ts';
import { redactResponse } from './x/redact-response.ts';

export type { XQuery } from './x/query.ts';

const BASE = 'https://api.x.com';
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
    deletion: 'Asked again by post id, 100 per call; deleted posts are erased, protected ones withheld.',
    public: 'id',
    credentials: [{ env: 'X_BEARER_TOKEN', required: true, how: 'app-only bearer token of an app at https://console.x.com' }],
  },
  querySchema: xQuerySchema,
  crawl: ({ query, cursor }, context) => crawlX({ query, cursor: readCursor(cursor), context }),
  recheck: recheckX,
};

async function* crawlX(crawl: { readonly query: XQuery; readonly cursor: XCursor; readonly context: SourceContext }): AsyncGenerator<CrawlPage> {
  const { query, context } = crawl;
  // The same since_id while paging; the next run's comes from the first page, which has the newest.
  const since = crawl.cursor.since_id;
  let run = crawl.cursor.run;
  for (;;) {
    const request = searchRequest(query, {
      since_id: usableSinceId(since, { archive: query.archive, now: context.now() }),
      next_token: run?.next_token,
    });
    const response = await askX(context, request);
    const answer = readAnswer(response, { now: context.now, what: 'search' });
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
    const capture = captureOf(redactResponse(response, answer, kept));
    const newest = run === undefined ? answer.meta.newest_id : run.newest_id;
    const pages = (run?.pages ?? 0) + 1;
    const next = answer.meta.next_token;
    const goesOn = next !== undefined && next !== run?.next_token && pages < (query.max_pages ?? 1000);
    run = goesOn ? { next_token: next, pages, ...(newest === undefined ? {} : { newest_id: newest }) } : undefined;
    const sinceId = goesOn ? since : (newest ?? since);
    yield {
      captures: [capture],
      posts: posts.map((post) => ({ ...post, captureDigest: capture.digest })),
      refusals,
      cursor: { ...(sinceId === undefined ? {} : { since_id: sinceId }), ...(run === undefined ? {} : { run }) },
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
    const answer = readAnswer(response, { now: context.now, what: 'presence of known posts' });
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

function askX(context: SourceContext, request: { readonly path: string; readonly params: Readonly<Record<string, string>> }): Promise<HttpResponse> {
  const token = context.credentials['X_BEARER_TOKEN'];
  if (!token) throw new InvalidInputError('missing_credentials', 'X needs X_BEARER_TOKEN (docs/sources/x.md says how to get it).');
  const url = new URL(request.path, BASE);
  for (const [name, value] of Object.entries(request.params)) url.searchParams.set(name, value);
  return context.http.fetch({
    url: url.href,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
}
