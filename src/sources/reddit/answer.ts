/**
 * What an answer of Reddit means: JSON to read, or one of the error classes by what must happen next. The content
 * type is looked at first, because outages and network blocks come as HTML. Proved by test/unit/sources/reddit-port.test.ts.
 */
import { z } from 'zod';
import { type HearsayError, InvalidInputError, RateLimitedError, TransientError } from '../../errors.ts';
import type { HostTurn, HttpResponse } from '../../fetch/http.ts';
import { restAskedFor } from '../../fetch/retry-after.ts';

export interface RedditAnswer {
  readonly response: HttpResponse;
  readonly json: unknown;
}

/** Waited when a 429 names no time: one window of Reddit's limit is ten minutes, a tenth of it is polite enough. */
const DEFAULT_WAIT_MS = 60_000;
const MAX_WAIT_MS = 3_600_000;

/** Of the window, for what others have on the way while an answer is read: a crawl and a re-check may ask at the same time. */
const KEPT_BACK = 2;

/** No fixed distance: the headers tell what is left of the window that all processes share, and Reddit rests before it is used up. */
export const REDDIT_TURN: HostTurn = { intervalMs: 0, restMs: readRestMs };

const reasonSchema = z.object({ reason: z.string().max(60) });

export function readAnswer(response: HttpResponse, context: { readonly now: () => Date; readonly what: string }): RedditAnswer {
  const json = parseJson(response);
  const failure = readFailure(response, { ...context, json });
  if (failure !== undefined) throw failure;
  if (json === undefined) throw new TransientError('reddit_not_json', `Reddit answered ${context.what} with ${contentTypeOf(response)} instead of JSON.`);
  return { response, json };
}

function readFailure(response: HttpResponse, context: { readonly what: string; readonly json: unknown }): HearsayError | undefined {
  const { status } = response;
  const { what } = context;
  // A subreddit nobody made leads to the subreddit search, with a redirect that may have been followed.
  if (response.url.includes('/subreddits/search') || (response.headers['location'] ?? '').includes('/subreddits/search')) {
    return new InvalidInputError('subreddit_not_found', `There is no such subreddit (${what}).`);
  }
  if (status >= 200 && status < 300) return undefined;
  if (status === 429) return new RateLimitedError('rate_limited', `Reddit asks to wait (${what}).`, readWaitMs(response.headers));
  if (status >= 500 || status === 408) return new TransientError('reddit_unavailable', `Reddit answered ${status} (${what}).`);
  const reason = reasonSchema.safeParse(context.json);
  const named = reason.success ? reason.data.reason : '';
  if (status === 401) return new InvalidInputError('reddit_unauthorized', `Reddit does not accept the credentials (${what}). Check the REDDIT_ variables.`);
  if (status === 403) {
    if (named === 'quarantined')
      return new InvalidInputError('subreddit_quarantined', `The subreddit is quarantined: open it once with the app's account (${what}).`);
    if (named === 'private') return new InvalidInputError('subreddit_private', `The subreddit is private (${what}).`);
    // Blocks at the edge come as HTML and concern the address, not the request: they pass.
    if (context.json === undefined) return new TransientError('reddit_blocked', `Reddit blocks this network at the moment (${what}).`);
    return new InvalidInputError('reddit_forbidden', `Reddit forbids this (${what}).`);
  }
  if (status === 404) {
    if (named === 'banned') return new InvalidInputError('subreddit_banned', `The subreddit is banned (${what}).`);
    return new InvalidInputError('reddit_not_found', `Reddit has nothing there (${what}).`);
  }
  return new InvalidInputError('reddit_refused', `Reddit answered ${status} (${what}).`);
}

/** Remaining is a float in a string ("99.0"), Reset the seconds to the end of the window. */
function readRestMs(response: HttpResponse): number | undefined {
  const { status, headers } = response;
  if (status === 429) return readWaitMs(headers);
  const remaining = Number.parseFloat(headers['x-ratelimit-remaining'] ?? '');
  return remaining < KEPT_BACK && headers['x-ratelimit-reset'] !== undefined ? readWaitMs(headers) : restAskedFor(response);
}

/** `x-ratelimit-reset` and `retry-after` are seconds, the former possibly with a fraction. */
function readWaitMs(headers: Readonly<Record<string, string>>): number {
  for (const name of ['x-ratelimit-reset', 'retry-after']) {
    const seconds = Number.parseFloat(headers[name] ?? '');
    if (Number.isFinite(seconds) && seconds >= 0) return Math.min(Math.max(Math.ceil(seconds * 1000), 1000), MAX_WAIT_MS);
  }
  return DEFAULT_WAIT_MS;
}

function contentTypeOf(response: HttpResponse): string {
  return (response.headers['content-type'] ?? 'no content type').slice(0, 60);
}

/** Undefined when it is not JSON. JSON itself is never `undefined`. */
function parseJson(response: HttpResponse): unknown {
  if (!contentTypeOf(response).includes('json')) return undefined;
  try {
    return JSON.parse(response.body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
