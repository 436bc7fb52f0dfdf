/**
 * The RFC 6962 tree that verification builds, kept so that the root at any earlier size can be told: leaf hashes in tiles of 256
 * (32 bytes per entry) and above them the root of every full subtree of whole tiles.
 * Proved by test/property/verify-tree.test.ts against the frontier and the naive tree.
 */
import { HASH_BYTES } from './chain.ts';
import { nodeHashOf } from './merkle.ts';
import { sha256 } from './sha256.ts';

/** Leaves of one tile; a power of two, so that a full one is a node of the tree (c2sp.org/tlog-tiles). */
const TILE = 256;

export class VerifiedTree {
  readonly #tiles: Uint8Array[] = [];
  /** `[height][index]`: root of the leaves from index * 2^height * 256 on, 2^height * 256 of them. */
  readonly #nodes: Uint8Array[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** `leaf`: a leaf hash. */
  append(leaf: Uint8Array): void {
    const slot = this.#size % TILE;
    if (slot === 0) this.#tiles.push(new Uint8Array(TILE * HASH_BYTES));
    const tile = this.#tiles.at(-1) as Uint8Array;
    tile.set(leaf, slot * HASH_BYTES);
    this.#size++;
    if (slot === TILE - 1) this.#addNode(rootOfHashes(hashesOf(tile, 0, TILE)), 0);
  }

  /** Two neighbours make a node of the next height, as a carry does in binary addition. */
  #addNode(node: Uint8Array, height: number): void {
    this.#nodes[height] ??= [];
    const row = this.#nodes[height];
    row.push(node);
    if (row.length % 2 === 0) this.#addNode(nodeHashOf(row.at(-2) as Uint8Array, node), height + 1);
  }

  /** Root of the first `size` leaves: RFC 6962 section 2.1, the full subtrees that cover them folded from the right. */
  rootAt(size: number): Uint8Array {
    if (size < 0 || size > this.#size) throw new RangeError(`the tree has ${this.#size} leaves, not ${size}`);
    const parts = this.#subtreesAt(size);
    return parts.length === 0 ? sha256(new Uint8Array()) : parts.reduceRight((right, left) => nodeHashOf(left, right));
  }

  /** Roots of the full subtrees that cover the tree, largest first: what the head row keeps. */
  frontier(): Uint8Array {
    const parts = this.#subtreesAt(this.#size);
    const bytes = new Uint8Array(parts.length * HASH_BYTES);
    for (const [at, part] of parts.entries()) bytes.set(part, at * HASH_BYTES);
    return bytes;
  }

  /**
   * The first `width` hashes of a tile, all 256 unless told: level 0 holds leaf hashes, each level above the roots of 256 below.
   * Undefined where the tree does not reach so far.
   */
  tile(level: number, index: number, width = TILE): Uint8Array | undefined {
    const leaves = TILE ** level;
    if ((index * TILE + width) * leaves > this.#size) return undefined;
    if (level === 0) return this.#tiles[index]?.subarray(0, width * HASH_BYTES);
    const bytes = new Uint8Array(width * HASH_BYTES);
    for (let at = 0; at < width; at++) bytes.set(this.#subtree((index * TILE + at) * leaves, leaves), at * HASH_BYTES);
    return bytes;
  }

  /** One for every 1 bit of `size`, largest first. */
  #subtreesAt(size: number): Uint8Array[] {
    const parts: Uint8Array[] = [];
    for (let start = 0; start < size; ) {
      let width = 1;
      while (width * 2 <= size - start) width *= 2;
      parts.push(this.#subtree(start, width));
      start += width;
    }
    return parts;
  }

  /** `width` is a power of two and divides `start`. */
  #subtree(start: number, width: number): Uint8Array {
    if (width >= TILE) return this.#nodes[Math.log2(width / TILE)]?.[start / width] as Uint8Array;
    const tile = this.#tiles[Math.floor(start / TILE)] as Uint8Array;
    return rootOfHashes(hashesOf(tile, start % TILE, width));
  }
}

function hashesOf(tile: Uint8Array, from: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => tile.subarray((from + at) * HASH_BYTES, (from + at + 1) * HASH_BYTES));
}

/** Root of a perfect subtree: as many hashes as a power of two. */
function rootOfHashes(hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes;
  while (level.length > 1)
    level = Array.from({ length: level.length / 2 }, (_, at) => nodeHashOf(level[2 * at] as Uint8Array, level[2 * at + 1] as Uint8Array));
  return level[0] as Uint8Array;
}
