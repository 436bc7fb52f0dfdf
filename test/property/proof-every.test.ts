/** Every proof of every small tree, and every byte of them: what proof.test.ts tries at random. */
import { describe, expect, it } from 'vitest';
import { leafHashOf } from '../../src/ledger/merkle.ts';
import { proveConsistency, proveInclusion, readRoot, verifyConsistency, verifyInclusion } from '../../src/ledger/proof.ts';
import { NaiveTree } from './naive-tree.ts';

const MOST = 300;
const tree = NaiveTree.of(MOST);

function leafAt(index: number): Uint8Array {
  return leafHashOf(tree.entries[index] as Uint8Array);
}

function equal(left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean {
  return left.length === right.length && left.every((hash, at) => Buffer.compare(hash, right[at] as Uint8Array) === 0);
}

function flipByte(hashes: readonly Uint8Array[], at: number, mask: number): Uint8Array[] {
  return hashes.map((hash, number) => (number === Math.floor(at / 32) ? hash.map((byte, place) => (place === at % 32 ? byte ^ mask : byte)) : hash));
}

describe('against a naive recursive tree, every size up to 300', () => {
  it('has its roots', async () => {
    for (let size = 0; size <= MOST; size++) {
      expect(equal([await readRoot(tree, size)], [tree.root(0, size)]), `size ${size}`).toBe(true);
    }
  });

  it('has its inclusion proof of every leaf, and accepts it', async () => {
    let proved = 0;
    for (let size = 1; size <= MOST; size++) {
      for (let index = 0; index < size; index++) {
        const proof = await proveInclusion(tree, { index, size });
        if (!equal(proof, tree.path(index, 0, size))) expect.fail(`leaf ${index} of ${size}`);
        verifyInclusion({ index, size, leaf: leafAt(index), root: tree.root(0, size), proof });
        proved += 1;
      }
    }
    expect(proved).toBe((MOST * (MOST + 1)) / 2);
  });

  it('has its consistency proof of every pair, and accepts it', async () => {
    let proved = 0;
    for (let to = 1; to <= MOST; to++) {
      for (let from = 1; from <= to; from++) {
        const proof = await proveConsistency(tree, { from, to });
        if (!equal(proof, tree.subproof(from, { start: 0, end: to }))) expect.fail(`${from} to ${to}`);
        verifyConsistency({ from, fromRoot: tree.root(0, from), to, toRoot: tree.root(0, to), proof });
        proved += 1;
      }
    }
    expect(proved).toBe((MOST * (MOST + 1)) / 2);
  });
});

describe('what was tampered with is refused', () => {
  it('every byte of every proof up to 40 leaves', async () => {
    for (let size = 1; size <= 40; size++) {
      for (let other = 1; other <= size; other++) {
        const index = other - 1;
        const inclusion = { index, size, leaf: leafAt(index), root: tree.root(0, size) };
        const path = await proveInclusion(tree, { index, size });
        for (let at = 0; at < path.length * 32; at++) expectRefused(() => verifyInclusion({ ...inclusion, proof: flipByte(path, at, 1) }));
        const consistency = { from: other, fromRoot: tree.root(0, other), to: size, toRoot: tree.root(0, size) };
        const proof = await proveConsistency(tree, { from: other, to: size });
        for (let at = 0; at < proof.length * 32; at++) expectRefused(() => verifyConsistency({ ...consistency, proof: flipByte(proof, at, 128) }));
      }
    }
  });
});

function expectRefused(check: () => void): void {
  try {
    check();
  } catch (error) {
    if ((error as { code?: string }).code === 'bad_proof') return;
    throw error;
  }
  expect.fail('a tampered proof was accepted');
}
