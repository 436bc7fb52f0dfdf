/**
 * Inclusion and consistency proofs of a Merkle tree: RFC 9162 sections 2.1.3 and 2.1.4, whose hashes are those of RFC 6962.
 * Proving reads perfect subtrees through a port of one method, all of them at once; verifying needs nothing but its arguments and
 * runs in the browser as well. Sizes go up to 2^53 - 1, so no 32-bit operator touches one.
 * Proved by test/vectors/merkle.test.ts, test/vectors/tessera.test.ts and test/property/proof.test.ts.
 */
import { InvalidInputError } from '../errors.ts';
import { HASH_BYTES } from './chain.ts';
import { equalBytes } from './hex.ts';
import { nodeHashOf } from './merkle.ts';
import { sha256 } from './sha256.ts';

/** Root of the perfect subtree over leaves [index * 2^level, (index + 1) * 2^level). */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/** The one thing proofs need of a log. Hashes in the order asked. */
export interface NodeReader {
  readNodes(nodes: readonly NodeId[]): Promise<readonly Uint8Array[]>;
}

/** A subtree the RFC writes as D[start:end]: leaves start to end - 1. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * PATH(m, D_n) of RFC 9162 section 2.1.3.1, lowest node first.
 * @throws InvalidInputError `bad_size` when the tree has no such leaf.
 */
export async function proveInclusion(reader: NodeReader, at: { index: number; size: number }): Promise<Uint8Array[]> {
  const { index, size } = at;
  requireSizes(index, size);
  if (index >= size) throw new InvalidInputError('bad_size', `a tree of ${size} leaves has no leaf ${index}`);
  const siblings: Span[] = [];
  let span: Span = { start: 0, end: size };
  while (span.end - span.start > 1) {
    const [left, right] = halve(span);
    const inLeft = index < left.end;
    siblings.unshift(inLeft ? right : left);
    span = inLeft ? left : right;
  }
  return await readRoots(reader, siblings);
}

/**
 * PROOF(m, D_n) of RFC 9162 section 2.1.4.1; empty when the sizes are equal.
 * @throws InvalidInputError `bad_size` when `from` is 0, of which nothing can be proved, or more than `to`.
 */
export async function proveConsistency(reader: NodeReader, sizes: { from: number; to: number }): Promise<Uint8Array[]> {
  const { from, to } = sizes;
  requireSizes(from, to);
  if (from === 0 || from > to) throw new InvalidInputError('bad_size', `no consistency proof from size ${from} to ${to}`);
  const nodes: Span[] = [];
  let span: Span = { start: 0, end: to };
  while (span.end > from) {
    const [left, right] = halve(span);
    const inLeft = from <= left.end;
    nodes.unshift(inLeft ? right : left);
    span = inLeft ? left : right;
  }
  // The last node both trees share; one that starts at 0 is the old root itself, which the verifier has.
  if (span.start > 0) nodes.unshift(span);
  return await readRoots(reader, nodes);
}

/** MTH(D_size) of RFC 9162 section 2.1.1; that of no leaves is SHA-256 of nothing. */
export async function readRoot(reader: NodeReader, size: number): Promise<Uint8Array> {
  requireSizes(size);
  if (size === 0) return sha256(new Uint8Array());
  const [root] = await readRoots(reader, [{ start: 0, end: size }]);
  return root as Uint8Array;
}

/**
 * RFC 9162 section 2.1.3.2. `leaf` is the leaf hash, not the entry hash.
 * @throws InvalidInputError `bad_proof`, saying why.
 */
