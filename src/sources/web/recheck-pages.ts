/**
 * Are kept pages and thread posts still there? 410: deleted. 404 and 451: removed, for both may be back. A page that is shown: live, and a thread post only
 * if its page still has it. Everything else: unknown, which changes nothing.
 * Proved by test/unit/sources/web-recheck.test.ts.
 */
import { HearsayError, IntegrityError, RateLimitedError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import { isGone } from '../../fetch/require-ok.ts';
import type { RecheckOutcome, SourceContext } from '../source.ts';
import { presenceUrl, readPresence } from './discourse.ts';
import { readResponse } from './page-post.ts';
import { normalizePageUrl } from './page-url.ts';
import { absenceOfStatus } from './visit-page.ts';

export async function recheckPages(nativeIds: readonly string[], context: SourceContext): Promise<ReadonlyMap<string, RecheckOutcome>> {
  const outcomes = new Map<string, RecheckOutcome>();
  const resting = new Set<string>();
  for (const [url, ids] of groupByAddress(nativeIds)) {
    const { host } = new URL(url);
    const response = resting.has(host) ? undefined : await ask(url, context, () => resting.add(host));
    for (const id of ids) outcomes.set(id, response === undefined ? 'unknown' : judge(id, url, response));
  }
  for (const id of nativeIds) if (!outcomes.has(id)) outcomes.set(id, 'unknown');
  return outcomes;
}

/** Posts of one thread page are told by one request. */
function groupByAddress(nativeIds: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const id of nativeIds) {
    const url = presenceUrl(id) ?? normalizePageUrl(id);
    if (url !== undefined) groups.set(url, [...(groups.get(url) ?? []), id]);
  }
  return groups;
}

async function ask(url: string, context: SourceContext, rest: () => void): Promise<HttpResponse | undefined> {
  try {
    const response = await context.http.fetch({ url, obeyRobots: true, ...(context.signal === undefined ? {} : { signal: context.signal }) });
    if (response.status === 429) rest();
    return response;
  } catch (error) {
    if (!(error instanceof HearsayError) || error instanceof IntegrityError || context.signal?.aborted === true) throw error;
    if (error instanceof RateLimitedError) rest();
    return undefined;
  }
}

function judge(id: string, url: string, response: HttpResponse): RecheckOutcome {
  if (isGone(response)) return absenceOfStatus(response.status);
  // RFC 7725: kept back on legal demand; may return.
  if (response.status === 451) return 'removed';
  if (response.status !== 200) return 'unknown';
  if (presenceUrl(id) !== undefined) return readPresence(response.body) ?? 'unknown';
  // Sites that send readers of missing pages to the front page answer 200 for it.
  if (new URL(response.url).pathname === '/' && new URL(url).pathname !== '/') return 'unknown';
  const fragment = new URL(id).hash.slice(1);
  return fragment === '' ? 'live' : judgePost(id, fragment, response);
}

/** A page of a paged thread may have moved the post to its neighbour; only a thread on one page shows that a post is gone. */
function judgePost(id: string, fragment: string, response: HttpResponse): RecheckOutcome {
  const read = readResponse(response);
  if ('refusal' in read) return 'unknown';
  const { posts } = read.reading.page;
  if (posts.some((post) => post.native_id === id)) return 'live';
  if (posts.length === 0 || read.reading.isPaged) return 'unknown';
  const html = response.body.toString('latin1');
  return new RegExp(`\\b(?:id|name)\\s*=\\s*["']?${fragment.replace(/[^\w-]/g, '\\$&')}["'\\s>]`).test(html) ? 'live' : 'removed';
}
