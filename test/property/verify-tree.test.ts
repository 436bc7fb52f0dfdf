/** The verifier's tree against the naive one and the append side's frontier. */
import { describe, expect, it } from 'vitest';
import { appendLeaf, EMPTY_FRONTIER, encodeFrontier, type Frontier, leafHashOf } from '../../src/ledger/merkle.ts';
import { VerifiedTree } from '../../src/ledger/verify-tree.ts';
import { NaiveTree } from './naive-tree.ts';

const SIZE = 1_100;
const naive = NaiveTree.of(SIZE);

describe('the tree of a verification', () => {
  it('has the root and frontier of the naive tree at every size, and at every earlier one', () => {
    const tree = new VerifiedTree();
    let frontier: Frontier = EMPTY_FRONTIER;
    expect(tree.rootAt(0)).toEqual(naive.root(0, 0));
    for (const entry of naive.entries) {
      tree.append(leafHashOf(entry));
      frontier = appendLeaf(frontier, entry);
      expect(tree.frontier()).toEqual(encodeFrontier(frontier));
      expect(tree.rootAt(tree.size)).toEqual(naive.root(0, tree.size));
    }
    for (let size = 0; size <= SIZE; size++) expect(tree.rootAt(size)).toEqual(naive.root(0, size));
    for (const size of [-1, SIZE + 1]) expect(() => tree.rootAt(size)).toThrow(RangeError);
  });

  it('gives tiles of each level, whole and in part', () => {
    const tree = new VerifiedTree();
    for (const entry of naive.entries) tree.append(leafHashOf(entry));
    const row = (from: number, count: number, leaves: number): Buffer =>
      Buffer.concat(Array.from({ length: count }, (_, at) => naive.root((from + at) * leaves, (from + at + 1) * leaves)));
    for (let index = 0; index < 4; index++) expect(Buffer.from(tree.tile(0, index) as Uint8Array)).toEqual(row(index * 256, 256, 1));
    expect(tree.tile(0, 4)).toBeUndefined();
    expect(Buffer.from(tree.tile(0, 4, 76) as Uint8Array)).toEqual(row(1_024, 76, 1));
    expect(tree.tile(0, 4, 77)).toBeUndefined();
    expect(Buffer.from(tree.tile(1, 0, 4) as Uint8Array)).toEqual(row(0, 4, 256));
    expect(tree.tile(1, 0)).toBeUndefined();
  });

  it('gives the second tile of a level above the leaves', () => {
    const tree = new VerifiedTree();
    for (let leaf = 0; leaf < 65_792; leaf++) tree.append(leafHashOf(naive.entries[leaf % 256] as Uint8Array));
    expect(tree.tile(1, 1, 1)).toEqual(naive.root(0, 256));
    expect(tree.tile(1, 1, 2)).toBeUndefined();
    expect(tree.tile(2, 0, 1)).toEqual(tree.rootAt(65_536));
  });
});
