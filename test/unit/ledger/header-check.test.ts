/** What is said of a header that is none. Which headers are: test/property/header-check.test.ts, against the schema. */
import { describe, expect, it } from 'vitest';
import { findHeaderFault, readHeader } from '../../../src/ledger/header-check.ts';

const undo = { v: 1, topic: 'semax', seq: 7, day: '2026-01-02', type: 'undo', ref: 6, reviewer: 'r-1' };
const { reviewer: _reviewer, ...without } = undo;

describe('the fault of a header', () => {
  it('is none where it is right', () => {
    expect(findHeaderFault(undo)).toBeUndefined();
  });

  it.each<[unknown, RegExp]>([
    [without, /^reviewer: missing/],
    [{ ...undo, ref: -1 }, /^ref: not a value/],
    [{ ...undo, v: 2 }, /^v: not a value/],
    [{ ...undo, extra: 1 }, /^extra: not a key of a undo/],
    [{ ...undo, commitment: 'a'.repeat(64), extra: 1 }, /^commitment: not a key/],
    [{ ...undo, type: 'redo' }, /^type: /],
    [{ ...without, type: undefined }, /^type: /],
    [Object.create(undo), /^type: /],
    [{}, /^type: /],
    [[undo], /not an object/],
    [null, /not an object/],
    ['undo', /not an object/],
  ])('of %j names the key', (header, fault) => {
    expect(findHeaderFault(header)).toMatch(fault);
  });
});

describe('the values of a header', () => {
  const claim = { kind: 'main', compound: 'semax', effect: 'none', direction: 'none', tier: 'anecdotal', confidence_ppm: 1, annotator: 'a' };
  const base = { v: 1, topic: 'semax', seq: 7, day: '2026-01-02', commitment: 'a'.repeat(64) };
  const withholdOf = (refs: unknown) => ({ v: 1, topic: 'semax', seq: 7, day: '2026-01-02', type: 'withhold', refs, reason: 'r' });
  const accepts = (header: object): boolean => findHeaderFault(header) === undefined;

  it('flags are a sorted set of those known, and may be none', () => {
    const flagged = (flags: unknown) => ({ ...base, ...claim, type: 'claim', source: 1, flags });
    for (const flags of [[], ['dosing'], ['commercial', 'dosing', 'ungrounded']]) expect(accepts(flagged(flags)), `${flags}`).toBe(true);
    for (const flags of [['dosing', 'commercial'], ['dosing', 'dosing'], ['dosing', 'nice'], ['nice'], ['dosing', 5], 'dosing', { 0: 'dosing' }])
      expect(accepts(flagged(flags)), JSON.stringify(flags)).toBe(false);
  });

  it('refs are a sorted set of seqs, by number, and at least one', () => {
    for (const refs of [[0], [1, 2], [9, 10]]) expect(accepts(withholdOf(refs)), `${refs}`).toBe(true);
    for (const refs of [[], [2, 1], [1, 1], [10, 9], [1, -1], [1, 1.5], ['1'], 1]) expect(accepts(withholdOf(refs)), JSON.stringify(refs)).toBe(false);
  });

  it('days are days', () => {
    const on = (day: unknown) => ({ ...undo, day });
    for (const day of ['2026-01-01', '2026-01-31', '2026-04-30', '2024-04-30', '2024-12-31', '2024-02-29', '2000-02-29', '2026-02-28', '0000-02-29'])
      expect(accepts(on(day)), day).toBe(true);
    const none = ['2026-02-29', '1900-02-29', '2024-02-30', '2026-04-31', '2026-01-32', '2026-01-00', '2026-00-01', '2026-13-01', '2026-1-01', '', 20_260_101];
    for (const day of [...none, ['2026-01-01'], 'x2026-01-01', '12026-01-01', '2026-01-01x', '2026-01-011', '2026-01-01\n'])
      expect(accepts(on(day)), `${day}`).toBe(false);
  });

  it('texts are no lists of one text', () => {
    const review = { ...base, type: 'review', ref: 1, role: 'primary', decision: 'amend', reviewer: 'r-1', expects: -1 };
    expect(accepts({ ...review, language: 'en' })).toBe(true);
    for (const change of [{ language: ['en'] }, { commitment: ['a'.repeat(64)] }, { reviewer: ['r-1'] }, { role: ['primary'] }])
      expect(accepts({ ...review, ...change }), JSON.stringify(change)).toBe(false);
  });
});

describe('a header that is read', () => {
  const text = '{"day":"2026-01-02","ref":6,"reviewer":"r-1","seq":7,"topic":"semax","type":"undo","v":1}';

  it('is its value, or what is wrong with its text', () => {
    expect(readHeader(text)).toEqual(undo);
    expect(readHeader(text.slice(1))).toMatch(/not JSON/);
    expect(readHeader(text.replace('"ref":6', '"ref":-6'))).toMatch(/not a valid header: ref:/);
    expect(readHeader(text.replace(',', ', '))).toMatch(/canonical form/);
  });
});
