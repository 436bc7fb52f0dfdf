import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHashOf, nodeHashOf } from '../../src/ledger/merkle.ts';
import { type NodeReader, proveConsistency, proveInclusion, readRoot, verifyConsistency, verifyInclusion } from '../../src/ledger/proof.ts';
import { NaiveTree } from './naive-tree.ts';

const MOST = 300;
const tree = NaiveTree.of(MOST);
const refused = expect.objectContaining({ code: 'bad_proof' });

function leafAt(index: number): Uint8Array {
  return leafHashOf(tree.entries[index] as Uint8Array);
}

function flipByte(hashes: readonly Uint8Array[], at: number, mask: number): Uint8Array[] {
  return hashes.map((hash, number) => (number === Math.floor(at / 32) ? hash.map((byte, place) => (place === at % 32 ? byte ^ mask : byte)) : hash));
}

describe('what was tampered with is refused', () => {
  const claims = fc.record({ size: fc.integer({ min: 2, max: MOST }), other: fc.nat(), at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) });

  it('any bit of an inclusion proof, its leaf or its root; another index; a hash more or less', async () => {
    await fc.assert(
      fc.asyncProperty(claims, async ({ size, other, at, mask }) => {
        const index = other % size;
        const proof = await proveInclusion(tree, { index, size });
        const claim = { index, size, leaf: leafAt(index), root: tree.root(0, size), proof };
        expect(proof).toEqual(tree.path(index, 0, size));
        verifyInclusion(claim);
        const [leaf, root, ...tampered] = flipByte([claim.leaf, claim.root, ...proof], at % ((proof.length + 2) * 32), mask) as [Uint8Array, Uint8Array];
        expect(() => verifyInclusion({ ...claim, leaf, root, proof: tampered })).toThrow(refused);
        expect(() => verifyInclusion({ ...claim, index: (index + 1 + (at % (size - 1))) % size })).toThrow(refused);
        expect(() => verifyInclusion({ ...claim, proof: proof.slice(1) })).toThrow(refused);
        expect(() => verifyInclusion({ ...claim, proof: proof.slice(0, -1) })).toThrow(refused);
        expect(() => verifyInclusion({ ...claim, proof: [...proof, claim.root] })).toThrow(refused);
        expect(() => verifyInclusion({ ...claim, proof: [proof[0]?.slice(1) as Uint8Array, ...proof.slice(1)] })).toThrow(refused);
      }),
    );
  });

  it('any bit of a consistency proof or its roots; roots exchanged; a hash more or less', async () => {
    await fc.assert(
      fc.asyncProperty(claims, async ({ size: to, other, at, mask }) => {
        const from = 1 + (other % (to - 1));
        const proof = await proveConsistency(tree, { from, to });
        const claim = { from, fromRoot: tree.root(0, from), to, toRoot: tree.root(0, to), proof };
        expect(proof).toEqual(tree.subproof(from, { start: 0, end: to }));
        verifyConsistency(claim);
        const bytes = [claim.fromRoot, claim.toRoot, ...proof];
        const [fromRoot, toRoot, ...tampered] = flipByte(bytes, at % (bytes.length * 32), mask) as [Uint8Array, Uint8Array];
        expect(() => verifyConsistency({ ...claim, fromRoot, toRoot, proof: tampered })).toThrow(refused);
        expect(() => verifyConsistency({ ...claim, fromRoot: claim.toRoot, toRoot: claim.fromRoot })).toThrow(refused);
        expect(() => verifyConsistency({ ...claim, proof: [] })).toThrow(refused);
        expect(() => verifyConsistency({ ...claim, proof: proof.slice(0, -1) })).toThrow(refused);
        expect(() => verifyConsistency({ ...claim, proof: [...proof, claim.toRoot] })).toThrow(refused);
      }),
    );
  });
});

