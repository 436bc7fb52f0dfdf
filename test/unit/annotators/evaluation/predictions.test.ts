import { describe, expect, it } from 'vitest';
import { comparePredictions, parsePredictions, writePredictions, type Prediction } from '../../../../src/annotators/evaluation/predictions.ts';
import { InvalidInputError } from '../../../../src/errors.ts';

const before: Prediction[] = [
  { set: 'own', id: '1', labels: { sentiment: ['positive', 'neutral'], evidence_tier: ['none', 'none'] }, claims: [2, 1, 1, 0] },
  { set: 'own', id: '2', labels: { sentiment: ['positive', 'positive'] } },
  { set: 'gold', id: '1', labels: { sentiment: ['positive', 'positive'] } },
];

describe('frozen predictions', () => {
  it('are read as they were written', () => {
    expect(parsePredictions(writePredictions(before))).toEqual(before);
  });
  it('a line that is none is named', () => {
    expect(() => parsePredictions('{"set":"own"}\n')).toThrow(InvalidInputError);
    expect(() => parsePredictions(`${writePredictions(before)}nonsense\n`)).toThrow('line 4');
  });
  it('show each change: what it repairs, what it breaks, and effect claims', () => {
    const now: Prediction[] = [
      { set: 'own', id: '1', labels: { sentiment: ['positive', 'positive'], evidence_tier: ['none', 'anecdotal'] }, claims: [2, 2, 2, 1] },
      { set: 'own', id: '2', labels: { sentiment: ['positive', 'positive'] } },
      { set: 'own', id: '3', labels: { sentiment: ['positive', 'negative'] } },
    ];
    expect(comparePredictions(before, now)).toEqual([
      { set: 'own', id: '1', of: 'sentiment', gold: 'positive', before: 'neutral', now: 'positive', change: 'fixed' },
      { set: 'own', id: '1', of: 'evidence_tier', gold: 'none', before: 'none', now: 'anecdotal', change: 'broken' },
      {
        set: 'own',
        id: '1',
        of: 'effect claims',
        gold: '2 marked',
        before: '1 claimed, 1 right, 0 unflagged',
        now: '2 claimed, 2 right, 1 unflagged',
        change: 'fixed',
      },
    ]);
    expect(comparePredictions(now, now)).toEqual([]);
  });
});
