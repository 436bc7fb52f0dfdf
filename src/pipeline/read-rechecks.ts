/**
 * Whether re-checks keep up with what platforms ask: for `hearsay crawl status` and metrics. A round that fails, or that nobody can pay
 * for, leaves its posts due, and that is seen here. Proved by test/integration/owed-rechecks.test.ts.
 */
import type { Pool } from 'pg';
import { sources } from '../sources/list.ts';
import { recheckDutyOf } from '../sources/recheck-duty.ts';
import { type Owed, readOwed } from './recheck-due.ts';

/** Two rounds, which are hourly (jobs/open-queues.ts). */
const GRACE_HOURS = 2;
const HOUR_MS = 3_600_000;

interface LastRound {
  readonly at: Date;
  readonly checked: number;
  /** Code and message of what ended it early: for the operator only. */
  readonly error: string | null;
}

export interface RecheckStanding extends Owed {
  readonly source: string;
  readonly every_hours: number;
  /** The rule that is not kept while posts are late. */
  readonly because: string;
  /** Null: none was ever made. */
  readonly last_round: LastRound | null;
}

/** Of each source that has posts to look after. */
export async function readRechecks(pool: Pool, now: Date): Promise<readonly RecheckStanding[]> {
  const rounds = await pool.query<LastRound & { source: string }>('SELECT source, at, checked, error FROM recheck_round');
  const standings: RecheckStanding[] = [];
  for (const source of sources) {
    const { everyHours, because } = recheckDutyOf(source);
    const dueMs = now.getTime() - everyHours * HOUR_MS;
    const owed = await readOwed(pool, source, { due: new Date(dueMs), late: new Date(dueMs - GRACE_HOURS * HOUR_MS) });
    if (owed.kept === 0) continue;
    const found = rounds.rows.find((round) => round.source === source.name);
    const lastRound = found ? { at: found.at, checked: found.checked, error: found.error } : null;
    standings.push({ source: source.name, ...owed, every_hours: everyHours, because, last_round: lastRound });
  }
  return standings;
}
