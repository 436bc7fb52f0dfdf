/** RFC 6962 section 2.1, written as the text has it: recursive, over all leaves, hashed by node:crypto. What proof.ts and the tiles are compared with. */
import { createHash } from 'node:crypto';
import type { NodeId, NodeReader } from '../../src/ledger/proof.ts';

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

export class NaiveTree implements NodeReader {
  readonly entries: readonly Uint8Array[];
  /** Results by "start-end", or a consistency proof of every pair would take minutes. */
  readonly #roots = new Map<string, Uint8Array>();

  constructor(entries: readonly Uint8Array[]) {
    this.entries = entries;
  }

  /** A tree of `size` entries that differ. */
  static of(size: number): NaiveTree {
    return new NaiveTree(Array.from({ length: size }, (_, seq) => sha256(new TextEncoder().encode(`entry ${seq}`))));
  }

  /** MTH(D[start:end]) */
  root(start: number, end: number): Uint8Array {
    const known = this.#roots.get(`${start}-${end}`);
    if (known) return known;
    const root = this.#hash(start, end);
    this.#roots.set(`${start}-${end}`, root);
    return root;
  }

  #hash(start: number, end: number): Uint8Array {
    if (end === start) return sha256();
    if (end - start === 1) return sha256(Uint8Array.of(0), this.entries[start] as Uint8Array);
    const k = split(end - start);
    return sha256(Uint8Array.of(1), this.root(start, start + k), this.root(start + k, end));
  }

  /** PATH(m, D[start:end]), RFC 6962 section 2.1.1. */
  path(m: number, start: number, end: number): Uint8Array[] {
    if (end - start === 1) return [];
    const k = split(end - start);
    if (m < k) return [...this.path(m, start, start + k), this.root(start + k, end)];
    return [...this.path(m - k, start + k, end), this.root(start, start + k)];
  }

  /** SUBPROOF(m, D[start:end], b), RFC 6962 section 2.1.2; PROOF(m, D[n]) = SUBPROOF(m, D[n], true). */
  subproof(m: number, span: { start: number; end: number }, b = true): Uint8Array[] {
    const { start, end } = span;
    if (m === end - start) return b ? [] : [this.root(start, end)];
    const k = split(end - start);
    if (m <= k) return [...this.subproof(m, { start, end: start + k }, b), this.root(start + k, end)];
    return [...this.subproof(m - k, { start: start + k, end }, false), this.root(start, start + k)];
  }

  readNodes(nodes: readonly NodeId[]): Promise<Uint8Array[]> {
    return Promise.resolve(nodes.map(({ level, index }) => this.root(index * 2 ** level, (index + 1) * 2 ** level)));
  }
}

/** Largest power of two smaller than n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
