/** Which kept posts are to be asked about, and how many of them in one round. Proved by test/integration/recheck.test.ts. */
import type { Pool } from 'pg';
import type { Source } from '../sources/source.ts';
import type { Hearsay } from './hearsay.ts';

export interface DuePost {
  id: number;
  native_id: string;
}

/** Posts of files have no source: whoever reads their platform asks, but for addresses of pages, which no crawl has seen. */
const KEPT_OF = `(source = $1 OR (source IS NULL AND platform = ANY ($2))) AND state <> 'erased' AND native_id IS NOT NULL`;

function keptOf(source: Source): [string, readonly string[]] {
  return [source.name, source.queue === 'web' ? [] : source.platforms];
}

/** Those never asked about first, then by the oldest look. */
export async function readDue(hearsay: Hearsay, source: Source, options: { readonly before: Date; readonly most: number }): Promise<DuePost[]> {
  const found = await hearsay.pool.query<DuePost>(
    `SELECT id, native_id FROM post WHERE ${KEPT_OF} AND (checked_at IS NULL OR checked_at < $3) ORDER BY checked_at NULLS FIRST, id LIMIT $4`,
    [...keptOf(source), options.before, options.most],
  );
  return found.rows;
}

/** Of posts up to an id, those not looked at since a time. */
export async function readKept(
  hearsay: Hearsay,
  source: Source,
  range: { readonly after: number; readonly through: number; readonly before: Date; readonly most: number },
): Promise<DuePost[]> {
  const found = await hearsay.pool.query<DuePost>(
    `SELECT id, native_id FROM post WHERE ${KEPT_OF} AND id > $3 AND id <= $4 AND (checked_at IS NULL OR checked_at < $5) ORDER BY id LIMIT $6`,
    [...keptOf(source), range.after, range.through, range.before, range.most],
  );
  return found.rows;
}

export async function countKept(hearsay: Hearsay, source: Source): Promise<number> {
  const found = await hearsay.pool.query<{ kept: number }>(`SELECT count(*)::int AS kept FROM post WHERE ${KEPT_OF}`, keptOf(source));
  return found.rows[0]?.kept ?? 0;
}

export interface Owed {
  readonly kept: number;
  /** To be asked about now. */
  readonly due: number;
  /** Due for so long that rounds which work would have asked. */
  readonly late: number;
  /** Of the post not looked at for longest, the time of its last look, or of its coming; null: nothing is kept. */
  readonly oldest: Date | null;
}

export async function readOwed(pool: Pool, source: Source, times: { readonly due: Date; readonly late: Date }): Promise<Owed> {
  const found = await pool.query<Owed>(
    `SELECT count(*)::int AS kept, count(*) FILTER (WHERE checked_at IS NULL OR checked_at < $3)::int AS due,
            count(*) FILTER (WHERE coalesce(checked_at, first_seen_at) < $4)::int AS late, min(coalesce(checked_at, first_seen_at)) AS oldest
       FROM post WHERE ${KEPT_OF}`,
    [...keptOf(source), times.due, times.late],
  );
  return found.rows[0] as Owed;
}

/** Rounds are hourly (jobs/open-queues.ts): three times the even share, so that what was neglected is caught up within a third of the interval. */
const CATCH_UP = 3;
const LEAST = 100;

/** How many posts one round asks about at most: after a month without rounds everything is due, and no platform is asked all of it at once. */
export function shareOfRound(kept: number, everyHours: number): number {
  return Math.max(LEAST, Math.ceil((CATCH_UP * kept) / everyHours));
}