export function verifyInclusion(claim: { index: number; size: number; leaf: Uint8Array; root: Uint8Array; proof: readonly Uint8Array[] }): void {
  const { index, size, leaf, root, proof } = claim;
  if (!isSize(index) || !isSize(size) || index >= size) refuse(`a tree of ${size} leaves has no leaf ${index}`);
  requireHashes([leaf, root, ...proof]);
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) refuse('it has more hashes than the tree has levels');
    if (isOdd(node) || node === last) {
      hash = nodeHashOf(sibling, hash);
      // The rightmost node has no sibling on these levels: it moves up as it is.
      while (!isOdd(node) && node > 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHashOf(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  if (last !== 0) refuse('it has fewer hashes than the tree has levels');
  if (!equalBytes(hash, root)) refuse('the leaf does not lead to the root');
}

/**
 * RFC 9162 section 2.1.4.2. A tree of size 0 is consistent with everything, which says nothing: it is refused.
 * @throws InvalidInputError `bad_proof`, saying why.
 */
export function verifyConsistency(claim: { from: number; fromRoot: Uint8Array; to: number; toRoot: Uint8Array; proof: readonly Uint8Array[] }): void {
  const { from, fromRoot, to, toRoot, proof } = claim;
  if (!isSize(from) || !isSize(to) || from === 0 || from > to) refuse(`nothing proves consistency from size ${from} to ${to}`);
  if (from === to) {
    if (proof.length > 0) refuse('trees of one size need no hashes');
    if (!equalBytes(fromRoot, toRoot)) refuse('two roots of one size differ');
    return;
  }
  requireHashes([fromRoot, toRoot, ...proof]);
  if (proof.length === 0) refuse('it is empty');
  let node = from - 1;
  let last = to - 1;
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  // After the shifts node is 0 only where `from` is a power of two: then the old root is the node the proof starts at.
  const [start, ...path] = node === 0 ? [fromRoot, ...proof] : proof;
  let oldHash = start as Uint8Array;
  let newHash = oldHash;
  for (const sibling of path) {
    if (last === 0) refuse('it has more hashes than the tree has levels');
    if (isOdd(node) || node === last) {
      oldHash = nodeHashOf(sibling, oldHash);
      newHash = nodeHashOf(sibling, newHash);
      while (!isOdd(node) && node > 0) [node, last] = [half(node), half(last)];
    } else {
      newHash = nodeHashOf(newHash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  if (last !== 0) refuse('it has fewer hashes than the tree has levels');
  if (!equalBytes(oldHash, fromRoot)) refuse('it does not lead to the older root');
  if (!equalBytes(newHash, toRoot)) refuse('it does not lead to the newer root');
}

/** RFC 9162 section 2.1.1: a tree of n leaves splits at the largest power of two smaller than n. */
function halve(span: Span): [Span, Span] {
  let width = 1;
  while (width * 2 < span.end - span.start) width *= 2;
  const middle = span.start + width;
  return [
    { start: span.start, end: middle },
    { start: middle, end: span.end },
  ];
}

/** Roots of subtrees, in one read. */
async function readRoots(reader: NodeReader, spans: readonly Span[]): Promise<Uint8Array[]> {
  const covers = spans.map(coverSpan);
  const hashes = spans.length === 0 ? [] : await reader.readNodes(covers.flat());
  let at = 0;
  return covers.map((cover) => {
    const own = hashes.slice(at, at + cover.length);
    at += cover.length;
    return own.reduceRight((right, left) => nodeHashOf(left, right));
  });
}

/** The perfect subtrees a span consists of, largest first. Its start is a multiple of the largest: all spans here come from `halve`. */
function coverSpan(span: Span): NodeId[] {
  const cover: NodeId[] = [];
  let start = span.start;
  while (start < span.end) {
    let level = 0;
    while (2 ** (level + 1) <= span.end - start) level += 1;
    cover.push({ level, index: start / 2 ** level });
    start += 2 ** level;
  }
  return cover;
}

function requireSizes(...sizes: readonly number[]): void {
  const bad = sizes.find((size) => !isSize(size));
  if (bad !== undefined) throw new InvalidInputError('bad_size', `${bad} is no tree size`);
}

function requireHashes(hashes: readonly Uint8Array[]): void {
  if (hashes.some((hash) => hash.length !== HASH_BYTES)) refuse(`a hash is not of ${HASH_BYTES} bytes`);
}

function refuse(why: string): never {
  throw new InvalidInputError('bad_proof', `The proof does not hold: ${why}.`);
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}
