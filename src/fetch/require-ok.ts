/**
 * Maps HTTP statuses to what must happen next (RFC 9110 section 15). Statuses a caller has an answer for (304, 404,
 * 410) it looks at before or after: they come back as values. Proved by test/unit/fetch/require-ok.test.ts.
 */
import { InvalidInputError, RateLimitedError, TransientError } from '../errors.ts';
import type { HttpResponse } from './http.ts';
import { restAskedFor } from './retry-after.ts';

const TRANSIENT = new Set([408, 425, 500, 502, 503, 504, 507, 520, 521, 522, 523, 524]);

/**
 * Returns the response when its status is 2xx, 304, 404 or 410; raises otherwise. `what` names the thing asked for in messages
 * ("Reddit listing"); never put a secret into it.
 */
export function requireOk(response: HttpResponse, what: string): HttpResponse {
  const { status } = response;
  if ((status >= 200 && status < 300) || status === 304 || status === 404 || status === 410) return response;
  const message = `${what}: HTTP ${status}`;
  // An outage that names its end is a wait, not a failed attempt.
  const restMs = restAskedFor(response);
  if (restMs !== undefined) throw new RateLimitedError(status === 429 ? 'rate_limited' : 'unavailable', message, restMs);
  if (TRANSIENT.has(status) || status >= 500) throw new TransientError(`http_${status}`, message);
  if (status === 401) throw new InvalidInputError('unauthorized', message);
  if (status === 403) throw new InvalidInputError('forbidden', message);
  throw new InvalidInputError('unexpected_status', message);
}

/** 404 and 410: the thing is not there. */
export function isGone(response: HttpResponse): boolean {
  return response.status === 404 || response.status === 410;
}
