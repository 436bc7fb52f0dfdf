/**
 * Publishing: folds a topic up to its head, stores the counts, and the tiles that are complete. Signing is somebody else's part
 * (src/signer): no key is needed here. The mark that a topic is dirty is its head being ahead of its counts, so no write can be
 * missed (design section 2, "Recount").
 */
import type { Pool } from 'pg';
import { countsOf } from '../counts/fold.ts';
import { IntegrityError } from '../errors.ts';
import type { Counts } from '../model/counts.ts';
import type { FoldReader } from './fold-reader.ts';
import { decodeFrontier, rootOf } from './merkle.ts';
import { storeUpperTiles } from './upper-tiles.ts';

interface HeadRow {
  size: number;
  frontier: Buffer;
}

/** Folds and counts until counts and head agree; returns the size reached. Two publishers at once do the same work twice, no harm. */
export async function publishTopic(pool: Pool, topic: string, folds: FoldReader): Promise<number> {
  for (;;) {
    const head = await readHead(pool, topic);
    const fold = await folds.foldAt(pool, topic, head.size);
    // Another reader of the shared fold saw a newer head: so will the next look.
    if (fold.size === head.size) await storeCounts(pool, { topic, head, counts: countsOf(fold) });
    if ((await readHead(pool, topic)).size !== head.size) continue;
    await storeUpperTiles(pool, topic);
    return head.size;
  }
}

async function readHead(pool: Pool, topic: string): Promise<HeadRow> {
  const found = await pool.query<HeadRow>('SELECT size, frontier FROM ledger_head WHERE topic = $1', [topic]);
  const head = found.rows[0];
  if (!head) throw new IntegrityError('unknown_topic', `there is no ledger for topic ${topic}`);
  return head;
}

interface Publication {
  readonly topic: string;
  readonly head: HeadRow;
  readonly counts: Counts;
}

/** Counts of one head; older ones never replace newer ones. */
async function storeCounts(pool: Pool, { topic, head, counts }: Publication): Promise<void> {
  await pool.query(
    `INSERT INTO counts (topic, size, root, document) VALUES ($1, $2, $3, $4)
     ON CONFLICT (topic) DO UPDATE SET size = excluded.size, root = excluded.root, document = excluded.document, folded_at = now()
      WHERE counts.size < excluded.size`,
    [topic, head.size, rootOf(decodeFrontier(head.size, head.frontier)), JSON.stringify(counts)],
  );
}
