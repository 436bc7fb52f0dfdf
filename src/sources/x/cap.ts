/**
 * The cap on a project's post reads: which day it is set back, asked of `GET /2/usage/tweets` (`cap_reset_day`, free) once it is reached.
 * Proved by test/unit/sources/x-cap.test.ts.
 */
import { z } from 'zod';
import { RateLimitedError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';

export const USAGE_REQUEST = { path: '/2/usage/tweets', params: {} } as const;

const usageSchema = z.object({ data: z.object({ cap_reset_day: z.coerce.number().int().min(1).max(31) }) });

const DAY_MS = 86_400_000;

export function capError(what: string, waitMs = DAY_MS): RateLimitedError {
  return new RateLimitedError('usage_capped', `The post reads on X of this billing cycle are used up (${what}).`, waitMs);
}

/** Milliseconds until the cap is set back; undefined where the answer does not say. */
export function readResetMs(response: HttpResponse, now: Date): number | undefined {
  if (response.status !== 200) return undefined;
  try {
    const usage = usageSchema.safeParse(JSON.parse(response.body.toString('utf8')));
    return usage.success ? untilDay(usage.data.data.cap_reset_day, now) : undefined;
  } catch {
    return undefined;
  }
}

/** To the next midnight (UTC) that begins `day`; on the day itself to the next midnight, since its hour is not known. Months without it: their last day. */
export function untilDay(day: number, now: Date): number {
  const [year, month, today] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const inMonth = (ahead: number): number => Math.min(day, new Date(Date.UTC(year, month + ahead + 1, 0)).getUTCDate());
  if (today === inMonth(0)) return Date.UTC(year, month, today + 1) - now.getTime();
  const ahead = today < inMonth(0) ? 0 : 1;
  return Date.UTC(year, month + ahead, inMonth(ahead)) - now.getTime();
}
