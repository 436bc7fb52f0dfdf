/**
 * What a witness answers to a checkpoint whose signature holds, given the last one it cosigned: the checks of c2sp.org/tlog-witness,
 * in its order. Pure. Proved by test/unit/witness/judge.test.ts.
 */
import { describeError, InvalidInputError } from '../errors.ts';
import type { Checkpoint } from '../ledger/checkpoint.ts';
import { equalBytes } from '../ledger/hex.ts';
import { verifyConsistency } from '../ledger/proof.ts';
import { sha256 } from '../ledger/sha256.ts';
import type { AddCheckpoint } from './add-checkpoint.ts';

export type Verdict =
  | { readonly kind: 'consistent' }
  | { readonly kind: 'bad_request'; readonly why: string }
  /** The client believes in another last size. */
  | { readonly kind: 'stale'; readonly size: number }
  /** Two signed roots of one size: the log showed two histories. */
  | { readonly kind: 'contradiction' }
  | { readonly kind: 'unproved'; readonly why: string };

/** A log that was never seen is one of size 0, whose root is known: RFC 6962 section 2.1, MTH({}) = SHA-256(). */
const NEVER_SEEN: Pick<Checkpoint, 'size' | 'root'> = { size: 0, root: sha256() };

export function judgeCheckpoint(
  checkpoint: Pick<Checkpoint, 'size' | 'root'>,
  { oldSize, proof }: Pick<AddCheckpoint, 'oldSize' | 'proof'>,
  last: Pick<Checkpoint, 'size' | 'root'> = NEVER_SEEN,
): Verdict {
  if (oldSize > checkpoint.size) return { kind: 'bad_request', why: 'the old size is larger than that of the checkpoint' };
  if (oldSize !== last.size) return { kind: 'stale', size: last.size };
  if (oldSize === checkpoint.size && !equalBytes(checkpoint.root, last.root)) return { kind: 'contradiction' };
  if (oldSize === 0) return proof.length === 0 ? { kind: 'consistent' } : { kind: 'unproved', why: 'from size 0 the proof must be empty' };
  try {
    verifyConsistency({ from: last.size, fromRoot: last.root, to: checkpoint.size, toRoot: checkpoint.root, proof });
    return { kind: 'consistent' };
  } catch (error) {
    if (error instanceof InvalidInputError) return { kind: 'unproved', why: describeError(error).message };
    throw error;
  }
}
