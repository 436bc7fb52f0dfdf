/**
 * Multinomial logistic regression over hashed features: prediction and the compact stored form (8-bit weights; weights-file.ts has the file).
 * Weights are made by train.ts; labels are decided by comparing sums, so the same weights give the same labels everywhere.
 */
import type { FeatureVector } from './hashing.ts';

export interface LinearModel {
  readonly classes: readonly string[];
  /** The model has 2^bits places per class; place 0 is the bias. */
  readonly bits: number;
  /** classes x places. */
  readonly weights: Float32Array;
}

export interface StoredModel {
  readonly classes: readonly string[];
  readonly bits: number;
  /** One scale per class: weight = stored byte x scale. */
  readonly scales: readonly number[];
  /** One bias per class, apart: it is larger than any weight and would spoil the scale. */
  readonly biases: readonly number[];
  /** classes x places; a class's first place is its bias's, and empty. */
  readonly data: Int8Array;
}

export interface Prediction {
  readonly label: string;
  /** Per class, in the model's order; adds up to 1. */
  readonly probabilities: readonly number[];
}

export function predict(model: LinearModel, vector: FeatureVector): Prediction {
  const size = 2 ** model.bits;
  const mask = size - 1;
  const scores = model.classes.map((_, index) => {
    const offset = index * size;
    let sum = model.weights[offset] as number;
    for (let place = 0; place < vector.hashes.length; place += 1) {
      sum += (model.weights[offset + ((vector.hashes[place] as number) & mask || 1)] as number) * (vector.values[place] as number);
    }
    return sum;
  });
  const highest = Math.max(...scores);
  const exponents = scores.map((score) => Math.exp(score - highest));
  const total = exponents.reduce((sum, value) => sum + value, 0);
  return { label: model.classes[scores.indexOf(highest)] as string, probabilities: exponents.map((value) => value / total) };
}

export function storeModel(model: LinearModel): StoredModel {
  const size = 2 ** model.bits;
  const bytes = new Int8Array(model.weights.length);
  const scales = model.classes.map((_, index) => {
    const part = model.weights.subarray(index * size + 1, (index + 1) * size);
    let largest = 0;
    for (const weight of part) largest = Math.max(largest, Math.abs(weight));
    // six significant digits: the scale is printed in JSON and read back
    const scale = Number((largest / 127 || 1).toPrecision(6));
    for (let place = 1; place < size; place += 1) bytes[index * size + place] = Math.max(-127, Math.min(127, Math.round((part[place - 1] as number) / scale)));
    return scale;
  });
  const biases = model.classes.map((_, index) => Number((model.weights[index * size] as number).toPrecision(6)));
  return { classes: model.classes, bits: model.bits, scales, biases, data: bytes };
}

export function readModel(stored: StoredModel): LinearModel {
  const size = 2 ** stored.bits;
  const bytes = stored.data;
  const weights = new Float32Array(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) weights[index] = (bytes[index] as number) * (stored.scales[Math.floor(index / size)] as number);
  stored.biases.forEach((bias, index) => {
    weights[index * size] = bias;
  });
  return { classes: stored.classes, bits: stored.bits, weights };
}
