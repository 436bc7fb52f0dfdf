/**
 * Connections and transactions. Every connection works in schema `hearsay`; int8 arrives as a number and never as a
 * rounded one; arrays of int8 stay text, as `pg` gives them. Proved by test/integration/pool.test.ts.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { HearsayError, IntegrityError, TransientError } from '../errors.ts';
import { isContention, mapDatabaseError } from './database-errors.ts';

export interface PoolOptions {
  /** Connections at most; default 10. */
  readonly max?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Longest statement in milliseconds; default 120,000. 0: no limit, for exports and refolds. */
  readonly statementTimeoutMs?: number;
  /** Told when an idle connection is lost; the pool opens a new one by itself. */
  readonly onIdleError?: (error: Error) => void;
}

const INT8 = 20;
const IDLE_IN_TRANSACTION_MS = 60_000;

export function createPool(url: string, options: PoolOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 120_000;
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // Statements given without waiting for the ones before are sent at once; the server takes them in order, each with its own Sync
    // (https://node-postgres.com/features/pipelining). The append lives on it.
    pipeline: true,
    types: { getTypeParser: getTypeParser as typeof pg.types.getTypeParser },
    // Not the `options` start-up parameter: an address may carry its own, and connection poolers refuse it.
    onConnect: (client) => prepareConnection(client, statementTimeoutMs),
  });
  // Without a listener a lost idle connection would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  return pool;
}

async function prepareConnection(client: pg.ClientBase, statementTimeoutMs: number): Promise<void> {
  await client.query(
    `SELECT set_config('search_path', 'hearsay', false), set_config('statement_timeout', $1, false),
            set_config('idle_in_transaction_session_timeout', $2, false), set_config('timezone', 'UTC', false)`,
    [String(statementTimeoutMs), String(IDLE_IN_TRANSACTION_MS)],
  );
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === INT8 && format !== 'binary') return parseInt8;
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
}

/** `pg` gives int8 as text, because a double holds 53 bits; every count and seq here is far below that. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new IntegrityError('unsafe_integer', 'the database holds an integer beyond 2^53 where a count was expected');
  return value;
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  readonly readOnly?: boolean;
  /** Runs at most, first one included; default 5. */
  readonly attempts?: number;
}

/**
 * Runs `work` in one transaction and returns its result. A serialization failure or deadlock runs it again, so it must
 * have no effect outside the database. Raises `TransientError` `database_contention` when that keeps happening, and
 * `commit_unknown` when the connection was lost during COMMIT: whether it counts can only be found by idempotent retry.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
  const attempts = options.attempts ?? 5;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(pool, work, options);
    } catch (error) {
      if (!isContention(error) || attempt >= attempts) throw mapDatabaseError(error);
      // Full jitter: rivals that failed together must not meet again.
      await sleep(randomInt(1, 20 * 2 ** attempt));
    }
  }
}

async function runOnce<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>, options: TransactionOptions): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection lost between two statements is reported here as well as by the next statement.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${options.isolation ?? 'read committed'}${options.readOnly ? ' READ ONLY' : ''}`);
    const result = await work(client);
    await commit(client);
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken ??= failure;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** One read-only snapshot for as long as `work` reads. Ends with ROLLBACK: there is nothing to commit. */
export async function withSnapshot<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const snapshot = await openSnapshot(pool);
  try {
    return await work(snapshot.client);
  } catch (error) {
    throw snapshot.explain(error);
  } finally {
    await snapshot.close();
  }
}

/** The same for lines that somebody takes one by one. One who stops taking them ends it too, and the server ends it after IDLE_IN_TRANSACTION_MS. */
export async function* streamSnapshot<T>(pool: pg.Pool, work: (client: pg.PoolClient) => AsyncIterable<T>): AsyncGenerator<T> {
  const snapshot = await openSnapshot(pool);
  try {
    yield* work(snapshot.client);
  } catch (error) {
    throw snapshot.explain(error);
  } finally {
    await snapshot.close();
  }
}

interface Snapshot {
  readonly client: pg.PoolClient;
  /** What a statement failed with, or why the connection was lost before it. */
  explain(error: unknown): unknown;
  /** Raises nothing: it must not stand in for the error that led here. */
  close(): Promise<void>;
}

async function openSnapshot(pool: pg.Pool): Promise<Snapshot> {
  const client = await pool.connect();
  let lost: Error | undefined;
  // Without a listener a session that the server ends while nobody asks anything would end the process. The first says why.
  const onError = (error: Error) => {
    lost ??= error;
  };
  client.on('error', onError);
  const explain = (error: unknown) => (error instanceof HearsayError ? error : mapDatabaseError(lost ?? error));
  const close = async (): Promise<void> => {
    await client.query('ROLLBACK').catch(onError);
    client.off('error', onError);
    client.release(lost);
  };
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  } catch (error) {
    await close();
    throw explain(error);
  }
  return { client, explain, close };
}

async function commit(client: pg.PoolClient): Promise<void> {
  try {
    const { command } = await client.query('COMMIT');
    // Postgres answers COMMIT of a failed transaction with ROLLBACK and no error: a caught statement error must not pass as success.
    if (command !== 'COMMIT') throw new TransientError('transaction_aborted', 'a statement of the transaction had failed, so nothing was stored');
  } catch (error) {
    const mapped = mapDatabaseError(error);
    if (mapped instanceof TransientError && mapped.code === 'database_unavailable') {
      throw new TransientError('commit_unknown', 'the connection was lost during COMMIT', { cause: error });
    }
    throw error;
  }
}
