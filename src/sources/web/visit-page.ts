/**
 * One polite visit to a page: robots.txt, conditional request, and what the answer means for what is kept. What one page
 * does never ends the crawl of the others. Proved by test/unit/sources/web.test.ts.
 */
import { HearsayError, IntegrityError, InvalidInputError, RateLimitedError, TransientError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import { isGone, requireOk } from '../../fetch/require-ok.ts';
import type { Absence } from '../../model/post.ts';
import type { Refusal, SourceContext } from '../source.ts';
import { sourceOfHost } from './other-platform.ts';
import { conditionalHeaders, type PageMemory } from './page-memory.ts';

export type Visit =
  | { readonly kind: 'page'; readonly response: HttpResponse }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'gone'; readonly at: string; readonly absence: Absence }
  | { readonly kind: 'failed'; readonly refusal: Refusal; readonly error: HearsayError };

const ACCEPT = 'text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1';

/** Raises when the crawl itself is to stop (the caller's signal, broken integrity); everything else is a value. */
export async function visitPage(url: string, memory: PageMemory | undefined, context: SourceContext): Promise<Visit> {
  const headers = { accept: ACCEPT, ...conditionalHeaders(memory) };
  try {
    const response = requireOk(
      await context.http.fetch({ url, headers, obeyRobots: true, ...(context.signal === undefined ? {} : { signal: context.signal }) }),
      'page',
    );
    if (response.status === 304) return { kind: 'unchanged' };
    if (isGone(response)) return { kind: 'gone', at: response.fetchedAt, absence: absenceOfStatus(response.status) };
    const owner = sourceOfHost(response.url);
    if (owner !== undefined) return { kind: 'failed', ...refuseOwned(url, owner) };
    return { kind: 'page', response };
  } catch (error) {
    if (!(error instanceof HearsayError) || error instanceof IntegrityError || context.signal?.aborted === true) throw error;
    return { kind: 'failed', refusal: { code: error.code, detail: error.message.slice(0, 120), item: url.slice(0, 300) }, error };
  }
}

/** 410 is the owner's word that it is gone for good (RFC 9110 section 15.5.11); a 404 may be a broken site and may be back tomorrow. */
export function absenceOfStatus(status: number): Absence {
  return status === 410 ? 'gone' : 'missing';
}

function refuseOwned(url: string, owner: string): { refusal: Refusal; error: HearsayError } {
  const detail = `leads to a page of ${owner}, which has its own source`;
  return { refusal: { code: 'other_platform', detail, item: url.slice(0, 300) }, error: new InvalidInputError('other_platform', detail) };
}

/** The failure is the site's state at the moment, not the page's own fault. */
export function isPassing(error: HearsayError): boolean {
  return error instanceof TransientError || error instanceof RateLimitedError;
}
