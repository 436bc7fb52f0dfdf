/** What is signed of each log and what is not, as far as this machine can tell. Reads only. Proved by test/integration/signing-commands.test.ts. */
import type { Pool } from 'pg';
import { HearsayError } from '../errors.ts';
import { formatVerifierKey, originOf, parseCheckpoint } from '../ledger/checkpoint.ts';
import { readNewestCheckpoint } from '../ledger/published.ts';
import type { NoteStore, Refusal } from './note-store.ts';
import { listHeads } from './sign-logs.ts';

export interface SigningStatus {
  readonly topic: string;
  readonly origin: string;
  readonly entries: number;
  readonly unsigned: number;
  readonly checkpoint?: { readonly size: number; readonly signed_at: string; readonly vkey: string; readonly cosignatures: number };
  /** Size of the signer's own last note, on the machine that has it. */
  readonly own_size?: number;
  readonly refusal?: Refusal;
}

export async function readSigningStatus(pool: Pool, { host, notes }: { readonly host: string; readonly notes: NoteStore }): Promise<SigningStatus[]> {
  const rows: SigningStatus[] = [];
  for (const { topic, size } of await listHeads(pool)) {
    const origin = originOf(host, topic);
    const newest = await readNewestCheckpoint(pool, topic);
    const own = await readOwnSize(notes, origin);
    const refusal = await notes.readRefusal(origin);
    rows.push({
      topic,
      origin,
      entries: size,
      unsigned: Math.max(0, size - (newest?.size ?? 0)),
      ...(newest
        ? {
            checkpoint: {
              size: newest.size,
              signed_at: newest.signedAt.toISOString(),
              vkey: formatVerifierKey(newest.key),
              cosignatures: newest.signatures.length - 1,
            },
          }
        : {}),
      ...(own === undefined ? {} : { own_size: own }),
      ...(refusal ? { refusal } : {}),
    });
  }
  return rows;
}

/** Topics of which more was counted than is signed, and counted longer than `seconds` ago. */
export async function listUnsigned(pool: Pool, seconds: number): Promise<string[]> {
  const found = await pool.query<{ topic: string }>(
    `SELECT topic FROM counts c
      WHERE c.folded_at < now() - make_interval(secs => $1) AND c.size > coalesce((SELECT max(size) FROM checkpoint p WHERE p.topic = c.topic), 0)
      ORDER BY topic`,
    [seconds],
  );
  return found.rows.map(({ topic }) => topic);
}

/** Undefined where there is no note, or none that can be read: the signer says so when it signs. */
async function readOwnSize(notes: NoteStore, origin: string): Promise<number | undefined> {
  try {
    const note = await notes.read(origin);
    return note === undefined ? undefined : parseCheckpoint(note).size;
  } catch (error) {
    if (error instanceof HearsayError) return undefined;
    throw error;
  }
}
