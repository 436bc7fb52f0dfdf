/**
 * Are kept pages and thread posts still there? 410: gone. 404, 451 and a thread page without the post: missing. A page that is shown: live. A site that is
 * down as a whole: down (site-trouble.ts). Everything else: unknown, which changes nothing. Proved by test/unit/sources/web-recheck.test.ts.
 */
import { HearsayError, IntegrityError, RateLimitedError, TransientError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import { isGone } from '../../fetch/require-ok.ts';
import type { RecheckOutcome, SourceContext } from '../source.ts';
import { presenceUrl, readPresence } from './discourse.ts';
import { readResponse } from './page-post.ts';
import { normalizePageUrl } from './page-url.ts';
import { isNameGone, isSiteDown } from './site-trouble.ts';
import { absenceOfStatus } from './visit-page.ts';

/** What one round learnt of a site. */
interface Site {
  readonly origin: string;
  readonly ids: string[];
  answers: number;
  absentPages: number;
  /** Left alone for the rest of the round: it asks for patience, or cannot be reached. */
  isResting: boolean;
  isUnreachable: boolean;
}

export async function recheckPages(nativeIds: readonly string[], context: SourceContext): Promise<ReadonlyMap<string, RecheckOutcome>> {
  const outcomes = new Map<string, RecheckOutcome>(nativeIds.map((id) => [id, 'unknown']));
  const sites = new Map<string, Site>();
  for (const [url, ids] of groupByAddress(nativeIds)) {
    const { origin } = new URL(url);
    const site = sites.get(origin) ?? { origin, ids: [], answers: 0, absentPages: 0, isResting: false, isUnreachable: false };
    sites.set(origin, site);
    site.ids.push(...ids);
    const response = site.isResting ? undefined : await ask(url, site, context);
    if (response === undefined) continue;
    site.answers += 1;
    // 410 is said on purpose, by a site that is there.
    if (response.status === 404) site.absentPages += 1;
    for (const id of ids) outcomes.set(id, judge(id, url, response));
  }
  for (const site of await findDown([...sites.values()], context)) for (const id of site.ids) outcomes.set(id, 'down');
  return outcomes;
}

async function findDown(sites: readonly Site[], context: SourceContext): Promise<Site[]> {
  const down: Site[] = [];
  // Where no site at all answers, it is this machine that has no network.
  const isOnline = sites.some(({ answers }) => answers > 0);
  for (const site of sites) {
    const { origin, answers, absentPages, isUnreachable } = site;
    if (answers > 0 && absentPages === answers && (await isSiteDown(origin, absentPages, context))) down.push(site);
    if (answers === 0 && isUnreachable && isOnline && (await isNameGone(origin, context))) down.push(site);
  }
  return down;
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

async function ask(url: string, site: Site, context: SourceContext): Promise<HttpResponse | undefined> {
  try {
    const response = await context.http.fetch({ url, obeyRobots: true, ...(context.signal === undefined ? {} : { signal: context.signal }) });
    if (response.status === 429) site.isResting = true;
    return response;
  } catch (error) {
    if (!(error instanceof HearsayError) || error instanceof IntegrityError || context.signal?.aborted === true) throw error;
    // One wait for a host that does not answer is enough.
    if (error instanceof RateLimitedError || error instanceof TransientError) site.isResting = true;
    if (error instanceof TransientError) site.isUnreachable = true;
    return undefined;
  }
}

function judge(id: string, url: string, response: HttpResponse): RecheckOutcome {
  if (isGone(response)) return absenceOfStatus(response.status);
  // RFC 7725: kept back on legal demand, which is hardly ever taken back.
  if (response.status === 451) return 'missing';
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
  // The forum shows that there was a post.
  const place = read.reading.thread.gone.find((gone) => gone.nativeId === id);
  if (place !== undefined) return place.absence;
  if (posts.length === 0 || read.reading.isPaged) return 'unknown';
  const html = response.body.toString('latin1');
  return new RegExp(`\\b(?:id|name)\\s*=\\s*["']?${fragment.replace(/[^\w-]/g, '\\$&')}["'\\s>]`).test(html) ? 'live' : 'missing';
}
