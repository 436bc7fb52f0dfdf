/**
 * Gaps that no later run will close, because their listing no longer reaches so far down: a file of that time closes them, or a person
 * who accepts them, with name and reason. Those that runs close: coverage.ts. Proved by test/integration/close-gaps.test.ts.
 */
import type { Pool } from 'pg';
import { InvalidInputError } from '../errors.ts';
import type { TimeSpan } from '../model/gap.ts';

/** The kinds that stay; `stopped` and `quiet` pass with the next good run. */
const STAYING = `kind IN ('cap', 'budget') AND closed_at IS NULL`;

/** @throws InvalidInputError `unknown_gap` */
export async function acceptGap(pool: Pool, id: number, by: { readonly who: string; readonly why: string; readonly now: Date }): Promise<void> {
  const closed = await pool.query(
    `UPDATE coverage_gap SET closed_at = $2, closed_by = 'person', closed_who = $3, closed_why = $4 WHERE id = $1 AND ${STAYING}`,
    [id, by.now, by.who, by.why],
  );
  if (closed.rowCount === 0)
    throw new InvalidInputError(
      'unknown_gap',
      `there is no open gap ${id} of kind cap or budget; hearsay crawl status lists them, and others close by themselves`,
    );
}

/** Closes the gaps of a community that lie within the time a file covers; returns their ids. */
export async function closeCovered(
  pool: Pool,
  communityId: number,
  covered: { readonly span: TimeSpan; readonly file: string; readonly now: Date },
): Promise<readonly number[]> {
  const { span, file, now } = covered;
  const closed = await pool.query<{ id: number }>(
    `UPDATE coverage_gap SET closed_at = $2, closed_by = 'import', closed_who = $3
      WHERE community_id = $1 AND since >= $4 AND until <= $5 AND ${STAYING} RETURNING id`,
    [communityId, now, file, span.since, span.until],
  );
  return closed.rows.map(({ id }) => id).sort((a, b) => a - b);
}
