/** One byte per entry, growing by pages: a million entries are a megabyte, and nothing is ever copied to grow. */
const PAGE = 4_096;

export class ByteColumn {
  readonly #pages: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(byte: number): void {
    if (this.#length % PAGE === 0) this.#pages.push(new Uint8Array(PAGE));
    (this.#pages.at(-1) as Uint8Array)[this.#length % PAGE] = byte;
    this.#length++;
  }

  /** Undefined where nothing was pushed yet. */
  at(index: number): number | undefined {
    return index >= 0 && index < this.#length ? this.#pages[Math.floor(index / PAGE)]?.[index % PAGE] : undefined;
  }

  /** `index` must be below `length`. */
  set(index: number, byte: number): void {
    (this.#pages[Math.floor(index / PAGE)] as Uint8Array)[index % PAGE] = byte;
  }

  indexOf(byte: number): number {
    for (const [number, page] of this.#pages.entries()) {
      const found = page.indexOf(byte);
      if (found >= 0 && number * PAGE + found < this.#length) return number * PAGE + found;
    }
    return -1;
  }
}
