import { describe, expect, it } from 'vitest';
import { evaluateTexts, isStated, labelFigures, matchEffects, type EvaluatedText } from '../../../src/annotators/evaluate.ts';
import type { GoldText } from '../../../src/annotators/embedded/gold.ts';

const gold: GoldText = {
  id: 'g',
  platform: 'reddit',
  text: 'Better sleep, less pain and a headache.',
  document_type: 'first_person_report',
  evidence_tier: 'anecdotal',
  sentiment: 'mixed',
  first_person_use: true,
  commercial_interest: false,
  effects: [
    { effect: 'sleep', direction: 'improves', quote: 'Better sleep' },
    { effect: 'pain', direction: 'improves', quote: 'less pain' },
    { effect: 'headache', direction: 'worsens', quote: 'a headache' },
  ],
};
const said = (effects: EvaluatedText['effects']): EvaluatedText => ({
  document_type: 'opinion',
  evidence_tier: 'anecdotal',
  sentiment: 'mixed',
  first_person_use: true,
  commercial_interest: false,
  effects,
  main: { flagged: false },
});

describe('matchEffects', () => {
  it('one to one, same direction, half of the shorter', () => {
    const effects = [
      { effect: 'sleep', direction: 'improves', start: 0, end: 12, flagged: false },
      { effect: 'sleep', direction: 'improves', start: 0, end: 12, flagged: false },
      { effect: 'pain', direction: 'worsens', start: 14, end: 23, flagged: false },
      { effect: 'headache', direction: 'worsens', start: 28, end: 38, flagged: true },
      { effect: 'mood', direction: 'improves', start: 22, end: 30, flagged: false },
    ];
    expect(matchEffects(gold, effects)).toEqual([true, false, false, true, false]);
  });
});

const meant = (phrase: string): Set<string> => new Set([phrase]);

describe('isStated', () => {
  it('an overlapping quote of the direction, or the effect in that direction anywhere', () => {
    const effects = [
      { effect: 'sleep', direction: 'improves', start: 0, end: 12, flagged: false },
      { effect: 'energy', direction: 'improves', start: 0, end: 12, flagged: false },
      { effect: 'pain', direction: 'improves', start: 30, end: 38, flagged: false },
      { effect: 'pain', direction: 'worsens', start: 14, end: 23, flagged: false },
      { effect: 'mood', direction: 'improves', start: 30, end: 38, flagged: false },
    ];
    expect(isStated(gold, effects, meant)).toEqual([true, true, true, false, false]);
  });
});

describe('evaluateTexts', () => {
  it('counts precision and recall of all and of unflagged claims', () => {
    const figures = evaluateTexts(
      [gold],
      [
        said([
          { effect: 'sleep', direction: 'improves', start: 0, end: 12, flagged: false },
          { effect: 'mood', direction: 'improves', start: 30, end: 38, flagged: true },
        ]),
      ],
      meant,
    );
    expect(figures.effects).toMatchObject({ precision: 0.5, recall: 1 / 3, count: 3 });
    expect(figures.effects_unflagged).toEqual({ precision: 1, stated: 1, claims: 1, share: 0.5, recall: 1 / 3 });
    expect(figures.main_unflagged).toEqual({ precision: 1, claims: 1, share: 1 });
    expect(figures.document_type.accuracy).toBe(0);
  });
  it('macro-F1 is over the labels that occur', () => {
    expect(labelFigures(['a', 'a', 'b'], ['a', 'b', 'b'])).toMatchObject({ accuracy: 2 / 3, macro_f1: 2 / 3 });
  });
});
