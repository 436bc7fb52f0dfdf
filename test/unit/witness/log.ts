/** A log for tests of witnesses: a naive tree, signed at any size; `fork` is another history of the same log. */
import { signCheckpoint, type VerifierKey, verifierKeyOf } from '../../../src/ledger/checkpoint.ts';
import { formatAddCheckpoint } from '../../../src/witness/add-checkpoint.ts';
import { NaiveTree } from '../../property/naive-tree.ts';

const SEED = new Uint8Array(32).fill(3);

export interface TestLog {
  readonly origin: string;
  readonly key: VerifierKey;
  readonly seed: Uint8Array;
  readonly tree: NaiveTree;
  note(size: number): Promise<string>;
  /** Body of a request, with the proof from `oldSize` unless another is given. */
  request(size: number, oldSize: number, proof?: readonly Uint8Array[]): Promise<string>;
}

export async function createLog(tree: NaiveTree, origin = 'log.example/semax'): Promise<TestLog> {
  const note = (size: number): Promise<string> => signCheckpoint({ origin, size, root: tree.root(0, size) }, SEED);
  return {
    origin,
    key: await verifierKeyOf(origin, SEED),
    seed: SEED,
    tree,
    note,
    async request(size, oldSize, proof) {
      const own = oldSize > 0 && oldSize < size ? tree.subproof(oldSize, { start: 0, end: size }) : [];
      return formatAddCheckpoint({ oldSize, proof: proof ?? own, note: await note(size) });
    },
  };
}

/** The first `same` entries, and others after them. */
export function forkOf(tree: NaiveTree, same: number): NaiveTree {
  return new NaiveTree(tree.entries.map((entry, at) => (at < same ? entry : entry.map((byte) => byte ^ 1))));
}
