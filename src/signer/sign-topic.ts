/**
 * Signs the head of one topic, if it extends everything this key signed before.
 *
 * The database is not trusted: the last note of each log lies in a directory outside it (note-store.ts), and nothing is signed that is
 * not proved to extend it. In order: sign in memory, put the note into its file, then into the tables. A crash between the two leaves
 * the file ahead, and the next run publishes its note. Signers of one database take turns by an advisory lock per topic.
 * Proved by test/integration/signer.test.ts; killed at any moment by signer-kill.test.ts beside it.
 */
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../db/pool.ts';
import { IntegrityError } from '../errors.ts';
import { formatVerifierKey, isSignedBy, nameKey, originOf, signCheckpoint, type TreeHead, verifierKeyOf } from '../ledger/checkpoint.ts';
import { decodeFrontier, rootOf } from '../ledger/merkle.ts';
import { proveConsistency, readRoot } from '../ledger/proof.ts';
import { createNodeReader } from '../ledger/tile.ts';
import { createTileReader } from '../ledger/tile-reader.ts';
import { judgeHead, needsProof, type Remembered } from './judge.ts';
import type { NoteStore } from './note-store.ts';
import { isOwnNote, type Note, type OwnLog, parseNote, requireOwnNote } from './own-note.ts';

export interface Signer {
  /** 32 bytes */
  readonly seed: Uint8Array;
  /** Host part of every origin. */
  readonly host: string;
  readonly notes: NoteStore;
  readonly log: { warn(fields: object, message: string): void };
  /** 32 bytes: the public key that signed before this one. Its last note is then accepted as own. */
  readonly previousKey?: Uint8Array;
  /** The newest note of a log that a place outside holds, for a signer whose own directory was set back as well. */
  readonly newestOutside?: (origin: string) => Promise<OutsideNote | undefined>;
}

/** `empty`: no entries yet. `size`: of the newest checkpoint. */
export type Signed = { readonly kind: 'empty' } | { readonly kind: 'signed' | 'unchanged'; readonly size: number };

interface OutsideNote {
  readonly place: string;
  readonly note: string;
}

/** One run: which log is signed, in whose transaction. */
interface Run {
  readonly client: PoolClient;
  readonly topic: string;
  readonly log: OwnLog;
  readonly signer: Signer;
  readonly outside: OutsideNote | undefined;
}

/**
 * Raises IntegrityError, having signed nothing, where the database contradicts what was signed before: `log_shrunk`, `log_rewritten`,
 * `log_inconsistent`, `tree_differs`, `checkpoint_conflict`; and where the own memory is not this key's: `signer_key_changed`,
 * `signer_note_damaged`.
 */
