/** Jitter: communities with the same schedule start apart from each other, each at its own place in the time allowed. Proved by test/unit/jitter.test.ts. */
import { createHash } from 'node:crypto';

/**
 * Milliseconds after its slot at which a run starts, from 0 to below `jitterMs`. Spread evenly over communities and slots, and always the same for
 * one run: a job that is taken up again after a crash does not wait anew.
 */
export function jitterOf(run: { readonly community: number; readonly slotMs: number; readonly jitterMs: number }): number {
  if (run.jitterMs <= 0) return 0;
  const digest = createHash('sha256').update(`hearsay/jitter/${run.community}/${run.slotMs}`).digest();
  // 48 bits over at most a few days of milliseconds: the remainder favours no place by more than one in ten thousand.
  return digest.readUIntBE(0, 6) % run.jitterMs;
}
