/** Chance that repeats itself for a seed: mulberry32 (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
import { createHash } from 'node:crypto';

export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  chance(of: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** A chance for each name, and for each time it is named: what comes in another order has the same luck. */
export type Chances = (name: string) => Random;

export function createChances(seed: number): Chances {
  const times = new Map<string, number>();
  return (name) => {
    const nth = (times.get(name) ?? 0) + 1;
    times.set(name, nth);
    return createRandom(
      createHash('sha256')
        .update(JSON.stringify([seed, name, nth]))
        .digest()
        .readInt32BE(0),
    );
  };
}

export function createRandom(seed: number): Random {
  let state = seed | 0;
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (of) => next() < of,
    pick: (from) => from[Math.floor(next() * from.length)] as (typeof from)[number],
  };
}
