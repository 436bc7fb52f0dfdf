/**
 * How far each place has got, in table checkpoint_delivery. An attempt is counted when it begins and taken back when it ends well: so an
 * attempt is also a claim, which keeps two processes from one place, and one that dies while delivering waits like any failure.
 * Proved by test/integration/deliver.test.ts.
 */
import type { Pool } from 'pg';
import type { OutgoingCheckpoint } from './place.ts';
import { parseCheckpoint } from '../ledger/checkpoint.ts';

/** Seconds after a failed attempt: 30, 60, 120, ... to an hour. Longer than an attempt may take (deliver.ts), which the claim rests on. */
const FIRST_WAIT_S = 30;
const MAX_WAIT_S = 3_600;
/** `d` is a row of checkpoint_delivery; `$2` the time. */
const IS_DUE = `(d.attempts = 0 OR d.tried_at + least(${MAX_WAIT_S}, ${FIRST_WAIT_S} * power(2, least(d.attempts, 16) - 1)) * interval '1 second' <= $2)`;

/** One place and one topic. */
export interface Delivery {
  readonly place: string;
  readonly topic: string;
}

/** State before the attempt that a claim begins. */
export interface Claim extends Delivery {
  /** Last size received, -1 for none. */
  readonly size: number;
  readonly error: string | undefined;
}

/** Topics with a checkpoint that `place` has not got, and whose wait is over. */
export async function listDue(pool: Pool, place: string, now: Date): Promise<string[]> {
  const found = await pool.query<{ topic: string }>(
    `SELECT h.topic FROM ledger_head h
      CROSS JOIN LATERAL (SELECT size FROM checkpoint WHERE topic = h.topic ORDER BY size DESC LIMIT 1) newest
       LEFT JOIN checkpoint_delivery d ON d.place = $1 AND d.topic = h.topic
      WHERE newest.size > coalesce(d.size, -1) AND (d.place IS NULL OR ${IS_DUE})
      ORDER BY h.topic`,
    [place, now],
  );
  return found.rows.map(({ topic }) => topic);
}

/** Undefined when another process was first. */
export async function claimDelivery(pool: Pool, { place, topic }: Delivery, now: Date): Promise<Claim | undefined> {
  const found = await pool.query<{ size: number; error: string | null }>(
    `INSERT INTO checkpoint_delivery AS d (place, topic, attempts, tried_at) VALUES ($1, $3, 1, $2)
     ON CONFLICT (place, topic) DO UPDATE SET attempts = d.attempts + 1, tried_at = excluded.tried_at WHERE ${IS_DUE}
     RETURNING size, error`,
    [place, now, topic],
  );
  const row = found.rows[0];
  return row && { place, topic, size: row.size, error: row.error ?? undefined };
}

export async function readNewestCheckpoint(pool: Pool, topic: string): Promise<OutgoingCheckpoint | undefined> {
  const found = await pool.query<{ note: string }>('SELECT note FROM checkpoint WHERE topic = $1 ORDER BY size DESC LIMIT 1', [topic]);
  const note = found.rows[0]?.note;
  if (note === undefined) return undefined;
  const { origin, size, root } = parseCheckpoint(note);
  return { topic, origin, size, root, note };
}

/** With what witnesses added, which is kept once and never replaced. */
export async function recordDelivered(
  pool: Pool,
  { place, topic, size, lines }: Delivery & { readonly size: number; readonly lines: readonly { readonly name: string; readonly line: string }[] },
): Promise<void> {
  // First: a crash in between delivers again, and a witness cosigns the same checkpoint again.
  for (const { name, line } of lines) {
    await pool.query('INSERT INTO cosignature (topic, size, name, line) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [topic, size, name, line]);
  }
  await pool.query('UPDATE checkpoint_delivery SET size = greatest(size, $3), attempts = 0, error = NULL WHERE place = $1 AND topic = $2', [
    place,
    topic,
    size,
  ]);
}

export async function recordFailure(pool: Pool, { place, topic, error }: Delivery & { readonly error: string }): Promise<void> {
  await pool.query('UPDATE checkpoint_delivery SET error = $3 WHERE place = $1 AND topic = $2', [place, topic, error]);
}

/** For an attempt that was broken off because the process stops: nobody's failure. */
export async function returnClaim(pool: Pool, { place, topic }: Delivery): Promise<void> {
  await pool.query('UPDATE checkpoint_delivery SET attempts = greatest(attempts - 1, 0) WHERE place = $1 AND topic = $2', [place, topic]);
}

export interface DeliveryState extends Delivery {
  /** Last size received, -1 for none. */
  readonly size: number;
  /** Size of the newest checkpoint. */
  readonly newest: number;
  readonly attempts: number;
  readonly error: string | null;
}

/** Every topic that has a checkpoint, for every place. */
export async function listDeliveries(pool: Pool, places: readonly string[]): Promise<DeliveryState[]> {
  const found = await pool.query<DeliveryState>(
    `SELECT place, h.topic, coalesce(d.size, -1) AS size, newest.size AS newest, coalesce(d.attempts, 0) AS attempts, d.error
       FROM unnest($1::text[]) WITH ORDINALITY AS given (place, n) CROSS JOIN ledger_head h
      CROSS JOIN LATERAL (SELECT size FROM checkpoint WHERE topic = h.topic ORDER BY size DESC LIMIT 1) newest
       LEFT JOIN checkpoint_delivery d USING (place, topic)
      ORDER BY given.n, h.topic`,
    [places],
  );
  return found.rows;
}
