/**
 * What every stage still has to do, found in Postgres alone: `reconcile` enqueues it again after a crash or a lost
 * queue, and long commands wait until it is empty.
 */
import type { Pool } from 'pg';
import { COME_BACK } from './erase-again.ts';
import { BATCH } from './hearsay.ts';

export interface Backlog {
  /** Batches of revision ids to annotate. */
  readonly annotate: readonly { readonly topic: string; readonly revisionIds: readonly number[] }[];
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
const TO_APPEND = `outcome = 'keep' AND appended_seq IS NULL AND blocked IS NULL`;

export async function readBacklog(pool: Pool): Promise<Backlog> {
  const annotate = await pool.query<{ topic: string; revision_id: number }>('SELECT topic, revision_id FROM unannotated ORDER BY topic, revision_id');
  const append = await pool.query<{ topic: string }>(`SELECT DISTINCT topic FROM annotation WHERE ${TO_APPEND} ORDER BY topic`);
  const recount = await pool.query<{ topic: string }>(
    'SELECT topic FROM ledger_head h LEFT JOIN counts c USING (topic) WHERE h.size > coalesce(c.size, -1) ORDER BY topic',
  );
  const sweep = await pool.query<{ posts: number }>(`SELECT ${TO_SWEEP} AS posts`);
  return {
    annotate: batchByTopic(annotate.rows),
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

function batchByTopic(rows: readonly { topic: string; revision_id: number }[]): { topic: string; revisionIds: number[] }[] {
  const batches: { topic: string; revisionIds: number[] }[] = [];
  for (const row of rows) {
    const last = batches.at(-1);
    if (last?.topic === row.topic && last.revisionIds.length < BATCH) last.revisionIds.push(row.revision_id);
    else batches.push({ topic: row.topic, revisionIds: [row.revision_id] });
  }
  return batches;
}
