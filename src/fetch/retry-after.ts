/** `Retry-After`: seconds or an HTTP date (RFC 9110 section 10.2.3). Proved by test/unit/fetch/require-ok.test.ts. */

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
