/**
 * Keeps the tallies in step with the records. Every source is either told (what it and its claims add up to is in the tallies) or in
 * `untold`. Nothing remembers what a source told: before anything changes that its numbers depend on, `takeBack` asks it once more and
 * subtracts. test/property/counts.test.ts asks for counts at many points of a chain and compares them with a full refold.
 */
import { type StudyNumber, type Teller, tellSource } from './numbers.ts';
import type { Fold } from './records.ts';
import { SourceRecord } from './source-record.ts';

/** So many sources may wait to be told: a chain of any length is told in steps, and claims mostly follow their source at once. */
const UNTOLD_LIMIT = 4096;

/** Brings the tallies up to date; costs as much as changed since the last call, not as much as the chain is long. */
export function settleTallies(fold: Fold): void {
  const add = new Tallier(fold, 1);
  for (const row of fold.untold) tellSource(new SourceRecord(fold, row), add);
  fold.untold.clear();
}

/** Bounds what waits to be told. */
export function settleIfMany(fold: Fold): void {
  if (fold.untold.size >= UNTOLD_LIMIT) settleTallies(fold);
}

/** Takes back what a source told, so that it may change. Call it before the change. */
export function takeBack(fold: Fold, source: number): void {
  if (fold.untold.has(source)) return;
  tellSource(new SourceRecord(fold, source), new Tallier(fold, -1));
  fold.untold.add(source);
}

/** Makes two experience groups one, with the sources that were counted under them. */
export function joinExperiences(fold: Fold, first: number, second: number): void {
  const joined = fold.groups.join(first, second);
  if (joined !== undefined) fold.distinct.experiences.move(joined.younger, joined.older);
}

/** Adds what a source tells to the tallies, or subtracts it. */
class Tallier implements Teller {
  readonly #fold: Fold;
  readonly #sign: 1 | -1;

  constructor(fold: Fold, sign: 1 | -1) {
    this.#fold = fold;
    this.#sign = sign;
  }

  count(number: string): void {
    const { tally } = this.#fold;
    const sum = (tally.get(number) ?? 0) + this.#sign;
    if (sum === 0) tally.delete(number);
    else tally.set(number, sum);
  }

  thread(seq: number): void {
    this.#fold.distinct.threads.add(seq, this.#sign);
  }

  /** Groups that were linked count under one key. */
  experience(seq: number): void {
    this.#fold.distinct.experiences.add(this.#fold.groups.find(seq), this.#sign);
  }

  study(number: StudyNumber, key: string | number): void {
    this.#fold.distinct[number].add(key, this.#sign);
  }
}
