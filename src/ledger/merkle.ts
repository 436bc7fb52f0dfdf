/**
 * RFC 6962 Merkle tree over the entry hashes of one topic, as a frontier: the roots of the full
 * subtrees that cover the log so far, largest first. Appending needs only the frontier.
 * Proved by test/unit/ledger/merkle.test.ts against a naive recursive tree and the worked example's roots.
 */
import { concatBytes } from '@noble/hashes/utils.js';
import { IntegrityError } from '../errors.ts';
import { HASH_BYTES } from './chain.ts';
import { sha256 } from './sha256.ts';

const LEAF_PREFIX = Uint8Array.of(0x00);
const NODE_PREFIX = Uint8Array.of(0x01);

/** RFC 6962 section 2.1: MTH({d0}) = SHA-256(0x00 || d0); here d0 is the 32-byte entry hash. */
export function leafHashOf(entry: Uint8Array): Uint8Array {
  return sha256(LEAF_PREFIX, entry);
}

/** RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export function nodeHashOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE_PREFIX, left, right);
}

/** Number of leaves and the full subtrees' roots, largest first: one for every 1 bit of `size`. */
export interface Frontier {
  readonly size: number;
  readonly subtrees: readonly Uint8Array[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, subtrees: [] };

/** Adds one entry. */
export function appendLeaf(frontier: Frontier, entry: Uint8Array): Frontier {
  return appendLeafHash(frontier, leafHashOf(entry));
}

/** Adds the hash of one leaf: two equal-sized neighbours merge, as a carry does in binary addition. */
export function appendLeafHash(frontier: Frontier, leaf: Uint8Array): Frontier {
  const subtrees = [...frontier.subtrees];
  let node = leaf;
  for (let size = frontier.size; size % 2 === 1; size = Math.floor(size / 2)) {
    node = nodeHashOf(subtrees.pop() as Uint8Array, node);
  }
  subtrees.push(node);
  return { size: frontier.size + 1, subtrees };
}

/** RFC 6962 section 2.1: the empty tree hashes to SHA-256(""); else fold the subtrees from the right. */
export function rootOf(frontier: Frontier): Uint8Array {
  const [last, ...rest] = [...frontier.subtrees].reverse();
  if (!last) return sha256(new Uint8Array());
  return rest.reduce((right, left) => nodeHashOf(left, right), last);
}

/** Bytes kept in the head row: the subtrees' roots, 32 bytes each. */
export function encodeFrontier(frontier: Frontier): Uint8Array {
  return concatBytes(...frontier.subtrees);
}

/** @throws IntegrityError `bad_frontier` when the bytes do not fit the size. */
export function decodeFrontier(size: number, bytes: Uint8Array): Frontier {
  const subtrees: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BYTES) subtrees.push(bytes.slice(at, at + HASH_BYTES));
  if (bytes.length % HASH_BYTES !== 0 || subtrees.length !== countOnes(size)) {
    throw new IntegrityError('bad_frontier', `a frontier of ${bytes.length} bytes cannot cover ${size} entries`);
  }
  return { size, subtrees };
}

function countOnes(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
