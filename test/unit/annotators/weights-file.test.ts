/** The file of weights: what is written is read, the same bytes each time, and what was cut or changed is refused. */
import { describe, expect, it } from 'vitest';
import type { StoredModel } from '../../../src/annotators/embedded/linear-model.ts';
import { decodeWeights, encodeWeights } from '../../../src/annotators/embedded/weights-file.ts';

function model(seed: number): StoredModel {
  const data = Int8Array.from({ length: 2 ** 6 * 2 }, (_, index) => ((index * seed) % 255) - 127);
  return { classes: ['no', 'yes'], bits: 6, scales: [0.01, 0.0254], biases: [-1.5, 1.5], data };
}

const models = new Map([
  ['first', model(3)],
  ['second', model(7)],
]);

describe('a file of weights', () => {
  it('gives back what was written, in the same bytes each time', () => {
    const bytes = encodeWeights(models);
    expect(decodeWeights(bytes)).toEqual(models);
    expect(encodeWeights(decodeWeights(bytes)).equals(bytes)).toBe(true);
  });

  it('is refused when it is cut short, changed or something else', () => {
    const bytes = encodeWeights(models);
    for (const length of [0, 8, 11, 40, bytes.length - 1]) expect(() => decodeWeights(bytes.subarray(0, length))).toThrow(/weights\.bin/);
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => decodeWeights(changed)).toThrow(/weights\.bin/);
    }
    expect(() => decodeWeights(Buffer.from('{"models": []}'.padEnd(100)))).toThrow('it is no file of weights');
  });

  it('is refused when a model has not as many weights as it says', () => {
    const short = { ...model(3), data: new Int8Array(5) };
    expect(() => decodeWeights(encodeWeights(new Map([['first', short]])))).toThrow('not as many weights');
  });
});
