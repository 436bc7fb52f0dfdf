/** A community that was never crawled need not wait for its first slot: a new operator sees something within minutes. */
import type { Hearsay } from './hearsay.ts';
import type { JobQueues } from './queue-port.ts';

/** Enqueues a run of every active community without one; returns how many. */
export async function startFirstCrawls(hearsay: Hearsay, queues: JobQueues): Promise<number> {
  const found = await hearsay.pool.query<{ id: number; source: string }>(
    'SELECT id, source FROM community m WHERE active AND NOT EXISTS (SELECT 1 FROM crawl c WHERE c.community_id = m.id) ORDER BY id',
  );
  for (const community of found.rows) await queues.addCrawl(community);
  return found.rows.length;
}
