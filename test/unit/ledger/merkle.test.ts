import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { appendLeaf, decodeFrontier, EMPTY_FRONTIER, encodeFrontier, type Frontier, leafHashOf, rootOf } from '../../../src/ledger/merkle.ts';

/** RFC 6962 section 2.1, word for word: k is the largest power of two smaller than n. */
function naiveRoot(leaves: readonly Uint8Array[]): Buffer {
  const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0] as Uint8Array);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

const leaves = Array.from({ length: 300 }, (_, index) => createHash('sha256').update(`entry ${index}`).digest());

describe('the frontier', () => {
  it('has the root of a naive recursive tree at every size up to 300, and survives being stored', () => {
    let frontier: Frontier = EMPTY_FRONTIER;
    for (let size = 0; size <= leaves.length; size++) {
      expect(Buffer.from(rootOf(frontier)).equals(naiveRoot(leaves.slice(0, size))), `size ${size}`).toBe(true);
      expect(decodeFrontier(size, encodeFrontier(frontier))).toEqual(frontier);
      const next = leaves[size];
      if (next) frontier = appendLeaf(frontier, next);
    }
  });

  it('hashes leaves and nodes apart (RFC 6962 section 2.1)', () => {
    const entry = leaves[0] as Buffer;
    expect(
      Buffer.from(leafHashOf(entry)).equals(
        createHash('sha256')
          .update(Buffer.concat([Buffer.of(0), entry]))
          .digest(),
      ),
    ).toBe(true);
  });

  it.each([
    [1, Buffer.alloc(0)],
    [3, Buffer.alloc(32)],
    [4, Buffer.alloc(64)],
    [1, Buffer.alloc(31)],
  ])('is refused when %i entries cannot have it', (size, bytes) => {
    expect(() => decodeFrontier(size, bytes)).toThrow(expect.objectContaining({ code: 'bad_frontier' }));
  });
});
