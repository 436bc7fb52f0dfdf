/**
 * Signs the logs of a database, each for itself: a log that is refused does not hold up the others. A refusal is kept beside the notes,
 * where `doctor` and `ledger status` find it, and goes when the log can be signed again. Proved by test/integration/signer.test.ts.
 */
import type { Pool } from 'pg';
import { IntegrityError, InvalidInputError } from '../errors.ts';
import { originOf } from '../ledger/checkpoint.ts';
import type { Refusal } from './note-store.ts';
import { signTopic, type Signed, type Signer } from './sign-topic.ts';

/** As in topic files. The database is not trusted with what goes into an origin: a slug is nothing but this. */
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export type SignReport = { readonly topic: string } & (Signed | { readonly kind: 'refused'; readonly error: IntegrityError; readonly isNews: boolean });

/** One log. Errors that are no refusal (no connection, no directory) are raised. */
export async function signLog(pool: Pool, topic: string, context: { readonly signer: Signer; readonly now: () => Date }): Promise<SignReport> {
  const { signer, now } = context;
  if (!SLUG.test(topic)) throw new InvalidInputError('bad_origin', 'a topic in the database has a name that no topic file can have: it is not signed');
  const origin = originOf(signer.host, topic);
  try {
    const signed = await signTopic(pool, topic, signer);
    await signer.notes.clearRefusal(origin);
    return { topic, ...signed };
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    const refusal: Refusal = { origin, code: error.code, message: error.message, since: now().toISOString() };
    return { topic, kind: 'refused', error, isNews: await signer.notes.noteRefusal(refusal) };
  }
}

/** Entries of every log. */
export async function listHeads(pool: Pool): Promise<{ topic: string; size: number }[]> {
  const found = await pool.query<{ topic: string; size: number }>('SELECT topic, size FROM ledger_head ORDER BY topic');
  return found.rows;
}
