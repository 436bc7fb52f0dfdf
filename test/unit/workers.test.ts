/** What each error class becomes in BullMQ (workers/outcome.ts), and that a handler's own delay is not one of them. */
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { describe, expect, it, vi } from 'vitest';
import { IntegrityError, InvalidInputError, RateLimitedError, TransientError } from '../../src/errors.ts';
import { throwOutcome } from '../../workers/outcome.ts';

const HOUR_MS = 3_600_000;

interface Outcome {
  readonly thrown: unknown;
  /** When it was moved to, and with which token. */
  readonly moved: readonly (readonly [number, string | undefined])[];
  readonly halted: readonly IntegrityError[];
}

const NOW = new Date('2026-11-20T12:00:00Z');
const now = (): Date => NOW;

async function outcomeOf(error: unknown): Promise<Outcome> {
  const moved: [number, string | undefined][] = [];
  const halted: IntegrityError[] = [];
  const job = { moveToDelayed: async (at: number, token?: string) => void moved.push([at, token]) } as unknown as Job;
  const thrown = await throwOutcome(error, job, { token: 'lock', now, onIntegrity: (integrity) => halted.push(integrity) }).catch((caught: unknown) => caught);
  return { thrown, moved, halted };
}

function expectMovedBy(outcome: Outcome, waitMs: number): void {
  expect(outcome.thrown).toBeInstanceOf(DelayedError);
  expect(outcome.moved).toEqual([[NOW.getTime() + waitMs, 'lock']]);
}

describe('outcome of an error', () => {
  it('tries a transient one again, by the attempts and backoff of its queue', async () => {
    const error = new TransientError('timeout', 'no answer');
    const { thrown, moved, halted } = await outcomeOf(error);
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).not.toBeInstanceOf(UnrecoverableError);
    expect(thrown).not.toBeInstanceOf(DelayedError);
    expect(thrown).toMatchObject({ message: 'timeout: no answer', cause: error });
    expect([moved, halted]).toEqual([[], []]);
  });

  it('waits as long as a rate limit says, spending no attempt', async () => {
    expectMovedBy(await outcomeOf(new RateLimitedError('rate_limited', 'wait', 90_000)), 90_000);
  });

  it.each([
    ['a second at least', 0, 1_000],
    ['a second for a wait that is over', -5_000, 1_000],
    ['six hours at most', 48 * HOUR_MS, 6 * HOUR_MS],
  ])('waits %s', async (_what, retryAfterMs, waitMs) => {
    expectMovedBy(await outcomeOf(new RateLimitedError('rate_limited', 'wait', retryAfterMs)), waitMs);
  });

  it('fails invalid input for good', async () => {
    const { thrown, moved, halted } = await outcomeOf(new InvalidInputError('bad_query', 'no such place'));
    expect(thrown).toBeInstanceOf(UnrecoverableError);
    expect(thrown).toMatchObject({ message: 'bad_query: no such place' });
    expect([moved, halted]).toEqual([[], []]);
  });

  it('fails broken integrity for good, after the queue was halted', async () => {
    const error = new IntegrityError('bad_header', 'entry 7');
    const { thrown, moved, halted } = await outcomeOf(error);
    expect(thrown).toBeInstanceOf(UnrecoverableError);
    expect(thrown).toMatchObject({ message: 'bad_header: entry 7' });
    expect(halted).toEqual([error]);
    expect(moved).toEqual([]);
  });

  it.each([
    [new Error('odd'), 'unexpected: odd'],
    [Object.assign(new Error('full'), { code: 'ENOSPC' }), 'ENOSPC: full'],
    ['a text', 'unexpected: a text'],
    [undefined, 'unexpected: undefined'],
  ])('tries whatever else is thrown again: %s', async (error, message) => {
    const { thrown } = await outcomeOf(error);
    expect(thrown).not.toBeInstanceOf(UnrecoverableError);
    expect(thrown).toMatchObject({ message });
  });

  it('lets a failure to delay be seen, so that the job is tried again', async () => {
    const job = { moveToDelayed: vi.fn().mockRejectedValue(new Error('lock lost')) } as unknown as Job;
    const context = { token: undefined, now, onIntegrity: () => undefined };
    await expect(throwOutcome(new RateLimitedError('rate_limited', 'wait', 1_000), job, context)).rejects.toThrow('lock lost');
  });
});
