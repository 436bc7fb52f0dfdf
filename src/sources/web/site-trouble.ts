/**
 * Is it the page, or the whole site? A site that has lost its name, its front page or all pages at once says nothing of a single page: what was
 * kept of it is hidden meanwhile and never erased for it. Proved by test/unit/sources/web-recheck.test.ts.
 */
import { HearsayError, IntegrityError } from '../../errors.ts';
import type { SourceContext } from '../source.ts';

/** So many pages do not vanish by themselves on one day: the site was rebuilt, or answers everything in one way. */
const ALL_AT_ONCE = 5;
const PROBE_TIMEOUT_MS = 10_000;

/** Every page that was asked for answered 404. */
export async function isSiteDown(origin: string, absentPages: number, context: SourceContext): Promise<boolean> {
  if (absentPages >= ALL_AT_ONCE) return true;
  const status = await statusOf(`${origin}/`, context, { obeyRobots: true });
  // Whoever sends readers away or asks who they are is there.
  return !(typeof status === 'number' && (status < 400 || status === 401 || status === 403));
}

/** No page could be asked for. True when the name itself is not there; a resolver that fails for now is something else. */
export async function isNameGone(origin: string, context: SourceContext): Promise<boolean> {
  return (await statusOf(`${origin}/robots.txt`, context, { obeyRobots: false })) === 'ENOTFOUND';
}

/** The status, or the system's code of the failure to connect. */
async function statusOf(url: string, context: SourceContext, { obeyRobots }: { readonly obeyRobots: boolean }): Promise<number | string> {
  try {
    const signal = context.signal === undefined ? {} : { signal: context.signal };
    return (await context.http.fetch({ url, obeyRobots, timeoutMs: PROBE_TIMEOUT_MS, ...signal })).status;
  } catch (error) {
    if (!(error instanceof HearsayError) || error instanceof IntegrityError || context.signal?.aborted === true) throw error;
    const { cause } = error;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : error.code;
  }
}
