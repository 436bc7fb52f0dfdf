/** Going on with a model: it takes a correction, no weight moves far, and the same examples give the same weights. */
import { describe, expect, it } from 'vitest';
import { addFeature, emptyVector, type FeatureVector } from '../../../src/annotators/embedded/hashing.ts';
import { predict, type LinearModel } from '../../../src/annotators/embedded/linear-model.ts';
import { continueLinear } from '../../../src/annotators/training/continue-linear.ts';

function vectorOf(...words: string[]): FeatureVector {
  const vector = emptyVector();
  for (const word of words) addFeature(vector, word, 1);
  return vector;
}

const base: LinearModel = { classes: ['bad', 'good'], bits: 10, weights: new Float32Array(2 ** 10 * 2) };
base.weights[2 ** 10] = 0.5;

describe('continueLinear', () => {
  it('says what it was taught, and of other texts what it said', () => {
    const moved = continueLinear(base, [{ vector: vectorOf('headache', 'daily'), label: 'bad' }]);
    expect(predict(base, vectorOf('headache', 'daily')).label).toBe('good');
    expect(predict(moved, vectorOf('headache', 'daily')).label).toBe('bad');
    expect(predict(moved, vectorOf('calm')).label).toBe('good');
  });

  it('moves no weight further than half, however often it is told', () => {
    const moved = continueLinear(
      base,
      Array.from({ length: 500 }, () => ({ vector: vectorOf('headache'), label: 'bad' })),
    );
    const furthest = moved.weights.reduce((most, weight, at) => Math.max(most, Math.abs(weight - (base.weights[at] as number))), 0);
    expect(furthest).toBeCloseTo(0.5, 6);
  });

  it('gives the same from the same, and leaves alone what has another label or nothing to learn', () => {
    const examples = [{ vector: vectorOf('headache'), label: 'bad' }];
    expect(continueLinear(base, examples).weights).toEqual(continueLinear(base, examples).weights);
    expect(continueLinear(base, [{ vector: vectorOf('headache'), label: 'unheard of' }]).weights).toEqual(base.weights);
    expect(continueLinear(base, []).weights).toEqual(base.weights);
  });
});
