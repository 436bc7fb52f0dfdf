/**
 * Which studies of the same ledger a source cites: a link beside the chain, not part of it, and gone with the post that makes it.
 * Proved by test/integration/citations.test.ts.
 */
import type { Pool } from 'pg';
import { LITERATURE_PLATFORMS } from '../model/labels.ts';
import type { CitedSource } from './ledger-reader.ts';

/** By the seq of the citing source; none for those that cite nothing, or are set aside. */
export async function readCites(pool: Pool, topic: string, seqs: readonly number[]): Promise<ReadonlyMap<number, readonly CitedSource[]>> {
  const found = await pool.query<CitedSource & { from: number }>(
    `SELECT s.seq AS from, cited.seq, 's' || cited.number AS number
       FROM ledger_source s JOIN post p ON p.post_key = s.post_key JOIN citation c ON c.post_id = p.id
       JOIN post study ON study.native_id = c.record AND study.platform = ANY ($3)
       JOIN ledger_source cited ON cited.topic = s.topic AND cited.post_key = study.post_key AND cited.state = 'live'
      WHERE s.topic = $1 AND s.seq = ANY ($2) AND s.state = 'live' ORDER BY s.seq, cited.seq`,
    [topic, seqs, LITERATURE_PLATFORMS],
  );
  const cites = new Map<number, CitedSource[]>();
  for (const { from, seq, number } of found.rows) cites.set(from, [...(cites.get(from) ?? []), { seq, number }]);
  return cites;
}
