/** Stage 4: counts for every topic whose ledger is ahead of them. */
import { publishTopic } from '../ledger/publish.ts';
import type { Hearsay } from './hearsay.ts';

/** Publishes one topic; returns the size reached. Does nothing but look when it is up to date. */
export async function recountTopic(hearsay: Hearsay, slug: string): Promise<number> {
  const found = await hearsay.pool.query<{ size: number }>(
    'SELECT h.size FROM ledger_head h JOIN counts c USING (topic) WHERE h.topic = $1 AND h.size = c.size',
    [slug],
  );
  const current = found.rows[0];
  return current ? current.size : publishTopic(hearsay.pool, slug, hearsay.folds);
}
