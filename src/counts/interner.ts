/**
 * Values that a chain repeats a million times (labels, sets of flags, names), each kept once. A cell holds the id.
 * Proved by test/unit/counts/table.test.ts.
 */
export class Interner<From, Value> {
  readonly #keyOf: (from: From) => string;
  readonly #pick: (from: From) => Value;
  readonly #ids = new Map<string, number>();
  readonly #values: Value[] = [];

  /** `keyOf`: equal for equal values only; `pick`: makes the value that is kept. */
  constructor(keyOf: (from: From) => string, pick: (from: From) => Value) {
    this.#keyOf = keyOf;
    this.#pick = pick;
  }

  /** Id of the value, from 0 in the order of first use. */
  idOf(from: From): number {
    const key = this.#keyOf(from);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#ids.set(key, this.#values.length);
    return this.#values.push(this.#pick(from)) - 1;
  }

  at(id: number): Value {
    return this.#values[id] as Value;
  }
}
