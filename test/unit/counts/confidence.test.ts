import { describe, expect, it } from 'vitest';
import { computeConfidence } from '../../../src/counts/confidence.ts';

describe('catalogue confidence', () => {
  it('prints 0.95 for 5 / 6 / 78 / 11, with every term, and says it is saturated', () => {
    expect(computeConfidence({ human: 5, preclinical: 6, anecdotal: 78, studies: 11 })).toEqual({
      value: 0.95,
      uncapped: 2.23,
      cap: 0.95,
      saturated: true,
      label: 'moderate - human claims present in ledger',
      terms: [
        { name: 'human', count: 5, weight: 0.12, value: 0.6 },
        { name: 'preclinical', count: 6, weight: 0.04, value: 0.24 },
        { name: 'anecdotal', count: 78, weight: 0.015, value: 1.17 },
        { name: 'studies', count: 11, weight: 0.02, value: 0.22 },
      ],
    });
  });

  it('is low without a human claim, and free of floating-point noise', () => {
    const { value, uncapped, saturated, label, terms } = computeConfidence({ human: 0, preclinical: 1, anecdotal: 7, studies: 3 });
    expect({ value, uncapped, saturated, label }).toEqual({
      value: 0.205,
      uncapped: 0.205,
      saturated: false,
      label: 'low - no human claims in ledger',
    });
    expect(terms[2]?.value).toBe(0.105);
  });

  it('is zero for an empty ledger and saturated exactly at the cap', () => {
    expect(computeConfidence({ human: 0, preclinical: 0, anecdotal: 0, studies: 0 })).toMatchObject({ value: 0, saturated: false });
    expect(computeConfidence({ human: 7, preclinical: 0, anecdotal: 2, studies: 4 })).toMatchObject({ uncapped: 0.95, saturated: true });
  });
});
