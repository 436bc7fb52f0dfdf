/**
 * Rows of unsigned 32-bit cells: what the fold keeps of a million entries without a million objects. A row is 4 bytes a column and stays
 * where it is; chunks are added and never copied, so growing costs no second copy. The cells of one row lie together, because
 * they are read together. Proved by test/unit/counts/table.test.ts.
 */
const CHUNK_BITS = 8;
const CHUNK_ROWS = 1 << CHUNK_BITS;
const PLACE_MASK = CHUNK_ROWS - 1;

/** A cell that holds nothing. No value that is stored reaches it (`MAX_SEQ`). */
export const NONE = 0xffff_ffff;

/** Highest seq a cell can hold. Rows, ids and running numbers are never higher than the seq of the entry they come with. */
export const MAX_SEQ = NONE - 1;

export class Table {
  readonly #columns: number;
  readonly #empty: number;
  readonly #chunks: Uint32Array[] = [];
  #size = 0;

  /** `columns`: how many cells a row has; `empty`: what they hold at first. */
  constructor(columns: number, empty = NONE) {
    this.#columns = columns;
    this.#empty = empty;
  }

  /** Number of rows. */
  get size(): number {
    return this.#size;
  }

  /** Adds a row of empty cells. Returns its number, from 0. */
  add(): number {
    if ((this.#size & PLACE_MASK) === 0) this.#chunks.push(new Uint32Array(CHUNK_ROWS * this.#columns).fill(this.#empty));
    this.#size += 1;
    return this.#size - 1;
  }

  get(row: number, column: number): number {
    return this.#chunkOf(row)[(row & PLACE_MASK) * this.#columns + column] as number;
  }

  set(row: number, column: number, value: number): void {
    this.#chunkOf(row)[(row & PLACE_MASK) * this.#columns + column] = value;
  }

  #chunkOf(row: number): Uint32Array {
    return this.#chunks[row >>> CHUNK_BITS] as Uint32Array;
  }
}
