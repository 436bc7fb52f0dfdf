/**
 * The signer as it runs beside the append: looks at all heads once a second, in one small query, and signs a log when it has something
 * new and its time has come, or at once when it has much. Proved by test/unit/signer/run-signer.test.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { describeError } from '../errors.ts';
import { listHeads, signLog } from './sign-logs.ts';
import type { Signer } from './sign-topic.ts';

const LOOK_MS = 1_000;
/** Longest pause after failed looks, for example while the database restarts. */
const MAX_PAUSE_MS = 30_000;

export interface Schedule {
  /** Shortest time between two checkpoints of one log, unless there is much to sign. */
  readonly everyMs: number;
  /** So many new entries are signed at the next look. */
  readonly everyEntries: number;
}

/** What became of a log since this process began. */
export interface Progress {
  /** Size last signed. */
  readonly size: number;
  readonly refused: boolean;
  /** On the clock of `performance.now()`. */
  readonly triedAt: number;
}

export interface SignerLoop {
  readonly pool: Pool;
  readonly signer: Signer;
  readonly schedule: Schedule;
  readonly now: () => Date;
  readonly log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** Whether a log of `size` entries is signed now. A log never looked at is: its note may have to go into the table. */
export function isDue(log: { readonly size: number; readonly progress: Progress | undefined }, nowMs: number, schedule: Schedule): boolean {
  const { size, progress } = log;
  if (!progress) return true;
  if (!progress.refused && size === progress.size) return false;
  // A refusal stands however much is appended: it is looked at again in its time.
  return nowMs - progress.triedAt >= schedule.everyMs || (!progress.refused && size - progress.size >= schedule.everyEntries);
}

/** Runs until `signal`, then signs once what is new and resolves. Never rejects: what fails is logged and tried again. */
export async function runSigner(loop: SignerLoop, signal: AbortSignal): Promise<void> {
  const known = new Map<string, Progress>();
  for (let failures = 0; !signal.aborted; ) {
    failures = (await look(loop, known, loop.schedule)) ? 0 : failures + 1;
    await sleep(failures === 0 ? LOOK_MS : Math.min(LOOK_MS * 2 ** failures, MAX_PAUSE_MS), undefined, { signal }).catch(() => undefined);
  }
  await look(loop, known, { everyMs: 0, everyEntries: 1 });
}

/** False when something failed that is no refusal. */
async function look(loop: SignerLoop, known: Map<string, Progress>, schedule: Schedule): Promise<boolean> {
  let failed = false;
  const heads = await listHeads(loop.pool).catch((error: unknown) => {
    failed = tell(loop, undefined, error);
    return [];
  });
  for (const { topic, size } of heads) {
    const progress = known.get(topic);
    const triedAt = performance.now();
    if (!isDue({ size, progress }, triedAt, schedule)) continue;
    try {
      const report = await signLog(loop.pool, topic, loop);
      if (report.kind === 'refused' && (report.isNews || !progress)) {
        loop.log.error({ topic, code: report.error.code }, `not signed: ${report.error.message}`);
      }
      const signedSize = report.kind === 'signed' || report.kind === 'unchanged' ? report.size : (progress?.size ?? 0);
      known.set(topic, { size: signedSize, refused: report.kind === 'refused', triedAt });
    } catch (error) {
      failed = tell(loop, topic, error);
    }
  }
  return !failed;
}

function tell(loop: SignerLoop, topic: string | undefined, error: unknown): true {
  const { code, message } = describeError(error);
  loop.log.warn({ ...(topic === undefined ? {} : { topic }), code }, `signer: ${message}`);
  return true;
}
