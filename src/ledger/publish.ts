/**
 * Publishing: folds a topic up to its head, stores the counts, and signs a checkpoint of exactly that head. The
 * mark that a topic is dirty is its head being ahead of its counts, so no write can be missed (design section 2, "Recount").
 */
import type { Pool, PoolClient } from 'pg';
import { countsOf } from '../counts/fold.ts';
import { inTransaction } from '../db/pool.ts';
import { IntegrityError } from '../errors.ts';
import { signCheckpoint } from './checkpoint.ts';
import type { FoldReader } from './fold-reader.ts';
import { decodeFrontier, rootOf } from './merkle.ts';

export interface Signer {
  /** 32 bytes */
  readonly seed: Uint8Array;
  /** Host part of every origin. */
  readonly host: string;
}

/** Origin and key name of a topic's log. */
export function originOf(host: string, topic: string): string {
  return `${host}/${topic}`;
}

interface HeadRow {
  size: number;
  frontier: Buffer;
}

/** Folds, counts and signs until counts and head agree; returns the size reached. */
export async function publishTopic(pool: Pool, topic: string, context: { readonly folds: FoldReader; readonly signer: Signer }): Promise<number> {
  for (;;) {
    const size = await inTransaction(pool, (client) => publishOnce(client, topic, context), { isolation: 'repeatable read' });
    const behind = await pool.query('SELECT 1 FROM ledger_head WHERE topic = $1 AND size > $2', [topic, size]);
    if (behind.rowCount === 0) return size;
  }
}

async function publishOnce(client: PoolClient, topic: string, context: { readonly folds: FoldReader; readonly signer: Signer }): Promise<number> {
  const found = await client.query<HeadRow>('SELECT size, frontier FROM ledger_head WHERE topic = $1', [topic]);
  const head = found.rows[0];
  if (!head) throw new IntegrityError('unknown_topic', `there is no ledger for topic ${topic}`);
  const fold = await context.folds.foldAt(client, topic);
  // A fold shared with another reader may already stand past this snapshot; then that reader publishes.
  if (fold.size > head.size) return head.size;
  const root = rootOf(decodeFrontier(head.size, head.frontier));
  const note = await signCheckpoint({ origin: originOf(context.signer.host, topic), size: head.size, root }, context.signer.seed);
  await client.query(
    `INSERT INTO counts (topic, size, root, document) VALUES ($1, $2, $3, $4)
     ON CONFLICT (topic) DO UPDATE SET size = excluded.size, root = excluded.root, document = excluded.document, folded_at = now()
      WHERE counts.size <= excluded.size`,
    [topic, head.size, root, JSON.stringify(countsOf(fold))],
  );
  await client.query('INSERT INTO checkpoint (topic, size, root, note) VALUES ($1, $2, $3, $4) ON CONFLICT (topic, size) DO NOTHING', [topic, head.size, root, note]);
  return head.size;
}
