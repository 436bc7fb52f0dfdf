/**
 * Publishing: folds a topic up to its head, stores the counts, and signs a checkpoint of exactly that head. The
 * mark that a topic is dirty is its head being ahead of its counts, so no write can be missed (design section 2, "Recount").
 */
import type { Pool } from 'pg';
import { countsOf } from '../counts/fold.ts';
import { IntegrityError } from '../errors.ts';
import { signCheckpoint } from './checkpoint.ts';
import type { Counts } from '../model/counts.ts';
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

/** Folds, counts and signs until counts and head agree; returns the size reached. Two publishers at once do the same work twice, no harm. */
export async function publishTopic(pool: Pool, topic: string, context: { readonly folds: FoldReader; readonly signer: Signer }): Promise<number> {
  for (;;) {
    const head = await readHead(pool, topic);
    const fold = await context.folds.foldAt(pool, topic, head.size);
    // Another reader of the shared fold saw a newer head: so will the next look.
    if (fold.size === head.size) await publishHead(pool, { topic, head, counts: countsOf(fold), signer: context.signer });
    if ((await readHead(pool, topic)).size === head.size) return head.size;
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
  readonly signer: Signer;
}

/** Checkpoint and counts of one head; older ones never replace newer ones. */
async function publishHead(pool: Pool, { topic, head, counts, signer }: Publication): Promise<void> {
  const root = rootOf(decodeFrontier(head.size, head.frontier));
  const note = await signCheckpoint({ origin: originOf(signer.host, topic), size: head.size, root }, signer.seed);
  await pool.query('INSERT INTO checkpoint (topic, size, root, note) VALUES ($1, $2, $3, $4) ON CONFLICT (topic, size) DO NOTHING', [
    topic,
    head.size,
    root,
    note,
  ]);
  await pool.query(
    `INSERT INTO counts (topic, size, root, document) VALUES ($1, $2, $3, $4)
     ON CONFLICT (topic) DO UPDATE SET size = excluded.size, root = excluded.root, document = excluded.document, folded_at = now()
      WHERE counts.size < excluded.size`,
    [topic, head.size, root, JSON.stringify(counts)],
  );
}
