/**
 * Stand-in for api.x.com: recent and full-archive search, post lookup, over a world of API v2 post objects. It
 * behaves as docs/sources/x.md says X does: default fields only unless more are asked for, long texts cut, paging
 * tokens, partial errors, rate-limit headers. Proved by test/unit/sources/x.test.ts.
 */
import { jsonAnswer, type StandInAnswer, startLoopback } from './loopback.ts';
import type { StandIn, StandInOptions, StandInRequest } from './stand-in.ts';
import { type ComplianceOptions, createComplianceJobs, TRANSFER_HOST } from './x-compliance.ts';
import { matchesSearch } from './x-search.ts';

/** An API v2 post object; `deleted`, `protected` and `compliance` are the world's own and are never sent. */
interface XWorldPost extends Readonly<Record<string, unknown>> {
  readonly deleted?: boolean;
  readonly protected?: boolean;
  /** Reason that a compliance job gives, beside or instead of the two above: `suspended`, `scrub_geo`. */
  readonly compliance?: string;
}

export interface XWorld {
  readonly posts: readonly object[];
}

export interface XStandInOptions extends StandInOptions {
  /** Default: one minute after the newest post, so that a made-up world stays within the seven days it spans. */
  readonly now?: () => Date;
  /** Token that is accepted; default: any. */
  readonly token?: string;
  /** Spelling of fields in answers; default `tweet`. */
  readonly fieldNames?: 'tweet' | 'post';
  /** Requests per 15 minutes; default 450. */
  readonly rateLimit?: number;
  /** Posts per page, at most what is asked for; default: what is asked for. */
  readonly pageSize?: number;
  readonly compliance?: ComplianceOptions;
}

const DAY_MS = 86_400_000;
const SHORT_LENGTH = 280;
const PROBLEMS = 'https://api.x.com/2/problems';

