/** Chance that is the same in every run: a 32-bit linear congruential generator (Numerical Recipes). */
export interface Draw {
  /** A whole number from 0 to under `limit`. */
  below(limit: number): number;
  /** True in `perMille` of 1,000 draws. */
  chance(perMille: number): boolean;
  pick<T>(values: readonly T[]): T;
}

export function seedDraw(seed: number): Draw {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return { below, chance: (perMille) => below(1_000) < perMille, pick: (values) => values[below(values.length)] as never };
}
