/**
 * In-process pacing: at most one start per host and interval. Starts are handed out in order of asking, so parallel
 * callers queue up instead of firing together. Several processes pace each on their own: the fetch queues'
 * concurrency is what limits them together. Proved by test/unit/fetch/pace.test.ts.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';

export interface Pacer {
  /** Resolves when it is this caller's turn. A wait that is aborted still uses its turn. */
  wait(host: string, intervalMs: number, signal?: AbortSignal): Promise<void>;
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
      if (intervalMs <= 0) return;
      const time = now();
      const start = Math.max(time, nextStart.get(host) ?? 0);
      if (nextStart.size >= MAX_HOSTS) forgetPast(nextStart, time);
      nextStart.set(host, start + intervalMs);
      if (start > time) await sleep(start - time, signal);
    },
  };
}

function forgetPast(nextStart: Map<string, number>, time: number): void {
  for (const [host, start] of nextStart) if (start <= time) nextStart.delete(host);
}

async function sleepWithTimer(ms: number, signal?: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, signal === undefined ? {} : { signal });
}
