import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../../src/fetch/http.ts';
import { isGone, requireOk } from '../../../src/fetch/require-ok.ts';
import { parseRetryAfter } from '../../../src/fetch/retry-after.ts';

const AT = '2026-03-01T10:00:00.000Z';
const answer = (status: number, headers: Record<string, string> = {}): HttpResponse => ({
  url: 'https://x.example/',
  status,
  headers,
  body: Buffer.from('secret body'),
  fetchedAt: AT,
});

describe('requireOk', () => {
  it.each([200, 201, 204, 304, 404, 410])('gives %i back', (status) => expect(requireOk(answer(status), 'page').status).toBe(status));

  it.each([
    [408, 'TransientError', 'http_408'],
    [500, 'TransientError', 'http_500'],
    [503, 'TransientError', 'http_503'],
    [599, 'TransientError', 'http_599'],
    [401, 'InvalidInputError', 'unauthorized'],
    [403, 'InvalidInputError', 'forbidden'],
    [400, 'InvalidInputError', 'unexpected_status'],
    [302, 'InvalidInputError', 'unexpected_status'],
    [429, 'RateLimitedError', 'rate_limited'],
  ])('%i is a %s', (status, name, code) => {
    expect(() => requireOk(answer(status), 'page')).toThrow(expect.objectContaining({ name, code, message: `page: HTTP ${status}` }));
  });

  it('reads how long to wait: seconds, date, else a minute', () => {
    const waits = [{ 'retry-after': '7' }, { 'retry-after': 'Sun, 01 Mar 2026 10:02:00 GMT' }, {}, { 'retry-after': 'soon' }].map((headers) => {
      try {
        requireOk(answer(429, headers), 'page');
      } catch (error) {
        return (error as { retryAfterMs: number }).retryAfterMs;
      }
      return undefined;
    });
    expect(waits).toEqual([7000, 120_000, 60_000, 60_000]);
    expect(() => requireOk(answer(503, { 'retry-after': '5' }), 'page')).toThrow(expect.objectContaining({ name: 'RateLimitedError', retryAfterMs: 5000 }));
  });
});

it('parseRetryAfter never goes back in time nor beyond a day', () => {
  expect(parseRetryAfter('Sun, 01 Mar 2026 09:00:00 GMT', Date.parse(AT))).toBe(0);
  expect(parseRetryAfter('99999999', 0)).toBe(86_400_000);
  expect(parseRetryAfter('-5', 0)).toBeUndefined();
  expect(parseRetryAfter(undefined, 0)).toBeUndefined();
});

it('parseRetryAfter reads a date by the clock of the server that names it', () => {
  const inTwoMinutes = (date: string, named: string): unknown => {
    try {
      return requireOk(answer(429, { date, 'retry-after': named }), 'page');
    } catch (error) {
      return (error as { retryAfterMs: number }).retryAfterMs;
    }
  };
  expect(inTwoMinutes('Sun, 01 Mar 2026 09:40:00 GMT', 'Sun, 01 Mar 2026 09:42:00 GMT')).toBe(120_000);
  expect(inTwoMinutes('Sun, 01 Mar 2026 10:20:00 GMT', 'Sun, 01 Mar 2026 10:22:00 GMT')).toBe(120_000);
  expect(inTwoMinutes('today', 'Sun, 01 Mar 2026 10:02:00 GMT')).toBe(120_000);
});

it('isGone', () => expect([404, 410, 403].map((status) => isGone(answer(status)))).toEqual([true, true, false]));