describe('what is read', () => {
  const readBy = async (use: (reader: NodeReader) => Promise<unknown>): Promise<string[]> => {
    const asked: string[] = [];
    await use({
      readNodes: (nodes) => {
        asked.push(nodes.map(({ level, index }) => `${level}/${index}`).join(' '));
        return tree.readNodes(nodes);
      },
    });
    return asked;
  };

  it('is the largest perfect subtrees, all at once', async () => {
    expect(await readBy((reader) => readRoot(reader, 8))).toEqual(['3/0']);
    expect(await readBy((reader) => readRoot(reader, 7))).toEqual(['2/0 1/2 0/6']);
    expect(await readBy((reader) => proveInclusion(reader, { index: 4, size: 7 }))).toEqual(['0/5 0/6 2/0']);
    expect(await readBy((reader) => proveConsistency(reader, { from: 4, to: 7 }))).toEqual(['1/2 0/6']);
  });

  it('is nothing where the proof is empty', async () => {
    expect(await readBy((reader) => proveInclusion(reader, { index: 0, size: 1 }))).toEqual([]);
    expect(await readBy((reader) => proveConsistency(reader, { from: 5, to: 5 }))).toEqual([]);
  });
});

describe('a proof that holds for a larger tree', () => {
  it('proves no inclusion in a smaller one', async () => {
    // The last leaf of 8 has the path of the last leaf of 2, and then some.
    const claim = { leaf: leafAt(7), root: tree.root(0, 8), proof: await proveInclusion(tree, { index: 7, size: 8 }) };
    expect(() => verifyInclusion({ index: 7, size: 8, ...claim })).not.toThrow();
    for (const size of [1, 2, 3, 4]) expect(() => verifyInclusion({ index: size - 1, size, ...claim })).toThrow(refused);
  });

  it('proves no consistency of smaller ones', async () => {
    const claim = { fromRoot: tree.root(0, 7), toRoot: tree.root(0, 8), proof: await proveConsistency(tree, { from: 7, to: 8 }) };
    expect(() => verifyConsistency({ from: 7, to: 8, ...claim })).not.toThrow();
    expect(() => verifyConsistency({ from: 3, to: 4, ...claim })).toThrow(refused);
    expect(() => verifyConsistency({ from: 1, to: 2, ...claim })).toThrow(refused);
  });
});

describe('a proof that holds for a smaller tree', () => {
  it('proves nothing of a larger one', () => {
    const roots = { fromRoot: tree.root(0, 1), toRoot: tree.root(0, 2) };
    expect(() => verifyConsistency({ from: 1, to: 2, ...roots, proof: [leafAt(1)] })).not.toThrow();
    for (const to of [3, 4, 5]) expect(() => verifyConsistency({ from: 1, to, ...roots, proof: [leafAt(1)] })).toThrow(refused);
    for (const size of [3, 4, 5])
      expect(() => verifyInclusion({ index: 0, size, leaf: leafAt(0), root: tree.root(0, 2), proof: [leafAt(1)] })).toThrow(refused);
  });

  it('proves no shrinking, though the hashes would fit', () => {
    const [old, more] = [leafAt(0), leafAt(1)];
    expect(() => verifyConsistency({ from: 3, fromRoot: old, to: 2, toRoot: nodeHashOf(old, more), proof: [old, more] })).toThrow(refused);
  });
});