export async function startXStandIn(world: XWorld, options: XStandInOptions = {}): Promise<StandIn & { setWorld(world: XWorld): void }> {
  let posts = [...world.posts] as XWorldPost[];
  const spelling = options.fieldNames ?? 'tweet';
  let used = 0;

  const now = () => options.now?.() ?? new Date(Math.max(0, ...posts.map((post) => Date.parse(String(post['created_at'])) || 0)) + 60_000);

  const jobs = createComplianceJobs({ now, reasonOf: (id) => reasonOf(posts.find((post) => post['id'] === id)), ...options.compliance });

  function answer(request: StandInRequest): StandInAnswer {
    // The addresses of transfers carry their own right.
    if (request.host === TRANSFER_HOST) return jobs.transfer(request);
    const [scheme, token] = (request.headers['authorization'] ?? '').split(' ');
    if (scheme !== 'Bearer' || !token || (options.token !== undefined && token !== options.token)) {
      return problem(401, { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' });
    }
    const limit = options.rateLimit ?? 450;
    const reset = String(Math.floor(now().getTime() / 1000) + 900);
    if (used >= limit)
      return problem(429, { title: 'Too Many Requests', type: 'about:blank', status: 429, detail: 'Too Many Requests' }, rateHeaders(limit, 0, reset));
    used += 1;
    const url = new URL(request.path, 'https://api.x.com');
    const headers = rateHeaders(limit, limit - used, reset);
    if (url.pathname === '/2/tweets/search/recent') return withHeaders(search(url.searchParams, { archive: false, most: 100, least: 10 }), headers);
    if (url.pathname === '/2/tweets/search/all') return withHeaders(search(url.searchParams, { archive: true, most: 500, least: 10 }), headers);
    if (url.pathname === '/2/compliance/jobs' || url.pathname.startsWith('/2/compliance/jobs/')) return withHeaders(jobs.answer(request), headers);
    if (url.pathname === '/2/tweets') return withHeaders(lookUp(url.searchParams), headers);
    return problem(404, { title: 'Not Found Error', type: `${PROBLEMS}/resource-not-found`, detail: 'No such endpoint' }, headers);
  }

  function search(params: URLSearchParams, kind: { readonly archive: boolean; readonly most: number; readonly least: number }): StandInAnswer {
    const query = params.get('query') ?? '';
    const size = Number(params.get('max_results') ?? '10');
    if (query === '' || query.length > (kind.archive ? 1024 : 512) || !(size >= kind.least && size <= kind.most)) return badRequest('query or max_results');
    const sinceId = params.get('since_id');
    const earliestMs = kind.archive ? Date.parse(params.get('start_time') ?? '') || now().getTime() - 30 * DAY_MS : now().getTime() - 7 * DAY_MS;
    if (!kind.archive && sinceId !== null && timeOfId(sinceId) < earliestMs) return badRequest("'since_id' must be a post id created after seven days ago");
    const found = posts
      .filter((post) => post.deleted !== true && post.protected !== true && matchesSearch(query, post))
      .filter((post) => (sinceId === null ? !(Date.parse(String(post['created_at'])) < earliestMs) : idOf(post) > BigInt(sinceId)))
      .sort((a, b) => (idOf(a) < idOf(b) ? 1 : -1));
    // A token stands for a place among the posts, not for a number of them: what comes or goes above it moves nothing.
    const after = /^after-(\d+)$/.exec(params.get('next_token') ?? '')?.[1];
    const rest = after === undefined ? found : found.filter((post) => idOf(post) < BigInt(after));
    const page = rest.slice(0, Math.min(size, options.pageSize ?? size));
    if (page.length === 0) return jsonAnswer(200, { meta: { result_count: 0 } });
    return jsonAnswer(200, {
      data: page.map((post) => project(post, params)),
      meta: {
        newest_id: page[0]?.['id'],
        oldest_id: page.at(-1)?.['id'],
        result_count: page.length,
        ...(page.length < rest.length ? { next_token: `after-${String(page.at(-1)?.['id'])}` } : {}),
      },
    });
  }

  function lookUp(params: URLSearchParams): StandInAnswer {
    const ids = (params.get('ids') ?? '').split(',').filter((id) => id !== '');
    if (ids.length === 0 || ids.length > 100 || ids.some((id) => !/^\d{1,19}$/.test(id))) return badRequest('ids');
    const found: unknown[] = [];
    const errors: unknown[] = [];
    for (const id of ids) {
      const post = posts.find((candidate) => candidate['id'] === id);
      const about = { value: id, resource_id: id, resource_type: 'tweet', parameter: 'ids' };
      if (post === undefined || post.deleted === true) {
        errors.push({
          ...about,
          title: 'Not Found Error',
          detail: `Could not find tweet with ids: [${id}].`,
          type: `${PROBLEMS}/resource-not-found`,
        });
      } else if (post.protected === true) {
        errors.push({
          ...about,
          title: 'Authorization Error',
          detail: `Sorry, you are not authorized to see the Tweet with ids: [${id}].`,
          type: `${PROBLEMS}/not-authorized-for-resource`,
        });
      } else found.push(project(post, params));
    }
    return jsonAnswer(200, { ...(found.length === 0 ? {} : { data: found }), ...(errors.length === 0 ? {} : { errors }) });
  }

  /** id, text and edit history; the rest when asked for, under either name of the parameter. */
  function project(post: XWorldPost, params: URLSearchParams): Record<string, unknown> {
    const asked = new Set(
      [...(params.get('tweet.fields') ?? '').split(','), ...(params.get('post.fields') ?? '').split(',')].map((name) =>
        name.replace('_post', '_tweet').replace('posts', 'tweets'),
      ),
    );
    const text = String(post['text'] ?? '');
    const long = post['note_tweet'] !== undefined || text.length > SHORT_LENGTH;
    const fields: Record<string, unknown> = {
      id: post['id'],
      text: long ? `${text.slice(0, SHORT_LENGTH - 1)}…` : text,
      [spelling === 'post' ? 'edit_history_post_ids' : 'edit_history_tweet_ids']: post['edit_history_tweet_ids'] ?? [post['id']],
    };
    for (const [name, value] of Object.entries(post)) {
      if (!asked.has(name) || value === undefined || name === 'note_tweet' || name === 'edit_history_tweet_ids') continue;
      fields[spelling === 'post' ? name.replace('tweets', 'posts') : name] = value;
    }
    if (long && asked.has('note_tweet')) fields[spelling === 'post' ? 'note_post' : 'note_tweet'] = post['note_tweet'] ?? { text };
    return fields;
  }

  const standIn = await startLoopback({
    ...(options.fault === undefined ? {} : { fault: options.fault }),
    hosts: ['api.x.com', TRANSFER_HOST],
    handle: answer,
  });
  return {
    ...standIn,
    setWorld(next) {
      posts = [...next.posts] as XWorldPost[];
    },
  };
}

function reasonOf(post: XWorldPost | undefined): string | undefined {
  if (post === undefined || post.deleted === true) return 'deleted';
  return post.protected === true ? 'protected' : post.compliance;
}

/** Snowflake: milliseconds since 2010-11-04T01:42:54.657Z in the upper bits. */
function timeOfId(id: string): number {
  return Number((BigInt(id) >> 22n) + 1_288_834_974_657n);
}

function idOf(post: XWorldPost): bigint {
  const id = post['id'];
  return typeof id === 'string' && /^\d+$/.test(id) ? BigInt(id) : 0n;
}

function badRequest(what: string): StandInAnswer {
  return problem(400, {
    title: 'Invalid Request',
    type: `${PROBLEMS}/invalid-request`,
    detail: 'One or more parameters to your request was invalid.',
    errors: [{ message: what }],
  });
}

function problem(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): StandInAnswer {
  return jsonAnswer(status, body, { 'content-type': 'application/problem+json', ...headers });
}

function rateHeaders(limit: number, remaining: number, reset: string): Record<string, string> {
  return { 'x-rate-limit-limit': String(limit), 'x-rate-limit-remaining': String(remaining), 'x-rate-limit-reset': reset };
}

function withHeaders(answer: StandInAnswer, headers: Readonly<Record<string, string>>): StandInAnswer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}
