/**
 * `hearsay crawl --dry-run`: what a run of a community would ask, and what it could cost, without asking anybody. The first request is the
 * source's own: it runs against a client that writes down what it is given and answers nothing. Proved by test/integration/dry-run.test.ts.
 */
import { describeError, TransientError } from '../errors.ts';
import type { HttpClient, HttpRequest } from '../fetch/http.ts';
import type { Budget } from '../model/topic.ts';
import { sourceNamed } from '../sources/list.ts';
import type { Estimate, Source } from '../sources/source.ts';
import { limitsOf } from './budget.ts';
import { type CommunityRow, sourceContext } from './crawl.ts';
import type { Hearsay } from './hearsay.ts';
import { describeStop, readStops } from './source-stop.ts';
import { type Limits, readUsed, type Used } from './spending.ts';

export interface DryRun {
  readonly topic: string;
  readonly source: string;
  readonly query: unknown;
  /** Absent where none would be made; `why` says so then. */
  readonly first?: { readonly method: string; readonly url: string };
  /** Why the run would fail or be skipped, as far as can be known. */
  readonly why?: { readonly code: string; readonly message: string };
  /** Requests of a run that finds as much as its budget allows. */
  readonly requests: { readonly least: number; readonly most?: number };
  readonly budget: Budget;
  readonly credentials: readonly { readonly env: string; readonly required: boolean; readonly set: boolean }[];
  /** In millionths of a dollar; absent where asking costs nothing. */
  readonly cost?: { readonly first: number; readonly most?: number; readonly left?: number; readonly spentThisMonth: number };
  /** Units of the platform's own daily quota. */
  readonly quota?: NonNullable<Estimate['quota']>;
  readonly requestsToday?: { readonly made: number; readonly limit: number };
}

export async function planCrawl(hearsay: Hearsay, community: CommunityRow): Promise<DryRun> {
  const source = sourceNamed(community.source);
  const { topic, query, budget } = community;
  const plan = { topic, source: community.source, query, budget };
  if (!source) return { ...plan, ...failure('unknown_source', `there is no source named ${community.source}`), requests: { least: 0 }, credentials: [] };
  const credentials = source.description.credentials.map(({ env, required }) => ({ env, required, set: Boolean(hearsay.credentials[env]) }));
  const parsed = source.querySchema.safeParse(query);
  if (!parsed.success) return { ...plan, ...failure('bad_query', parsed.error.issues[0]?.message ?? ''), requests: { least: 0 }, credentials };
  const run = { query: parsed.data, cursor: community.cursor };
  const missing = credentials.filter(({ required, set }) => required && !set).map(({ env }) => env);
  const asked = await firstRequest(hearsay, source, { ...run, missing });
  const estimate = source.estimate?.(run) ?? { least: 1 };
  const requests = withinBudget(estimate, budget);
  const limits = limitsOf(hearsay, source.name, budget);
  const used = await readUsed(hearsay.pool, { source: source.name, spender: { purpose: 'crawl', communityId: community.id } }, hearsay.now());
  const cost = asked.request && source.billing ? costOf(source.billing.worst(asked.request), { requests, limits, used }) : undefined;
  const [stop] = await readStops(hearsay.pool, hearsay.now(), { source: source.name });
  const why = stop
    ? failure('source_stopped', `${source.name} is ${describeStop(stop)}`)
    : missing.length > 0
      ? failure('missing_credentials', `${missing.join(', ')} not set`)
      : cost && cost.first > (cost.left ?? cost.first)
        ? failure('budget_spent', 'the next request may cost more than is left')
        : used.requestsToday >= (limits.requestsPerDay ?? Number.POSITIVE_INFINITY)
          ? failure('budget_spent', `${source.name} has made its ${limits.requestsPerDay} requests of this UTC day`)
          : asked;
  return {
    ...plan,
    ...(asked.request ? { first: { method: asked.request.method ?? 'GET', url: asked.request.url } } : {}),
    ...(why.why ? { why: why.why } : {}),
    requests,
    credentials,
    ...(cost ? { cost } : {}),
    ...(estimate.quota ? { quota: estimate.quota } : {}),
    ...(limits.requestsPerDay === undefined ? {} : { requestsToday: { made: used.requestsToday, limit: limits.requestsPerDay } }),
  };
}

function failure(code: string, message: string): Pick<DryRun, 'why'> {
  return { why: { code, message } };
}

interface Asked {
  readonly request?: HttpRequest;
  readonly why?: NonNullable<DryRun['why']>;
}

/** Its address names the variable where a platform takes a key in it, and where one is missing. */
async function firstRequest(
  hearsay: Hearsay,
  source: Source,
  run: { readonly query: unknown; readonly cursor: CommunityRow['cursor']; readonly missing: readonly string[] },
): Promise<Asked> {
  let first: HttpRequest | undefined;
  const http: HttpClient = {
    async fetch(request) {
      first ??= request;
      throw new TransientError('not_asked', 'nothing is asked in a dry run');
    },
  };
  const credentials = { ...hearsay.credentials, ...Object.fromEntries(run.missing.map((env) => [env, env])) };
  const stop = new AbortController();
  try {
    for await (const _page of source.crawl(run, { ...sourceContext(hearsay, stop.signal), credentials, http })) break;
  } catch (error) {
    // Before anything was asked: what a real run would fail with too.
    if (!first) return { why: describeError(error) };
  } finally {
    stop.abort();
  }
  return first ? { request: { ...first, url: withoutSecrets(first.url, hearsay.credentials) } } : {};
}

function withoutSecrets(address: string, credentials: Hearsay['credentials']): string {
  const url = new URL(address);
  for (const [name, value] of [...url.searchParams]) {
    for (const [env, secret] of Object.entries(credentials)) if (value === secret) url.searchParams.set(name, env);
  }
  return url.href;
}

function withinBudget(estimate: Estimate, budget: Budget): DryRun['requests'] {
  const byPosts =
    budget.posts_per_run !== undefined && estimate.itemsPerRequest !== undefined ? Math.ceil(budget.posts_per_run / estimate.itemsPerRequest) : undefined;
  const most = smallest([estimate.most, budget.requests_per_run, byPosts]);
  return most === undefined ? { least: estimate.least } : { least: Math.min(estimate.least, most), most };
}

/** Every request as dear as the first, and none beyond what the month has left. */
function costOf(first: number, run: { readonly requests: DryRun['requests']; readonly limits: Limits; readonly used: Used }): NonNullable<DryRun['cost']> {
  const { requests, limits, used } = run;
  const left = smallest([
    limits.ofCommunity && Math.max(0, limits.ofCommunity - used.ofCommunity),
    limits.ofSource && Math.max(0, limits.ofSource - used.ofSource),
  ]);
  const most = smallest([requests.most && requests.most * first, left]);
  return { first, ...(most === undefined ? {} : { most }), ...(left === undefined ? {} : { left }), spentThisMonth: used.ofCommunity };
}

function smallest(bounds: readonly (number | undefined)[]): number | undefined {
  const known = bounds.filter((bound) => bound !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
