/** The dose guard against made-up sentences (test/fixtures/dosing), and over the real texts where they are: only counts are printed. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { givesDosingAdvice } from '../../../src/flags/dosing.ts';
import { DOSE_MASK, maskDoses } from '../../../src/normalize/mask-doses.ts';
import { ADVICE, findLeaks, KEPT, MASKED } from './dosing-fixture.ts';

const LEAST_CAUGHT = 0.98;
const MOST_FALSE_ALARMS = 0.02;

describe('the dose guard', () => {
  it('has enough to be tried on', () => {
    expect(MASKED.length + ADVICE.length).toBeGreaterThanOrEqual(150);
    expect(KEPT.length).toBeGreaterThanOrEqual(100);
  });
  it('hides doses, concentrations and schedules however they are written', () => {
    const missed = MASKED.filter(({ text, kept }) => maskDoses(text) === text || findLeaks(maskDoses(text), kept).length > 0);
    expect(missed.map(({ text }) => text)).toEqual([]);
  });
  it('hides nothing else of these sentences', () => {
    const exact = MASKED.filter(({ text, shown }) => maskDoses(text) === shown);
    expect(exact.length / MASKED.length).toBeGreaterThanOrEqual(LEAST_CAUGHT);
  });
  it('masks what is masked no further', () => {
    for (const { text } of MASKED) expect(maskDoses(maskDoses(text))).toBe(maskDoses(text));
  });
  it('flags what tells others how much, how often or when', () => {
    const caught = ADVICE.filter(givesDosingAdvice);
    expect(caught.length / ADVICE.length).toBeGreaterThanOrEqual(LEAST_CAUGHT);
  });
  it('leaves years, ages, prices, laboratory values and the like alone', () => {
    const alarms = KEPT.filter((text) => maskDoses(text) !== text || givesDosingAdvice(text));
    expect(alarms.length / KEPT.length).toBeLessThanOrEqual(MOST_FALSE_ALARMS);
  });
});

const GOLD = path.resolve(import.meta.dirname, '../../../../shared/data/gold/dev.jsonl');
/** An amount with a unit that is never a laboratory value, in the plainest spelling: found without the guard's own expressions. */
const PLAIN_DOSE = /\b\d+(?:\.\d+)? ?(?:mcg|iu|mg)\b(?! ?\/ ?d?l)/iu;

describe.skipIf(!existsSync(GOLD))('over the real texts', () => {
  it('no plain amount is left, and few texts are touched that hold none', () => {
    const texts = readFileSync(GOLD, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { text: string }).text);
    const plain = texts.filter((text) => PLAIN_DOSE.test(text));
    const touched = texts.filter((text) => maskDoses(text).includes(DOSE_MASK));
    const left = plain.filter((text) => PLAIN_DOSE.test(maskDoses(text)));
    console.log(`${texts.length} texts: ${plain.length} with a plain amount, ${left.length} of them after masking; ${touched.length} masked somewhere`);
    expect(left.length).toBe(0);
    expect(touched.length).toBeGreaterThanOrEqual(plain.length);
  });
});
