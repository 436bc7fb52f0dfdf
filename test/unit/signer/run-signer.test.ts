import { describe, expect, it } from 'vitest';
import { isDue } from '../../../src/signer/run-signer.ts';

const schedule = { everyMs: 10_000, everyEntries: 1_000 };
const signed = { size: 500, refused: false, triedAt: 100_000 };

describe('isDue', () => {
  it.each([
    ['a log never looked at', 0, undefined, 0, true],
    ['nothing new, however long ago', 500, signed, 900_000, false],
    ['one new entry, too early', 501, signed, 109_999, false],
    ['one new entry, in time', 501, signed, 110_000, true],
    ['one less than much', 1_499, signed, 100_001, false],
    ['much', 1_500, signed, 100_001, true],
    ['a log that shrank, in time', 400, signed, 110_000, true],
    ['a refused log, however much it grew', 9_000, { ...signed, refused: true }, 109_999, false],
    ['a refused log, in time, also without anything new', 500, { ...signed, refused: true }, 110_000, true],
  ])('%s', (_what, size, progress, nowMs, due) => {
    expect(isDue({ size, progress }, nowMs, schedule)).toBe(due);
  });
});
