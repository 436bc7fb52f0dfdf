/**
 * One run of a community at a time, over all queues, processes and commands: an advisory lock of Postgres, which ends with the process that
 * holds it. One connection holds all locks of a process, so that long crawls do not use the pool up. If that connection is lost, `lost` is
 * aborted; what such a run still stores is refused by the fence of crawl.ts. Proved by test/integration/community-lock.test.ts.
 */
import type { Pool, PoolClient } from 'pg';
import { mapDatabaseError } from '../db/database-errors.ts';

interface Session {
  readonly client: Promise<PoolClient>;
  readonly held: Set<number>;
  readonly lost: AbortController;
}

const sessions = new WeakMap<Pool, Session>();

/** Runs `work` while nobody else runs this community; undefined at once when somebody does. */
export async function holdCommunity<T>(pool: Pool, id: number, work: (lost: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const session = sessions.get(pool) ?? openSession(pool);
  // A session's locks nest, so Postgres would give this one to the same process again.
  if (session.held.has(id)) return undefined;
  session.held.add(id);
  try {
    const client = await session.client;
    const taken = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [lockName(id)]);
    if (!taken.rows[0]?.taken) return undefined;
    try {
      return await work(session.lost.signal);
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [lockName(id)]).catch(() => undefined);
    }
  } catch (error) {
    throw session.lost.signal.aborted ? mapDatabaseError(session.lost.signal.reason) : mapDatabaseError(error);
  } finally {
    session.held.delete(id);
    if (session.held.size === 0) await closeSession(pool, session);
  }
}

function lockName(id: number): string {
  return `hearsay/community/${id}`;
}

function openSession(pool: Pool): Session {
  const lost = new AbortController();
  const client = pool.connect().then((connected) => {
    connected.on('error', (error: Error) => {
      if (sessions.get(pool) === session) sessions.delete(pool);
      lost.abort(error);
    });
    return connected;
  });
  const session: Session = { client, held: new Set(), lost };
  sessions.set(pool, session);
  return session;
}

async function closeSession(pool: Pool, session: Session): Promise<void> {
  if (sessions.get(pool) === session) sessions.delete(pool);
  const client = await session.client.catch(() => undefined);
  // Not given back: an unlock that failed would leave its lock to whoever gets the connection next.
  client?.release(true);
}
