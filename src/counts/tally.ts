/** Keeps the tallies in step with the records: takes back what a changed source told before, adds what it tells now. */
import { tellSource } from './numbers.ts';
import type { Fold, Told } from './records.ts';

/** Brings the tallies up to date; costs as much as changed since the last call, not as much as the chain is long. */
export function settleTallies(fold: Fold): void {
  for (const source of fold.dirty) {
    if (source.told !== undefined) apply(fold, source.told, -1);
    const numbers: string[] = [];
    const distinct: { number: string; key: string | number }[] = [];
    tellSource(fold, source, {
      count: (number) => numbers.push(internString(fold, number)),
      distinct: (number, key) => distinct.push({ number, key }),
    });
    source.told = { numbers, distinct };
    apply(fold, source.told, 1);
  }
  fold.dirty.clear();
}

function apply(fold: Fold, told: Told, sign: 1 | -1): void {
  for (const number of told.numbers) add(fold.tally, number, sign);
  for (const { number, key } of told.distinct) {
    const keys = fold.distinct.get(number) ?? new Map<string | number, number>();
    fold.distinct.set(number, keys);
    add(keys, distinctKey(fold, number, key), sign);
  }
}

function add<K>(tally: Map<K, number>, key: K, by: number): void {
  const sum = (tally.get(key) ?? 0) + by;
  if (sum === 0) tally.delete(key);
  else tally.set(key, sum);
}

/** Experiences that were linked count under one key. */
export function distinctKey(fold: Fold, number: string, key: string | number): string | number {
  return number === 'experiences' && typeof key === 'number' ? findGroup(fold, key) : key;
}

/** Root of an experience group, with path halving. */
function findGroup(fold: Fold, seq: number): number {
  let at = seq;
  for (;;) {
    const parent = fold.joined.get(at);
    if (parent === undefined) return at;
    const grandparent = fold.joined.get(parent);
    if (grandparent === undefined) return parent;
    fold.joined.set(at, grandparent);
    at = grandparent;
  }
}

/** Makes two experience groups one, moving what was tallied under the younger to the older. */
export function joinGroups(fold: Fold, first: number, second: number): void {
  const [a, b] = [findGroup(fold, first), findGroup(fold, second)];
  if (a === b) return;
  const [older, younger] = a < b ? [a, b] : [b, a];
  fold.joined.set(younger, older);
  const keys = fold.distinct.get('experiences');
  const moved = keys?.get(younger);
  if (keys === undefined || moved === undefined) return;
  keys.delete(younger);
  add(keys, older, moved);
}

export function internString<T extends string>(fold: Fold, value: T): T {
  const known = fold.interned.get(value);
  if (known !== undefined) return known as T;
  fold.interned.set(value, value);
  return value;
}
