/**
 * Pacing: at most one start per host and interval. Starts are handed out in order of asking, so parallel callers queue up instead of
 * firing together. This one is for one process; what all processes of an installation share is src/db/shared-pacer.ts.
 * Proved by test/unit/fetch/pace.test.ts.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { RateLimitedError } from '../errors.ts';

export interface Pacer {
  /**
   * Resolves when it is this caller's turn. A wait that is aborted still uses its turn. An interval of 0 takes no turn: it waits
   * for those that are taken, and while the host rests.
   * @throws RateLimitedError `rate_limited` when the turn is more than MAX_TURN_MS away: whoever asks has better things to do meanwhile.
   */
  wait(host: string, intervalMs: number, signal?: AbortSignal): Promise<void>;
  /** No turns before `ms` from now: the host said so. */
  rest(host: string, ms: number): Promise<void>;
}

/** Longest wait for a turn. */
export const MAX_TURN_MS = 120_000;

export function restingError(host: string, waitMs: number): RateLimitedError {
  return new RateLimitedError('rate_limited', `${host} is not to be asked for now.`, Math.ceil(waitMs));
}

export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Hosts remembered at most; those whose turn is past are forgotten first. */
const MAX_HOSTS = 10_000;

export function createPacer(options: { readonly now?: () => number; readonly sleep?: Sleep } = {}): Pacer {
  const now = options.now ?? (() => performance.now());
  const sleep = options.sleep ?? sleepWithTimer;
  const nextStart = new Map<string, number>();

  return {
    async wait(host, intervalMs, signal) {
      const time = now();
      const start = Math.max(time, nextStart.get(host) ?? 0);
      if (start - time > MAX_TURN_MS) throw restingError(host, start - time);
      if (nextStart.size >= MAX_HOSTS) forgetPast(nextStart, time);
      nextStart.set(host, start + intervalMs);
      if (start > time) await sleep(start - time, signal);
    },
    async rest(host, ms) {
      if (nextStart.size >= MAX_HOSTS) forgetPast(nextStart, now());
      nextStart.set(host, Math.max(nextStart.get(host) ?? 0, now() + ms));
    },
  };
}

function forgetPast(nextStart: Map<string, number>, time: number): void {
  for (const [host, start] of nextStart) if (start <= time) nextStart.delete(host);
}

export async function sleepWithTimer(ms: number, signal?: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, signal === undefined ? {} : { signal });
}