describe('what cannot be proved', () => {
  const root = tree.root(0, 5);
  const size = 5;
  const leaf = leafAt(0);

  it.each([
    [5, 5],
    [-1, 5],
    [0.5, 5],
    [0, 2 ** 53],
    [Number.NaN, 5],
  ])('leaf %d of %d', async (index, leaves) => {
    await expect(proveInclusion(tree, { index, size: leaves })).rejects.toMatchObject({ code: 'bad_size' });
    expect(() => verifyInclusion({ index, size: leaves, leaf, root, proof: [] })).toThrow(refused);
  });

  it.each([
    [0, 5],
    [0, 0],
    [6, 5],
    [-1, 5],
    [1, 2 ** 53],
  ])('consistency from %d to %d', async (from, to) => {
    await expect(proveConsistency(tree, { from, to })).rejects.toMatchObject({ code: 'bad_size' });
    expect(() => verifyConsistency({ from, fromRoot: root, to, toRoot: root, proof: [] })).toThrow(refused);
  });

  it.each([-1, 0.5, 1, Number.NaN])('leaf %d of a tree of one', (index) => {
    expect(() => verifyInclusion({ index, size: 1, leaf, root: leaf, proof: [] })).toThrow(refused);
    expect(() => verifyInclusion({ index: 0, size: 1, leaf, root: leaf, proof: [] })).not.toThrow();
  });

  it('growth from a size that is none', () => {
    const claim = { fromRoot: leafAt(0), to: 2, toRoot: tree.root(0, 2) };
    expect(() => verifyConsistency({ ...claim, from: 1, proof: [leafAt(1)] })).not.toThrow();
    expect(() => verifyConsistency({ ...claim, from: 1.5, proof: [leafAt(0), leafAt(1)] })).toThrow(refused);
  });

  it('anything by a hash that is none, whatever it would hash to', () => {
    const short = leafAt(1).slice(1);
    const long = new Uint8Array([...leafAt(0), ...leafAt(1).slice(0, 1)]);
    const why = /a hash is not of 32 bytes/;
    expect(() => verifyInclusion({ index: 1, size: 2, leaf: short, root: tree.root(0, 2), proof: [long] })).toThrow(why);
    expect(() => verifyConsistency({ from: 1, fromRoot: long, to: 2, toRoot: tree.root(0, 2), proof: [short] })).toThrow(why);
  });

  it('anything of nothing, but for its root', async () => {
    expect(await readRoot(tree, 0)).toEqual(tree.root(0, 0));
    expect(await readRoot(tree, 1)).toEqual(leaf);
  });

  it('a root of a size that is none', async () => {
    await expect(readRoot(tree, -1)).rejects.toMatchObject({ code: 'bad_size' });
  });

  it('two roots of one size, or one size with a proof beside it', () => {
    const same = { from: size, fromRoot: root, to: size, toRoot: root };
    expect(() => verifyConsistency({ ...same, proof: [] })).not.toThrow();
    expect(() => verifyConsistency({ ...same, proof: [root] })).toThrow(refused);
    for (const other of [leaf, root.slice(1), root.slice(0, -1), Uint8Array.of(...root, 0)])
      expect(() => verifyConsistency({ ...same, fromRoot: other, proof: [] })).toThrow(refused);
  });
});

/** Of a log whose leaves are all equal, the root of a perfect subtree depends on its level alone: sizes near 2^53 can be tried. */
class EqualLeaves implements NodeReader {
  readonly size: number;
  readonly leaf = leafHashOf(new Uint8Array(32));
  readonly #byLevel: Uint8Array[] = [this.leaf];

  constructor(size: number) {
    this.size = size;
    for (let level = 1; level <= 53; level++) this.#byLevel.push(nodeHashOf(this.#byLevel[level - 1] as Uint8Array, this.#byLevel[level - 1] as Uint8Array));
  }

  readNodes: NodeReader['readNodes'] = (nodes) => {
    const hashes = nodes.map(({ level, index }) => {
      if (!Number.isSafeInteger(index) || BigInt(index + 1) << BigInt(level) > BigInt(this.size)) expect.fail(`node ${level}/${index} is not in ${this.size}`);
      return this.#byLevel[level] as Uint8Array;
    });
    return Promise.resolve(hashes);
  };
}

describe('sizes beyond 32 bits', () => {
  const sizes = fc.oneof(
    fc.maxSafeNat(),
    fc.integer({ min: 1, max: 53 }).chain((bits) => fc.integer({ min: -3, max: 3 }).map((by) => 2 ** bits + by)),
  );
  const positive = sizes.filter((size) => size >= 1 && size <= Number.MAX_SAFE_INTEGER);

  it('are proved and verified up to 2^53 - 1', async () => {
    await fc.assert(
      fc.asyncProperty(positive, positive, async (one, two) => {
        const [from, to] = [Math.min(one, two), Math.max(one, two)];
        const reader = new EqualLeaves(to);
        const [fromRoot, toRoot] = [await readRoot(reader, from), await readRoot(reader, to)];
        const inclusion = await proveInclusion(reader, { index: from - 1, size: to });
        const claim = { index: from - 1, size: to, leaf: reader.leaf, root: toRoot, proof: inclusion };
        expect(() => verifyInclusion(claim)).not.toThrow();
        if (to > 1) expect(() => verifyInclusion({ ...claim, leaf: toRoot })).toThrow(refused);
        const proof = await proveConsistency(reader, { from, to });
        expect(() => verifyConsistency({ from, fromRoot, to, toRoot, proof })).not.toThrow();
        expect(() => verifyConsistency({ from, fromRoot, to, toRoot: reader.leaf.map((byte) => byte ^ 1), proof })).toThrow(refused);
      }),
    );
  });
});
