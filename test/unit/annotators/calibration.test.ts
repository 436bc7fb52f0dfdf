import { describe, expect, it } from 'vitest';
import { chooseThreshold, fitTable, type CalibrationSample } from '../../../src/annotators/embedded/fit-calibration.ts';
import { fitLinear } from '../../../src/annotators/embedded/fit-linear.ts';
import { addFeature, emptyVector, type FeatureVector } from '../../../src/annotators/embedded/hashing.ts';
import { predict, readModel, storeModel } from '../../../src/annotators/embedded/linear-model.ts';
import { calibrate } from '../../../src/annotators/embedded/models.ts';

/** Right as often as the score says. */
const samples: CalibrationSample[] = Array.from({ length: 1_000 }, (_, index) => ({
  of: 'effect',
  score: index / 1_000,
  right: (index * 7919) % 1_000 < index,
}));

describe('calibration', () => {
  it('gives what was measured, and never less for a higher score', () => {
    const table = fitTable(samples);
    for (const score of [0.1, 0.3, 0.5, 0.7, 0.9]) expect(Math.abs(calibrate(table, score) - score)).toBeLessThan(0.12);
    for (let index = 1; index < table.length; index += 1) expect(table[index]?.confidence).toBeGreaterThanOrEqual(table[index - 1]?.confidence ?? 0);
  });
  it('the threshold keeps what is above it at the aim', () => {
    const table = fitTable(samples);
    const threshold = chooseThreshold(samples, table, 0.9);
    const open = samples.filter((sample) => calibrate(table, sample.score) >= threshold);
    expect(open.filter((sample) => sample.right).length / open.length).toBeGreaterThanOrEqual(0.9);
  });
});

describe('linear model', () => {
  const vector = (...features: string[]): FeatureVector => {
    const made = emptyVector();
    for (const feature of features) addFeature(made, feature);
    return made;
  };
  const examples = Array.from({ length: 40 }, (_, index) => ({
    vector: vector(index % 2 ? 'good' : 'bad', `noise ${index}`),
    label: index % 2 ? 'yes' : 'no',
  }));
  const options = { classes: ['yes', 'no'], bits: 10, epochs: 5 };
  it('learns, and says the same after storing', () => {
    const model = fitLinear(examples, options);
    const stored = readModel(storeModel(model));
    for (const [feature, label] of [
      ['good', 'yes'],
      ['bad', 'no'],
    ] as const) {
      expect(predict(model, vector(feature)).label).toBe(label);
      expect(predict(stored, vector(feature)).label).toBe(label);
    }
  });
  it('is deterministic', () => {
    expect(storeModel(fitLinear(examples, options))).toEqual(storeModel(fitLinear(examples, options)));
  });
});
