/** Maps what a stage throws to what BullMQ does next: the four error classes of src/errors.ts. Proved by test/unit/workers.test.ts. */
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { describeError, IntegrityError, InvalidInputError, RateLimitedError } from '../src/errors.ts';

/** Longest wait a platform may impose before the schedule's next run takes over. */
const MAX_WAIT_MS = 6 * 3_600_000;

/**
 * Always throws. Rate limited: moved to delayed, no attempt spent. Invalid input: failed for good. Integrity: failed
 * for good after `onIntegrity`. Anything else: BullMQ's attempts and backoff.
 */
export async function throwOutcome(
  error: unknown,
  job: Job,
  context: { readonly token: string | undefined; readonly now: () => Date; readonly onIntegrity: (error: IntegrityError) => void },
): Promise<never> {
  if (error instanceof RateLimitedError) {
    await job.moveToDelayed(context.now().getTime() + Math.min(Math.max(error.retryAfterMs, 1_000), MAX_WAIT_MS), context.token);
    throw new DelayedError();
  }
  if (error instanceof IntegrityError) context.onIntegrity(error);
  const { code, message } = describeError(error);
  if (error instanceof InvalidInputError || error instanceof IntegrityError) throw new UnrecoverableError(`${code}: ${message}`);
  throw new Error(`${code}: ${message}`, { cause: error });
}
