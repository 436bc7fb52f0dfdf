/** Fits in several orders of the examples and averages the weights: one order alone leaves its last examples a little louder. */
import { fitLinear, type FitOptions, type LabelledVector } from './fit-linear.ts';
import type { LinearModel } from './linear-model.ts';

const SEED = 20_260_101;

export function fitAveraged(examples: readonly LabelledVector[], options: Omit<FitOptions, 'seed'>, orders = 2): LinearModel {
  const fits = Array.from({ length: orders }, (_, order) => fitLinear(examples, { ...options, seed: SEED + order }));
  const weights = new Float32Array(2 ** options.bits * options.classes.length);
  for (const { weights: part } of fits) {
    part.forEach((weight, place) => {
      weights[place] = (weights[place] as number) + weight / orders;
    });
  }
  return { classes: options.classes, bits: options.bits, weights };
}
