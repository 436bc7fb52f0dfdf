/** Reads what was last published of a topic: counts and checkpoint. */
import type { Pool } from 'pg';
import type { Counts, PublishedCounts } from '../model/counts.ts';

export async function readPublishedCounts(pool: Pool, topic: string): Promise<PublishedCounts | undefined> {
  const found = await pool.query<{ size: number; root: Buffer; document: Counts }>('SELECT size, root, document FROM counts WHERE topic = $1', [topic]);
  const row = found.rows[0];
  return row && { topic, ...row.document, head: { size: row.size, root: row.root.toString('hex') } };
}
