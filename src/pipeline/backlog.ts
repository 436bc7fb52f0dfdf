/**
 * What every stage still has to do, found in Postgres alone: `reconcile` enqueues it again after a crash or a lost
 * queue, and long commands wait until it is empty.
 */
import type { Pool } from 'pg';
import { COME_BACK } from './erase-again.ts';
import { BATCH } from './hearsay.ts';

interface AnnotateBatch {
  readonly topic: string;
  readonly revisionIds: readonly number[];
}

export interface Backlog {
  /** Revision ids to annotate, a batch at a time: there may be millions. */
  readonly annotate: AsyncIterable<AnnotateBatch>;
  /** Topics with annotations to append. */
  readonly append: readonly string[];
  /** Topics whose counts are behind their head. */
  readonly recount: readonly string[];
  /** Posts whose observed state is not carried to the ledgers, and erased ones that came back. */
  readonly sweep: number;
}

export interface BacklogSize {
  readonly annotate: number;
  readonly append: number;
  readonly recount: number;
  readonly sweep: number;
}

const TO_SWEEP = `(SELECT count(*) FROM post WHERE state <> 'erased' AND observed <> state) + (SELECT count(*) FROM (${COME_BACK}) AS come_back)`;
const TO_APPEND = `outcome = 'keep' AND appended_seq IS NULL AND blocked IS NULL AND NOT shadow`;

export async function readBacklog(pool: Pool): Promise<Backlog> {
  const append = await pool.query<{ topic: string }>(`SELECT DISTINCT topic FROM annotation WHERE ${TO_APPEND} ORDER BY topic`);
  const recount = await pool.query<{ topic: string }>(
    'SELECT topic FROM ledger_head h LEFT JOIN counts c USING (topic) WHERE h.size > coalesce(c.size, -1) ORDER BY topic',
  );
  const sweep = await pool.query<{ posts: number }>(`SELECT ${TO_SWEEP} AS posts`);
  return {
    annotate: readUnannotated(pool),
    append: append.rows.map((row) => row.topic),
    recount: recount.rows.map((row) => row.topic),
    sweep: Number(sweep.rows[0]?.posts ?? 0),
  };
}

export async function measureBacklog(pool: Pool): Promise<BacklogSize> {
  const found = await pool.query<Record<keyof BacklogSize, number>>(
    `SELECT (SELECT count(*) FROM unannotated) AS annotate,
            (SELECT count(*) FROM annotation WHERE ${TO_APPEND}) AS append,
            (SELECT count(*) FROM ledger_head h LEFT JOIN counts c USING (topic) WHERE h.size > coalesce(c.size, -1)) AS recount,
            ${TO_SWEEP} AS sweep`,
  );
  const row = found.rows[0] as Record<keyof BacklogSize, number>;
  return { annotate: Number(row.annotate), append: Number(row.append), recount: Number(row.recount), sweep: Number(row.sweep) };
}

export async function countUnannotated(pool: Pool): Promise<number> {
  const found = await pool.query<{ revisions: number }>('SELECT count(*) AS revisions FROM unannotated');
  return Number(found.rows[0]?.revisions ?? 0);
}

/** By the primary key, from where the last batch ended: marks may be taken off meanwhile. */
async function* readUnannotated(pool: Pool): AsyncGenerator<AnnotateBatch> {
  const topics = await pool.query<{ slug: string }>('SELECT slug FROM topic ORDER BY slug');
  for (const { slug: topic } of topics.rows) {
    for (let after = 0; ; ) {
      const found = await pool.query<{ revision_id: number }>(
        'SELECT revision_id FROM unannotated WHERE topic = $1 AND revision_id > $2 ORDER BY revision_id LIMIT $3',
        [topic, after, BATCH],
      );
      const revisionIds = found.rows.map((row) => row.revision_id);
      const last = revisionIds.at(-1);
      if (last === undefined) break;
      yield { topic, revisionIds };
      after = last;
    }
  }
}
