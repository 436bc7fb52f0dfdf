/**
 * Whether a tree may be signed, given one that was signed before: a log must not sign what is inconsistent with any checkpoint it
 * signed (c2sp.org/tlog-checkpoint, "Signatures"). Pure. Proved by test/unit/signer/judge.test.ts.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { HearsayError } from '../errors.ts';
import type { TreeHead } from '../ledger/checkpoint.ts';
import { verifyConsistency } from '../ledger/proof.ts';

/** Each of them means: the database no longer holds what was signed. */
type SigningFault = 'log_shrunk' | 'log_rewritten' | 'log_inconsistent';

/** A tree that this key signed before. */
export interface Remembered extends TreeHead {
  /** Where it is remembered, for messages: the signer's file, the table, an outside place. */
  readonly where: string;
}

export type Verdict = { readonly kind: 'consistent' } | { readonly kind: 'refused'; readonly code: SigningFault; readonly why: string };

/** Of equal sizes, and of an empty older tree, nothing needs to be proved by hashes. */
export function needsProof(before: TreeHead, head: TreeHead): boolean {
  return before.size > 0 && before.size < head.size;
}

/** `proof`: consistency from `before` to `head` (RFC 9162 section 2.1.4), as the database gives it; read only where `needsProof`. */
export function judgeHead(head: TreeHead, before: Remembered, proof: readonly Uint8Array[]): Verdict {
  const signed = `${before.where} has ${before.size} entries of ${before.origin} as signed`;
  if (head.size < before.size) {
    return { kind: 'refused', code: 'log_shrunk', why: `${signed}, the database holds ${head.size}: an older state was restored, or entries were deleted` };
  }
  if (head.size === before.size) {
    if (bytesToHex(head.root) === bytesToHex(before.root)) return { kind: 'consistent' };
    return { kind: 'refused', code: 'log_rewritten', why: `${signed} under another root than the database now has: history was rewritten` };
  }
  if (!needsProof(before, head)) return { kind: 'consistent' };
  try {
    verifyConsistency({ from: before.size, fromRoot: before.root, to: head.size, toRoot: head.root, proof });
    return { kind: 'consistent' };
  } catch (error) {
    if (!(error instanceof HearsayError)) throw error;
    return {
      kind: 'refused',
      code: 'log_inconsistent',
      why: `${signed}, and the ${head.size} entries of the database do not begin with them: history was rewritten`,
    };
  }
}
