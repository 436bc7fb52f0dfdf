/** `Retry-After`: seconds or an HTTP date (RFC 9110 section 10.2.3). Proved by test/unit/fetch/require-ok.test.ts and client.test.ts. */
import type { HttpResponse } from './http.ts';

/** Where a 429 does not say. */
const DEFAULT_RETRY_AFTER_MS = 60_000;

/** No answer asks for more than this; longer values are cut, so that a typing error does not stop a source for years. */
const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

/** Milliseconds to wait from `at` (ISO 8601); undefined where the header is absent or unreadable. */
export function parseRetryAfter(header: string | undefined, at: string): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d{1,10}(\.\d+)?$/.test(value)) return Math.min(Number(value) * 1000, MAX_WAIT_MS);
  if (!/^[A-Za-z]{3}/.test(value)) return undefined;
  const date = Date.parse(value);
  const start = Date.parse(at);
  if (Number.isNaN(date) || Number.isNaN(start)) return undefined;
  return Math.min(Math.max(date - start, 0), MAX_WAIT_MS);
}

/** Milliseconds that an answer asks to be left alone: a 429 always does, an outage where it names its end. */
export function restAskedFor({ status, headers, fetchedAt }: HttpResponse): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  return parseRetryAfter(headers['retry-after'], fetchedAt) ?? (status === 429 ? DEFAULT_RETRY_AFTER_MS : undefined);
}
