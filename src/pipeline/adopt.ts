/**
 * Adopting an annotator version (design section 6): what it says differently of the posts already in the ledger is appended
 * first, its `annotator` entry last, so that counts switch at one entry. Until then its sources wait, in no count.
 */
import type { Pool } from 'pg';
import { inTransaction } from '../db/pool.ts';
import { IntegrityError } from '../errors.ts';
import { appendEntries } from '../ledger/append.ts';
import type { Hearsay } from './hearsay.ts';

/** Topics whose ledger has not adopted the annotator in use. */
export async function listUnadopted(pool: Pool, annotator: string): Promise<string[]> {
  const found = await pool.query<{ topic: string }>(
    `SELECT topic FROM ledger_head h
      WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.topic = h.topic AND e.type = 'annotator' AND e.key = $1)
      ORDER BY topic`,
    [Buffer.from(annotator)],
  );
  return found.rows.map((row) => row.topic);
}

/**
 * Queues every live post of the topic that this annotator has not seen; returns how many. Annotate and append do the rest. What it said as a
 * shadow is taken as it is.
 */
export async function queueForAnnotator(hearsay: Hearsay, topic: string): Promise<number> {
  await hearsay.pool.query('UPDATE annotation SET shadow = false WHERE topic = $1 AND annotator = $2 AND shadow', [topic, hearsay.annotator.id]);
  const queued = await hearsay.pool.query(
    `INSERT INTO unannotated (topic, revision_id)
     SELECT t.topic, r.id FROM topic_post t JOIN post p ON p.id = t.post_id
       JOIN LATERAL (SELECT id FROM post_revision WHERE post_id = p.id ORDER BY revision DESC LIMIT 1) r ON true
      WHERE t.topic = $1 AND p.state = 'live'
        AND NOT EXISTS (SELECT 1 FROM annotation a WHERE a.topic = t.topic AND a.revision_id = r.id AND a.annotator = $2)
     ON CONFLICT DO NOTHING`,
    [topic, hearsay.annotator.id],
  );
  return queued.rowCount ?? 0;
}

/** Appends the `annotator` entry: from here on its sources count. Call when nothing of the topic is left to annotate or append. */
export async function appendAnnotator(hearsay: Hearsay, topic: string): Promise<number> {
  const { id, kind, digest } = hearsay.annotator;
  const [outcome] = await inTransaction(hearsay.pool, (client) =>
    appendEntries(client, { topic, now: hearsay.now(), folds: hearsay.folds }, [{ type: 'annotator', annotator: id, kind, digest }]),
  );
  if (outcome?.outcome !== 'appended' && outcome?.outcome !== 'existing') throw new IntegrityError('no_outcome', 'the ledger did not answer');
  return outcome.seq;
}
