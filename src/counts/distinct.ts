/** How many different keys there are among the sources that count: each key is there as long as one source has it. */
import type { Table } from './table.ts';

interface DistinctKeys<Key> {
  /** Number of keys. */
  readonly size: number;
  /** `sign`: 1 for one source more that has the key, -1 for one less. */
  add(key: Key, sign: 1 | -1): void;
}

/** Keys that are seqs: the sources of each are counted in a column of the row that the entry has anyhow. */
export class DistinctSeqs implements DistinctKeys<number> {
  readonly #entries: Table;
  readonly #column: number;
  #size = 0;

  constructor(entries: Table, column: number) {
    this.#entries = entries;
    this.#column = column;
  }

  get size(): number {
    return this.#size;
  }

  add(seq: number, sign: 1 | -1): void {
    this.#put(seq, this.#sharing(seq) + sign);
  }

  /** All sources that have `from` have `to` instead. */
  move(from: number, to: number): void {
    const moved = this.#sharing(from);
    this.#put(from, 0);
    this.#put(to, this.#sharing(to) + moved);
  }

  #sharing(seq: number): number {
    return this.#entries.get(seq, this.#column);
  }

  #put(seq: number, sharing: number): void {
    this.#size += Number(sharing > 0) - Number(this.#sharing(seq) > 0);
    this.#entries.set(seq, this.#column, sharing);
  }
}

/** Keys of any kind, for the few studies that grade the evidence. */
export class DistinctNames implements DistinctKeys<string | number> {
  readonly #sharing = new Map<string | number, number>();

  get size(): number {
    return this.#sharing.size;
  }

  add(key: string | number, sign: 1 | -1): void {
    const sharing = (this.#sharing.get(key) ?? 0) + sign;
    if (sharing === 0) this.#sharing.delete(key);
    else this.#sharing.set(key, sharing);
  }
}