export async function signTopic(pool: Pool, topic: string, signer: Signer): Promise<Signed> {
  const origin = originOf(signer.host, topic);
  const key = await verifierKeyOf(origin, signer.seed);
  const log: OwnLog = { origin, keys: signer.previousKey ? [key, nameKey(origin, signer.previousKey)] : [key] };
  // Before the head is read: what a place holds by now, the head has by then.
  const outside = await signer.newestOutside?.(origin);
  // Not a snapshot: whoever waited for the lock must see what the signer before it signed. Entries and tiles only ever grow.
  return inTransaction(pool, async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('hearsay/signer/' || $1, 0))`, [topic]);
    return signLocked({ client, topic, log, signer, outside });
  });
}

async function signLocked(run: Run): Promise<Signed> {
  const { client, topic, log, signer } = run;
  const own = await readOwn(run);
  const table = await readTable(run, own);
  const place = await readPlace(run, own);
  const head = await readHead(client, topic, log.origin);
  await requireConsistent(run, head, [
    ...(own ? [{ ...own, where: signer.notes.dir }] : []),
    ...(table && table.note !== own?.note ? [{ ...table, where: 'the table of checkpoints' }] : []),
    ...(place ? [place] : []),
  ]);
  await requireNoConflict(run, head);
  if (head.size === 0) return { kind: 'empty' };

  const isCurrent = own?.size === head.size && (await isSignedBy(own, log.keys[0]));
  const note = isCurrent ? own.note : await signCheckpoint(head, signer.seed);
  if (!isCurrent) await signer.notes.write(log.origin, note, own?.note);
  // After a crash before this point the file is ahead of the table: its note belongs there too.
  const isOwnMissing = own !== undefined && own.size < head.size && own.size > (table?.size ?? -1);
  await publishNotes(run, [...(isOwnMissing ? [own] : []), { ...head, note }]);
  return { kind: isCurrent && table?.size === head.size ? 'unchanged' : 'signed', size: head.size };
}

async function readOwn({ log, signer }: Run): Promise<Note | undefined> {
  const text = await signer.notes.read(log.origin);
  if (text === undefined) return undefined;
  const where = `the last note of ${log.origin} in ${signer.notes.dir}`;
  const note = parseNote(text, log.origin, where);
  await requireOwnNote(note, log, where);
  return note;
}

/** Only of this origin: a log of the same topic under another one is another log. */
async function readTable({ client, topic, log, signer }: Run, own: Note | undefined): Promise<Note | undefined> {
  const found = await client.query<{ note: string }>('SELECT note FROM checkpoint WHERE topic = $1 AND starts_with(note, $2) ORDER BY size DESC LIMIT 1', [
    topic,
    `${log.origin}\n`,
  ]);
  const row = found.rows[0];
  if (!row) return undefined;
  const where = `the newest checkpoint of ${log.origin} in the database`;
  const note = parseNote(row.note, log.origin, where);
  if (isPast(note, own) && !(await isOwnNote(note, log))) return undefined;
  await requireOwnNote(note, log, where);
  if (!own) signer.log.warn({ topic, size: note.size }, `no note of ${log.origin} in ${signer.notes.dir}: going on from the newest checkpoint in the database`);
  return note;
}

async function readPlace({ log, outside }: Run, own: Note | undefined): Promise<Remembered | undefined> {
  if (!outside) return undefined;
  const note = parseNote(outside.note, log.origin, `the newest checkpoint of ${log.origin} at ${outside.place}`);
  if (isPast(note, own) && !(await isOwnNote(note, log))) return undefined;
  await requireOwnNote(note, log, `the newest checkpoint of ${log.origin} at ${outside.place}`);
  return { ...note, where: outside.place };
}

/** After a change of keys, checkpoints of the earlier key lie behind the own note, and the own note vouches for them. */
function isPast(note: Note, own: Note | undefined): boolean {
  return own !== undefined && note.size <= own.size;
}

/** The tree as the append keeps it, held against the tiles that readers are served: a root that no tile leads to must not be signed. */
async function readHead(client: PoolClient, topic: string, origin: string): Promise<TreeHead> {
  const found = await client.query<{ size: number; frontier: Buffer }>('SELECT size, frontier FROM ledger_head WHERE topic = $1', [topic]);
  const row = found.rows[0];
  if (!row) throw new IntegrityError('unknown_topic', `there is no ledger for topic ${topic}`);
  const root = rootOf(decodeFrontier(row.size, row.frontier));
  const tiles = await readRoot(createNodeReader(createTileReader(client, topic), row.size), row.size);
  if (!Buffer.from(root).equals(tiles)) throw new IntegrityError('tree_differs', `the head of ${topic} and its entries and tiles have different roots`);
  return { origin, size: row.size, root };
}

async function requireConsistent({ client, topic }: Run, head: TreeHead, remembered: readonly Remembered[]): Promise<void> {
  const reader = createNodeReader(createTileReader(client, topic), head.size);
  for (const before of remembered) {
    const proof = needsProof(before, head) ? await proveConsistency(reader, { from: before.size, to: head.size }) : [];
    const verdict = judgeHead(head, before, proof);
    if (verdict.kind === 'refused') throw new IntegrityError(verdict.code, verdict.why);
  }
}

/** Rows of checkpoints are never replaced, also those under an earlier origin or key: one root per size, for ever. */
async function requireNoConflict({ client, topic }: Run, head: TreeHead): Promise<void> {
  const stored = await client.query<{ root: Buffer }>('SELECT root FROM checkpoint WHERE topic = $1 AND size = $2', [topic, head.size]);
  const root = stored.rows[0]?.root;
  if (root && !root.equals(head.root))
    throw new IntegrityError('checkpoint_conflict', `the database holds a checkpoint of ${topic} at size ${head.size} with another root`);
}

async function publishNotes({ client, topic, log }: Run, notes: readonly (TreeHead & { readonly note: string })[]): Promise<void> {
  await client.query('INSERT INTO log_key (topic, vkey) VALUES ($1, $2) ON CONFLICT DO NOTHING', [topic, formatVerifierKey(log.keys[0])]);
  for (const { size, root, note } of notes) {
    await client.query('INSERT INTO checkpoint (topic, size, root, note) VALUES ($1, $2, $3, $4) ON CONFLICT (topic, size) DO NOTHING', [
      topic,
      size,
      root,
      note,
    ]);
  }
}
