/**
 * Goes on with a model from new examples: stochastic gradient descent on the log loss, a small step, few rounds, always in the same order.
 * No weight moves further than MAX_SHIFT, so that a few decisions correct the model and do not replace what it has learned. Biases stay:
 * reviewers look at what is doubtful, and how often a label occurs among that is not how often it occurs.
 */
import type { LabelledVector } from '../embedded/fit-linear.ts';
import { predict, type LinearModel } from '../embedded/linear-model.ts';

const ROUNDS = 8;
const STEP = 0.1;
/** A feature that speaks clearly weighs about 1. */
const MAX_SHIFT = 0.5;

/** Labels that the model does not have teach it nothing. */
export function continueLinear(model: LinearModel, examples: readonly LabelledVector[]): LinearModel {
  const size = 2 ** model.bits;
  const mask = size - 1;
  const weights = Float32Array.from(model.weights);
  const moved: LinearModel = { ...model, weights };
  const shift = (at: number, by: number): void => {
    const base = model.weights[at] as number;
    weights[at] = Math.min(base + MAX_SHIFT, Math.max(base - MAX_SHIFT, (weights[at] as number) + by));
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { vector, label } of examples) {
      if (!model.classes.includes(label)) continue;
      const { probabilities } = predict(moved, vector);
      model.classes.forEach((name, index) => {
        const step = STEP * ((name === label ? 1 : 0) - (probabilities[index] ?? 0));
        const offset = index * size;
        vector.hashes.forEach((hash, place) => {
          shift(offset + (hash & mask || 1), step * (vector.values[place] as number));
        });
      });
    }
  }
  return moved;
}
