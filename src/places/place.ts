/**
 * An outside place: somewhere the owner of the database cannot reach back into, which keeps the checkpoints it is given. One file per
 * kind, listed in list.ts; what every kind must do is test/conformance/places.test.ts.
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { IntegrityError } from '../errors.ts';
import type { TreeHead } from '../ledger/checkpoint.ts';

/** A signed checkpoint on its way. */
export interface OutgoingCheckpoint extends TreeHead {
  readonly topic: string;
  /** As the log signed it, without the lines of witnesses. */
  readonly note: string;
}

/** The tree that is delivered from, as the database holds it. */
export interface TreeView {
  rootAt(size: number): Promise<Uint8Array>;
  /** Consistency of the checkpoint with the tree of `size`, verified; empty for 0 and for its own size. */
  proveFrom(size: number): Promise<readonly Uint8Array[]>;
  /** Of the newest checkpoint by now. */
  newestSize(): Promise<number>;
}

export interface DeliveryContext {
  readonly tree: TreeView;
  /** Size this place took last, 0 for none. A cache: the place knows better. */
  readonly delivered: number;
  readonly signal: AbortSignal;
}

/** One signature line of a witness, without its newline. */
export interface CosignatureLine {
  readonly name: string;
  readonly line: string;
}

export interface Place {
  /** Of its address, without secrets. */
  readonly name: string;
  /**
   * Idempotent. Returns what a witness added, verified.
   * @throws IntegrityError `place_ahead`, `place_contradicts`: the place holds what our tree does not continue
   * @throws TransientError `place_unreachable`, `place_failed`; InvalidInputError `place_refused`, `place_unusable`, `place_taken`
   */
  deliver(checkpoint: OutgoingCheckpoint, context: DeliveryContext): Promise<readonly CosignatureLine[]>;
  /** The newest note of a log that is kept there, where it can be read back; undefined where there is none, or no place. */
  readNewest?(origin: string): Promise<string | undefined>;
}

/**
 * Whether what a place holds is of our history. `behind`: it may be given the checkpoint. `ahead`: it has a newer one of ours already.
 * @throws IntegrityError `place_ahead`, `place_contradicts`
 */
export async function compareWithTree(
  held: TreeHead,
  checkpoint: OutgoingCheckpoint,
  { tree, name }: { tree: TreeView; name: string },
): Promise<'behind' | 'ahead'> {
  if (held.size > checkpoint.size) {
    const newest = await tree.newestSize();
    if (newest < held.size) throw placeAhead(name, held.size, newest);
  }
  const root = held.size === checkpoint.size ? checkpoint.root : await tree.rootAt(held.size);
  if (bytesToHex(root) !== bytesToHex(held.root)) throw placeContradicts(name, `another root of size ${held.size} than the database`);
  return held.size > checkpoint.size ? 'ahead' : 'behind';
}

export function placeAhead(name: string, size: number, newest: number): IntegrityError {
  return new IntegrityError(
    'place_ahead',
    `${name} has a checkpoint of size ${size}, the newest of the database is of size ${newest}: an older state was restored, or entries were deleted`,
  );
}

export function placeContradicts(name: string, what: string): IntegrityError {
  return new IntegrityError('place_contradicts', `${name} has ${what}: history was rewritten`);
}
