/**
 * Exports sealed anew around entries that were changed: chain, tree, signature, proofs and counts are those of the change, as somebody
 * with the database and the signing key would make them. What is then refused is refused for what the entries say, and not for a hash.
 */
import { countsOf, emptyFold, foldHeader } from '../../../src/counts/fold.ts';
import { encodeBase64 } from '../../../src/ledger/base64.ts';
import { commitmentOf, entryHashOf, GENESIS } from '../../../src/ledger/chain.ts';
import { addSignatureLines, formatVerifierKey, signCheckpoint, verifierKeyOf } from '../../../src/ledger/checkpoint.ts';
import { signCosignature } from '../../../src/ledger/cosignature.ts';
import { type EntryLine, formatCounts, formatLine } from '../../../src/ledger/export-format.ts';
import { headerSchema } from '../../../src/ledger/header.ts';
import { NaiveTree } from '../../property/naive-tree.ts';

/** Header and content are exact texts, so that any of them may be wrong. */
export interface Entry {
  readonly header: string;
  readonly content?: string;
  /** hex */
  readonly salt?: string;
  readonly withheld?: 1;
  readonly erased?: 1;
}

export interface Seal {
  readonly origin: string;
  readonly topic: string;
  readonly seed: Uint8Array;
  /** Sizes of earlier checkpoints. */
  readonly history?: readonly number[];
  /** Only these entries, each with its proof. */
  readonly excerpt?: readonly number[];
  /** What the first entry follows; 32 zero bytes unless given. */
  readonly genesis?: Uint8Array;
  readonly witness?: { readonly name: string; readonly seed: Uint8Array };
}

/** Commits a header to the content the entry has; everything else stays as it is. */
export function commit(entry: Entry): Entry {
  if (entry.content === undefined || entry.salt === undefined) return entry;
  const commitment = Buffer.from(commitmentOf(Buffer.from(entry.salt, 'hex'), Buffer.from(entry.content))).toString('hex');
  return { ...entry, header: entry.header.replace(/"commitment":"[0-9a-f]{64}"/, `"commitment":"${commitment}"`) };
}

/** Lines with their newlines. */
export async function sealExport(entries: readonly Entry[], seal: Seal): Promise<string[]> {
  const { origin, topic, seed, excerpt, history, genesis = GENESIS } = seal;
  const hashes = hashEntries(entries, genesis);
  const tree = new NaiveTree(hashes);
  const size = entries.length;
  const noteAt = (at: number): Promise<string> => signCheckpoint({ origin, size: at, root: tree.root(0, at) }, seed);
  const note = await cosign(await noteAt(size), seal.witness);
  const vkey = formatVerifierKey(await verifierKeyOf(origin, seed));
  const opening = { format: 'hearsay-ledger', version: 1, topic, origin, vkey } as const;
  const lines = entries.map((entry, seq) => ({ ...entry, entry: hex(hashes[seq] as Uint8Array) }) as EntryLine);
  if (excerpt) {
    const kept = excerpt.map((seq) => {
      const previous = hex(hashes[seq - 1] ?? genesis);
      return { ...(lines[seq] as EntryLine), previous, proof: tree.path(seq, 0, size).map(encodeBase64) };
    });
    return [{ ...opening, excerpt: 1 } as const, ...kept, { checkpoint: note }].map(formatLine);
  }
  const earlier = (history ?? []).map(async (at) => ({
    checkpoint: await noteAt(at),
    proof: tree.subproof(at, { start: 0, end: size }).map(encodeBase64),
  }));
  const closing = { checkpoint: note, counts: recount(entries), ...(history ? { history: await Promise.all(earlier) } : {}) };
  return [opening, ...lines, closing].map(formatLine);
}

function hashEntries(entries: readonly Entry[], genesis: Uint8Array): Uint8Array[] {
  let previous = genesis;
  return entries.map(({ header }) => {
    previous = entryHashOf(previous, Buffer.from(header));
    return previous;
  });
}

async function cosign(note: string, witness: Seal['witness']): Promise<string> {
  if (!witness) return note;
  return addSignatureLines(note, [await signCosignature(note.slice(0, note.indexOf('\n\n') + 1), { ...witness, time: 1_700_000_000 })]);
}

/** Headers that are no headers cannot be counted; verification is over before it counts. */
function recount(entries: readonly Entry[]): string {
  const fold = emptyFold();
  try {
    for (const { header } of entries) foldHeader(fold, headerSchema.parse(JSON.parse(header)));
    return formatCounts(countsOf(fold));
  } catch {
    return '{}';
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
