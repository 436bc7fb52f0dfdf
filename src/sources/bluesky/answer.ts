/** What an answer of an XRPC endpoint means: JSON, or one of the error classes. https://atproto.com/specs/xrpc. Proved by test/unit/sources/bluesky-session.test.ts. */
import { z } from 'zod';
import { InvalidInputError, RateLimitedError, TransientError } from '../../errors.ts';
import type { HostTurn, HttpResponse } from '../../fetch/http.ts';
import { requireOk } from '../../fetch/require-ok.ts';
import { restAskedFor, serverTimeOf } from '../../fetch/retry-after.ts';

const failureSchema = z.object({ error: z.string().regex(/^[A-Za-z]{1,60}$/) });

/** Longest wait believed; limits are per five minutes, per hour and per day. */
const MAX_WAIT_MS = 24 * 3_600_000;

/** For reads. Sessions have a limit of their own, by the day, which must not stop what a session that is there may still read. */
export const BLUESKY_TURN: HostTurn = { intervalMs: 0, restMs: readRestMs };

/** Name of the error an answer carries, e.g. `ExpiredToken`. Outages and blocks at the edge come as HTML and have none. */
export function xrpcErrorOf(response: HttpResponse): string | undefined {
  const parsed = failureSchema.safeParse(parseJson(response.body));
  return response.status >= 400 && parsed.success ? parsed.data.error : undefined;
}

/** `what` names the call in messages. */
export function readXrpc<T>(response: HttpResponse, what: string, schema: z.ZodType<T>): T {
  const name = xrpcErrorOf(response);
  const waitMs = resetWaitMs(response);
  if (response.status === 429 && waitMs !== undefined) throw new RateLimitedError('rate_limited', `${what}: HTTP 429`, waitMs);
  if (response.status === 400) throw new InvalidInputError('query_refused', `${what}: ${name ?? 'HTTP 400'}`);
  requireOk(response, what);
  if (response.status !== 200) throw new InvalidInputError('unexpected_status', `${what}: HTTP ${response.status}`);
  const parsed = schema.safeParse(parseJson(response.body));
  if (!parsed.success) throw new TransientError('unreadable_answer', `${what}: the answer is not what the endpoint gives`);
  return parsed.data;
}

function readRestMs(response: HttpResponse): number | undefined {
  const isUsedUp = response.status === 429 || Number.parseInt(response.headers['ratelimit-remaining'] ?? '', 10) < 1;
  return (isUsedUp ? resetWaitMs(response) : undefined) ?? restAskedFor(response);
}

/** `ratelimit-reset` is in seconds since 1970; `retry-after`, where there is one, goes first. */
function resetWaitMs(response: HttpResponse): number | undefined {
  if (response.headers['retry-after'] !== undefined) return undefined;
  const reset = Number(response.headers['ratelimit-reset'] ?? '');
  if (!Number.isFinite(reset) || reset <= 0) return undefined;
  return Math.min(Math.max(reset * 1000 - serverTimeOf(response), 1_000), MAX_WAIT_MS);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
