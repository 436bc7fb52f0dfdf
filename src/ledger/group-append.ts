/**
 * Group commit: single requests that arrive while a transaction is under way share the next one, and its flush to disk. Every
 * caller gets the outcome of their own request; a request that makes a batch fail fails alone. Sources come in batches already
 * (src/pipeline/append.ts). Proved by test/integration/group-append.test.ts; the gain is in bench/append.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { inTransaction } from '../db/pool.ts';
import { TransientError } from '../errors.ts';
import { appendEntries } from './append.ts';
import type { FoldReader } from './fold-reader.ts';
import type { AppendOutcome, AppendRequest, SourceRequest } from './request.ts';

export type SingleRequest = Exclude<AppendRequest, SourceRequest>;

/** Requests in one transaction at most: the others should not wait for more. */
const MAX_BATCH = 256;
/** After these, in milliseconds, a batch whose connection was lost is asked again; every request is idempotent by its key. */
const RETRY_AFTER_MS = [50, 250, 1_000] as const;

interface Waiting {
  readonly request: SingleRequest;
  resolve(outcome: AppendOutcome): void;
  reject(error: unknown): void;
}

interface GroupContext {
  readonly folds: FoldReader;
  readonly now: () => Date;
}

export class GroupAppender {
  readonly #pool: Pool;
  readonly #context: GroupContext;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #running = new Set<string>();

  constructor(pool: Pool, context: GroupContext) {
    this.#pool = pool;
    this.#context = context;
  }

  /**
   * Appends one request to the ledger of `topic`; resolves once it is committed.
   * @throws what `appendEntries` throws for it; `TransientError` when the database stays away, and then it may be in the ledger or not.
   */
  append(topic: string, request: SingleRequest): Promise<AppendOutcome> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(topic) ?? [];
      this.#waiting.set(topic, waiting);
      waiting.push({ request, resolve, reject });
      if (!this.#running.has(topic)) void this.#drain(topic, waiting);
    });
  }

  async #drain(topic: string, waiting: Waiting[]): Promise<void> {
    this.#running.add(topic);
    // What is asked in the same turn of the event loop goes together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_BATCH);
      const deferred = await this.#appendBatch(topic, batch);
      waiting.unshift(...deferred);
    }
    this.#running.delete(topic);
  }

  /** Settles each of the batch but those that must see the rest of it first: these are returned. */
  async #appendBatch(topic: string, batch: readonly Waiting[]): Promise<readonly Waiting[]> {
    try {
      const outcomes = await this.#tryAppend(topic, batch);
      return batch.filter((waiting, index) => {
        const outcome = outcomes[index] as AppendOutcome;
        if (outcome.outcome === 'refused' && outcome.code === 'one_decision_per_append') return true;
        waiting.resolve(outcome);
        return false;
      });
    } catch (error) {
      if (batch.length === 1 || error instanceof TransientError) {
        for (const waiting of batch) waiting.reject(error);
      } else {
        for (const one of batch) await this.#appendBatch(topic, [one]);
      }
      return [];
    }
  }

  async #tryAppend(topic: string, batch: readonly Waiting[]): Promise<AppendOutcome[]> {
    const requests = batch.map((waiting) => waiting.request);
    const { folds, now } = this.#context;
    for (let attempt = 0; ; attempt++) {
      try {
        return await inTransaction(this.#pool, (client) => appendEntries(client, { topic, now: now(), folds }, requests));
      } catch (error) {
        const pause = RETRY_AFTER_MS[attempt];
        if (!(error instanceof TransientError) || pause === undefined) throw error;
        await sleep(pause * (0.5 + Math.random()));
      }
    }
  }
}
