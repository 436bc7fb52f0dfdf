/** `Retry-After`: seconds or an HTTP date (RFC 9110 section 10.2.3). Proved by test/unit/fetch/require-ok.test.ts and client.test.ts. */
import type { HttpResponse } from './http.ts';

/** Where a 429 does not say. */
const DEFAULT_RETRY_AFTER_MS = 60_000;

/** No answer asks for more than this; longer values are cut, so that a typing error does not stop a source for years. */
const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * When it was for the server as it answered (milliseconds since 1970): its `Date` (RFC 9110 section 6.6.1), else our own time. A time that an
 * answer names is one of the server's clock, and by ours, minutes apart, a wait could be over before it began.
 */
export function serverTimeOf({ headers, fetchedAt }: Pick<HttpResponse, 'headers' | 'fetchedAt'>): number {
  const date = Date.parse(headers['date'] ?? '');
  return Number.isNaN(date) ? Date.parse(fetchedAt) : date;
}

/** Milliseconds to wait from `atMs`; undefined where the header is absent or unreadable. */
export function parseRetryAfter(header: string | undefined, atMs: number): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d{1,10}(\.\d+)?$/.test(value)) return Math.min(Number(value) * 1000, MAX_WAIT_MS);
  if (!/^[A-Za-z]{3}/.test(value)) return undefined;
  const date = Date.parse(value);
  if (Number.isNaN(date) || Number.isNaN(atMs)) return undefined;
  return Math.min(Math.max(date - atMs, 0), MAX_WAIT_MS);
}

/** Milliseconds that an answer asks to be left alone: a 429 always does, an outage where it names its end. */
export function restAskedFor(response: HttpResponse): number | undefined {
  const { status, headers } = response;
  if (status !== 429 && status !== 503) return undefined;
  return parseRetryAfter(headers['retry-after'], serverTimeOf(response)) ?? (status === 429 ? DEFAULT_RETRY_AFTER_MS : undefined);
}
