/**
 * What was last published of a topic: counts, and the newest checkpoint as readers get it, with the lines of witnesses and the key
 * it is to be checked with. Proved by test/integration/signer.test.ts and test/integration/export.test.ts.
 */
import type { ClientBase, Pool } from 'pg';
import { IntegrityError } from '../errors.ts';
import type { Counts, PublishedCounts } from '../model/counts.ts';
import { addSignatureLines, type Checkpoint, namesKey, parseCheckpoint, parseVerifierKey, type VerifierKey } from './checkpoint.ts';

/** Lines of witnesses in one note at most: with the log's own they stay below what any verifier must take. */
export const MAX_COSIGNATURES = 15;

export async function readPublishedCounts(pool: Pool, topic: string): Promise<PublishedCounts | undefined> {
  const found = await pool.query<{ size: number; root: Buffer; document: Counts }>('SELECT size, root, document FROM counts WHERE topic = $1', [topic]);
  const row = found.rows[0];
  return row && { topic, ...row.document, head: { size: row.size, root: row.root.toString('hex') } };
}

export interface PublishedCheckpoint extends Checkpoint {
  /** The whole note: the log's signature and those of witnesses. */
  readonly note: string;
  /** The key that signed it, of those kept in log_key. */
  readonly key: VerifierKey;
  readonly signedAt: Date;
}

/**
 * The newest checkpoint of a topic. Undefined before the first, and where no key is known for it: a note that nobody can check is none
 * (a database of an earlier release has keys after the signer ran once).
 */
export async function readNewestCheckpoint(db: Pool | ClientBase, topic: string): Promise<PublishedCheckpoint | undefined> {
  const found = await db.query<{ note: string; signed_at: Date; lines: string[]; vkeys: string[] }>(
    `SELECT c.note, c.signed_at,
            ARRAY (SELECT line FROM cosignature w WHERE w.topic = c.topic AND w.size = c.size ORDER BY w.name COLLATE "C" LIMIT $2) AS lines,
            ARRAY (SELECT vkey FROM log_key k WHERE k.topic = c.topic ORDER BY first_used_at DESC, vkey) AS vkeys
       FROM checkpoint c WHERE c.topic = $1 ORDER BY c.size DESC LIMIT 1`,
    [topic, MAX_COSIGNATURES],
  );
  const row = found.rows[0];
  if (!row) return undefined;
  try {
    const note = addSignatureLines(row.note, row.lines);
    const checkpoint = parseCheckpoint(note);
    const key = row.vkeys.map(parseVerifierKey).find((known) => checkpoint.signatures.some((signature) => namesKey(signature, known)));
    return key && { ...checkpoint, note, key, signedAt: row.signed_at };
  } catch (error) {
    throw new IntegrityError('damaged_checkpoint', `the newest checkpoint of ${topic}, or a signature or key kept with it, cannot be read`, { cause: error });
  }
}
