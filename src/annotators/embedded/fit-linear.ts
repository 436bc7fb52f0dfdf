/** Fits a LinearModel: AdaGrad (Duchi et al. 2011) on the log loss with L2, examples in an order fixed by a seed. Deterministic. */
import type { FeatureVector } from './hashing.ts';
import type { LinearModel } from './linear-model.ts';

export interface LabelledVector {
  readonly vector: FeatureVector;
  readonly label: string;
  readonly weight?: number;
}

export interface FitOptions {
  readonly classes: readonly string[];
  readonly bits: number;
  readonly epochs: number;
  /** AdaGrad step; default 0.3. */
  readonly rate?: number;
  /** Default 1e-4. */
  readonly l2?: number;
  /** Decides the order of the examples; default 1. */
  readonly seed?: number;
}

/** Mulberry32: a small seeded generator, so that a rerun gives the same weights. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function fitLinear(examples: readonly LabelledVector[], options: FitOptions): LinearModel {
  const { classes, bits, epochs, rate = 0.3, l2 = 1e-4, seed = 1 } = options;
  const size = 2 ** bits;
  const mask = size - 1;
  const weights = new Float32Array(size * classes.length);
  const squares = new Float32Array(size * classes.length).fill(1e-3);
  const order = examples.map((_, index) => index);
  const random = seededRandom(seed);
  const scores = new Float64Array(classes.length);
  const step = (at: number, gradient: number): void => {
    const regular = gradient + l2 * (weights[at] as number);
    squares[at] = (squares[at] as number) + regular * regular;
    weights[at] = (weights[at] as number) - (rate * regular) / Math.sqrt(squares[at] as number);
  };
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (let index = order.length - 1; index > 0; index -= 1) {
      const other = Math.floor(random() * (index + 1));
      [order[index], order[other]] = [order[other] as number, order[index] as number];
    }
    for (const position of order) {
      const { vector, label, weight = 1 } = examples[position] as LabelledVector;
      const { hashes, values } = vector;
      let highest = Number.NEGATIVE_INFINITY;
      for (let index = 0; index < classes.length; index += 1) {
        const offset = index * size;
        let sum = weights[offset] as number;
        for (let place = 0; place < hashes.length; place += 1)
          sum += (weights[offset + ((hashes[place] as number) & mask || 1)] as number) * (values[place] as number);
        scores[index] = sum;
        if (sum > highest) highest = sum;
      }
      let total = 0;
      for (let index = 0; index < classes.length; index += 1) {
        const value = Math.exp((scores[index] as number) - highest);
        scores[index] = value;
        total += value;
      }
      for (let index = 0; index < classes.length; index += 1) {
        const error = ((scores[index] as number) / total - (classes[index] === label ? 1 : 0)) * weight;
        if (Math.abs(error) < 1e-4) continue;
        const offset = index * size;
        step(offset, error);
        for (let place = 0; place < hashes.length; place += 1) step(offset + ((hashes[place] as number) & mask || 1), error * (values[place] as number));
      }
    }
  }
  return { classes, bits, weights };
}
