/**
 * The last line of an export: checkpoint, signatures, earlier checkpoints, counts. RFC 6962 section 2.1.2 (consistency),
 * c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature. Proved by test/property/export.test.ts and test/property/history.test.ts.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeBase64 } from './base64.ts';
import { type Checkpoint, fingerprintOf, isSignedBy, parseCheckpoint, parseVerifierKey, type VerifierKey } from './checkpoint.ts';
import { verifyCosignature } from './cosignature.ts';
import type { ClosingLine, OpeningLine } from './export-format.ts';
import { equalBytes } from './hex.ts';
import { verifyConsistency } from './proof.ts';
import { Failure, placed, type Verified, type VerifyOptions } from './verify-result.ts';
import type { VerifiedTree } from './verify-tree.ts';

export type Signers = Pick<Verified, 'signer' | 'fingerprint' | 'witnesses'> & { readonly key: VerifierKey };

/** @throws Failure at `checkpoint` */
export function requireOrigin(checkpoint: Checkpoint, opening: OpeningLine): void {
  if (checkpoint.origin !== opening.origin) throw new Failure('checkpoint', `signed for ${checkpoint.origin}, not ${opening.origin}`);
}

/** Who signed the checkpoint. @throws Failure at `checkpoint` or `key` */
export async function checkSigners(opening: OpeningLine, checkpoint: Checkpoint, options: VerifyOptions): Promise<Signers> {
  const key = placed('key', () => parseVerifierKey(opening.vkey));
  if (key.name !== opening.origin) throw new Failure('key', `the key is named ${key.name}, not ${opening.origin}`);
  if (!(await isSignedBy(checkpoint, key))) throw new Failure('checkpoint', "the signature does not hold under the export's key");
  if (options.key) await requireTrustedKey(checkpoint, options.key);
  const witnesses = await checkWitnesses(checkpoint, options.witnesses ?? []);
  return { key, witnesses, signer: options.key ? 'authenticated' : 'not authenticated', fingerprint: fingerprintOf(key) };
}

/**
 * One secret may sign several logs, each under a key of its own name: a signature line under this name that was copied from another
 * log's note would hold for it. @throws Failure at `key`
 */
export async function requireTrustedKey(checkpoint: Checkpoint, key: VerifierKey): Promise<void> {
  if (key.name !== checkpoint.origin) throw new Failure('key', `the key you trust is that of ${key.name}, not of ${checkpoint.origin}`);
  if (!(await isSignedBy(checkpoint, key))) throw new Failure('key', 'the checkpoint is not signed by the key you trust');
}

export async function checkWitnesses(checkpoint: Checkpoint, keys: readonly VerifierKey[]): Promise<Verified['witnesses']> {
  const found: { name: string; time: number }[] = [];
  for (const key of keys) {
    const time = await verifyCosignature(checkpoint, key);
    if (time === undefined) throw new Failure('checkpoint', `witness ${key.name} did not cosign it, or the cosignature does not hold`);
    found.push({ name: key.name, time });
  }
  return found;
}

/** @throws Failure at `checkpoint` unless it covers exactly these entries. */
export function checkRoot(tree: VerifiedTree, checkpoint: Checkpoint): void {
  if (checkpoint.size !== tree.size)
    throw new Failure('checkpoint', `covers ${checkpoint.size} entries, the export has ${tree.size}: entries were cut or added`);
  if (!equalBytes(tree.rootAt(tree.size), checkpoint.root)) throw new Failure('checkpoint', 'the root does not match the entries: an entry was changed');
}

/** A checkpoint from outside: its signature is not looked at, the one who kept it vouches for it. */
export function checkOld(tree: VerifiedTree, old: Checkpoint, origin: string): void {
  if (old.origin !== origin) throw new Failure('checkpoint', `the older checkpoint is of ${old.origin}, not ${origin}`);
  if (old.size > tree.size)
    throw new Failure('checkpoint', `the older checkpoint covers ${old.size} entries, the export has only ${tree.size}: the log was cut back`);
  if (!equalBytes(tree.rootAt(old.size), old.root))
    throw new Failure('checkpoint', `the log is not an extension of the older checkpoint at size ${old.size}: history was rewritten`);
}

/** Earlier checkpoints: signed by the export's key, ascending, each the root of this tree at its size, each with a proof that holds. */
export async function checkHistory(
  tree: VerifiedTree,
  closing: { readonly checkpoint: Checkpoint; readonly history: History },
  key: VerifierKey,
): Promise<number> {
  let last = 0;
  for (const [index, item] of closing.history.entries()) {
    const where = (why: string): Failure => new Failure('checkpoint', `history ${index + 1}: ${why}`);
    const past = placed('checkpoint', () => parseCheckpoint(item.checkpoint));
    if (past.origin !== closing.checkpoint.origin) throw where(`it is of ${past.origin}`);
    if (past.size <= last || past.size >= closing.checkpoint.size) throw where(`size ${past.size} is not between its neighbours'`);
    last = past.size;
    if (!(await isSignedBy(past, key))) throw where("the signature does not hold under the export's key");
    if (!equalBytes(tree.rootAt(past.size), past.root)) throw where(`the log had another root at size ${past.size}: history was rewritten`);
    const proof = item.proof.map(decodeBase64);
    if (proof.some((hash) => hash === undefined)) throw where('the proof is not base64');
    placed('checkpoint', () =>
      verifyConsistency({ from: past.size, fromRoot: past.root, to: closing.checkpoint.size, toRoot: closing.checkpoint.root, proof: proof as Uint8Array[] }),
    );
  }
  return closing.history.length;
}
type History = NonNullable<ClosingLine['history']>;

export function describeRoot(checkpoint: Checkpoint): Pick<Verified, 'origin' | 'size' | 'root'> {
  return { origin: checkpoint.origin, size: checkpoint.size, root: bytesToHex(checkpoint.root) };
}
