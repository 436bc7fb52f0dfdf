/**
 * Turns at a host, handed out by the database: all processes of an installation together keep the pace that one of them alone would
 * (src/fetch/pace.ts). Time is the database's. Proved by test/integration/shared-pacer.test.ts.
 */
import type { Pool } from 'pg';
import { MAX_TURN_MS, type Pacer, restingError, type Sleep, sleepWithTimer } from '../fetch/pace.ts';

/** The turn is taken where it is near enough; else nothing changes. `next_at`: when the turn after it begins. */
const TAKE = `
  INSERT INTO host_turn AS held (host, next_at) VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond')
  ON CONFLICT (host) DO UPDATE SET next_at = greatest(held.next_at, clock_timestamp()) + $2 * interval '1 millisecond'
   WHERE held.next_at <= clock_timestamp() + $3 * interval '1 millisecond'
  RETURNING extract(epoch FROM next_at - clock_timestamp())::float8 * 1000 - $2 AS wait_ms`;

const REST = `
  INSERT INTO host_turn AS held (host, next_at) VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond')
  ON CONFLICT (host) DO UPDATE SET next_at = greatest(held.next_at, excluded.next_at)`;

export function createSharedPacer(pool: Pool, { sleep = sleepWithTimer }: { readonly sleep?: Sleep } = {}): Pacer {
  return {
    async wait(host, intervalMs, signal) {
      const taken = await pool.query<{ wait_ms: number }>(TAKE, [host, intervalMs, MAX_TURN_MS]);
      const waitMs = taken.rows[0]?.wait_ms;
      if (waitMs === undefined) throw restingError(host, await untilNext(pool, host));
      if (waitMs > 0) await sleep(waitMs, signal);
    },
    async rest(host, ms) {
      await pool.query(REST, [host, ms]);
    },
  };
}

async function untilNext(pool: Pool, host: string): Promise<number> {
  const found = await pool.query<{ ms: number }>('SELECT extract(epoch FROM next_at - clock_timestamp())::float8 * 1000 AS ms FROM host_turn WHERE host = $1', [
    host,
  ]);
  return Math.max(found.rows[0]?.ms ?? 0, 1);
}

/** Hosts whose turn is long past are forgotten. */
export async function forgetTurns(pool: Pool): Promise<void> {
  await pool.query(`DELETE FROM host_turn WHERE next_at < now() - interval '1 day'`);
}
