import { describe, expect, it } from 'vitest';
import { DOSE_MASK, maskDoses } from '../../../src/normalize/mask-doses.ts';

const MASKED: readonly (readonly [text: string, shown: string])[] = [
  ['250mcg twice daily', DOSE_MASK],
  ['I took 250 mcg of it', `I took ${DOSE_MASK} of it`],
  ['two hundred micrograms every other day for 6 weeks', DOSE_MASK],
  ['half a milligram', DOSE_MASK],
  ['between 2 and 3 units', DOSE_MASK],
  ['300/500 mcg per day', DOSE_MASK],
  ['100 µg/kg/day in rats', `${DOSE_MASK} in rats`],
  ['2x/day', DOSE_MASK],
  ['three times a week', DOSE_MASK],
  ['every 8 hours', DOSE_MASK],
  ['two sprays per nostril', DOSE_MASK],
  ['10 days on 20 days off', DOSE_MASK],
  ['a 0.1% nasal spray', `a ${DOSE_MASK} nasal spray`],
  ['dose of 250 helped', `dose of ${DOSE_MASK} helped`],
  ['dosed at 300', `dosed at ${DOSE_MASK}`],
  ['take it daily', `take it ${DOSE_MASK}`],
  ['5 mg/ml', DOSE_MASK],
  ['once a week 2.4 mg', DOSE_MASK],
  ['weeks 1-4: 0.25', DOSE_MASK],
  ['2 capsules', DOSE_MASK],
  ['300 IU', DOSE_MASK],
  ['½ ml', DOSE_MASK],
  ['500mg bid', DOSE_MASK],
];

const KEPT: readonly string[] = [
  'In 2019 I was 45 years old',
  '30% of 120 people felt better',
  'a hundred people tried it',
  'IGF-1, 5-HT2A, TB-500 and BPC-157',
  'lost 12 lbs in 3 weeks',
  '24 patients over 12 weeks',
  'blood sugar of 126 mg/dl',
  'my daily life',
  'it works every time',
  'I tried it three times',
  'the 5G network',
  'dosed at 10 years of age',
  'I weigh 80 kg',
  'paid $50',
  'no effect at all',
];

describe('maskDoses', () => {
  it.each(MASKED)('hides %s', (text, shown) => {
    expect(maskDoses(text)).toBe(shown);
  });
  it.each(KEPT.map((text) => [text]))('keeps %s', (text) => {
    expect(maskDoses(text)).toBe(text);
  });
  it('hides every number of a table that speaks of doses', () => {
    expect(maskDoses('| Week | Dose (mcg) |\n|---|---|\n| 1 | 250 |\n| 2-4 | 500 |')).not.toMatch(/\d/);
    expect(maskDoses('| Year | People |\n|---|---|\n| 2019 | 250 |')).toContain('2019');
  });
  it('is stable: what is masked stays as it is', () => {
    for (const [text] of MASKED) expect(maskDoses(maskDoses(text))).toBe(maskDoses(text));
  });
  it('reads long repetitive text', () => {
    for (const part of ['1 ', 'a ', 'one ', '1/1/', '|', 'every ', 'dose ', ' ', '1', '1 mg '])
      expect(maskDoses(part.repeat(20_000)).length).toBeGreaterThan(0);
  });
});
