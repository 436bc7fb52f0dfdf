/**
 * What the log of a topic gives to whoever checks it: signed sizes, tiles, entry hashes, headers, and proofs made of them. The port has
 * one implementation on Postgres (database-log.ts) and one in memory for tests. A proof is verified before it is handed out: a tree
 * that contradicts its own checkpoints is an integrity failure here, and not a puzzle for the reader. The JSON is described in docs/api.md.
 * Proved by test/unit/ledger/log.test.ts and test/integration/tile-reader.test.ts.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { IntegrityError, InvalidInputError } from '../errors.ts';
import { encodeBase64 } from './base64.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { leafHashOf } from './merkle.ts';
import { proveConsistency, proveInclusion, readRoot, verifyConsistency, verifyInclusion } from './proof.ts';
import { createNodeReader, type PageId, TILE_WIDTH, type TileReader } from './tile.ts';

/** A size that was signed, and its note with the lines of witnesses. */
export interface SignedSize {
  readonly size: number;
  readonly note: string;
}

/** Everything within the newest signed size may be read; nothing beyond it is promised to anybody yet. */
export interface Log extends TileReader {
  newest(): Promise<SignedSize | undefined>;
  /** The note of a size, where that size was signed. */
  noteOf(size: number): Promise<string | undefined>;
  /** Entry hashes, 32 bytes each. */
  readEntries(page: PageId): Promise<readonly Uint8Array[]>;
  /** Exact header bytes. */
  readHeaders(page: PageId): Promise<readonly Uint8Array[]>;
}

/** Hashes in hex, those of the proof in base64 as in an export. */
export interface InclusionDocument {
  readonly seq: number;
  readonly size: number;
  readonly entry: string;
  readonly leaf: string;
  readonly root: string;
  readonly proof: readonly string[];
  /** Where this size was signed. */
  readonly checkpoint?: string;
}

export interface ConsistencyDocument {
  readonly from: number;
  readonly to: number;
  readonly from_root: string;
  readonly to_root: string;
  readonly proof: readonly string[];
  readonly from_checkpoint?: string;
  readonly to_checkpoint?: string;
}

/**
 * @throws InvalidInputError `no_checkpoint`; `bad_size` where the newest checkpoint does not reach, or the tree has no such entry
 */
export async function proveEntry(log: Log, at: { readonly seq: number; readonly size?: number | undefined }): Promise<InclusionDocument> {
  const { seq } = at;
  const { size, note } = await chooseSize(log, at.size);
  const nodes = createNodeReader(log, size);
  const proof = await proveInclusion(nodes, { index: seq, size });
  const root = await readRoot(nodes, size);
  const page = await log.readEntries({ index: Math.floor(seq / TILE_WIDTH), width: (seq % TILE_WIDTH) + 1 });
  const entry = page.at(-1) as Uint8Array;
  const leaf = leafHashOf(entry);
  requireAgreement(() => {
    verifyInclusion({ index: seq, size, leaf, root, proof });
    requireSignedRoot(note, root);
  });
  return {
    seq,
    size,
    entry: bytesToHex(entry),
    leaf: bytesToHex(leaf),
    root: bytesToHex(root),
    proof: proof.map(encodeBase64),
    ...(note === undefined ? {} : { checkpoint: note }),
  };
}

/**
 * @throws InvalidInputError `no_checkpoint`; `bad_size` where the newest checkpoint does not reach, or `from` is 0 or more than `to`
 */
export async function proveGrowth(log: Log, sizes: { readonly from: number; readonly to?: number | undefined }): Promise<ConsistencyDocument> {
  const { from } = sizes;
  const { size: to, note: toNote } = await chooseSize(log, sizes.to);
  const nodes = createNodeReader(log, to);
  const proof = await proveConsistency(nodes, { from, to });
  const fromRoot = await readRoot(nodes, from);
  const toRoot = await readRoot(nodes, to);
  const fromNote = await log.noteOf(from);
  requireAgreement(() => {
    verifyConsistency({ from, fromRoot, to, toRoot, proof });
    requireSignedRoot(fromNote, fromRoot);
    requireSignedRoot(toNote, toRoot);
  });
  return {
    from,
    to,
    from_root: bytesToHex(fromRoot),
    to_root: bytesToHex(toRoot),
    proof: proof.map(encodeBase64),
    ...(fromNote === undefined ? {} : { from_checkpoint: fromNote }),
    ...(toNote === undefined ? {} : { to_checkpoint: toNote }),
  };
}

async function chooseSize(log: Log, wanted: number | undefined): Promise<{ readonly size: number; readonly note: string | undefined }> {
  const newest = await log.newest();
  if (newest === undefined) throw new InvalidInputError('no_checkpoint', 'nothing has been signed for this topic yet');
  if (wanted === undefined || wanted === newest.size) return newest;
  if (wanted > newest.size) throw new InvalidInputError('bad_size', `the newest checkpoint is of size ${newest.size}, not ${wanted}`);
  return { size: wanted, note: await log.noteOf(wanted) };
}

function requireAgreement(check: () => void): void {
  try {
    check();
  } catch (cause) {
    throw new IntegrityError('tree_differs', 'what is stored of the tree contradicts itself or a signed root', { cause });
  }
}

function requireSignedRoot(note: string | undefined, root: Uint8Array): void {
  if (note === undefined) return;
  const signed = parseCheckpoint(note);
  if (encodeBase64(signed.root) !== encodeBase64(root)) throw new Error(`size ${signed.size} was signed with another root`);
}
