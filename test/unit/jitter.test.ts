/** Jitter (jobs/jitter.ts): the same run starts at the same time, and runs are spread evenly over the time allowed. */
import { describe, expect, it } from 'vitest';
import { jitterOf } from '../../jobs/jitter.ts';

const SLOT = Date.parse('2026-11-23T06:00:00Z');
const HOUR = 3_600_000;

describe('jitterOf', () => {
  it('is the same for the same run, and within the time allowed', () => {
    const run = { community: 7, slotMs: SLOT, jitterMs: HOUR };
    expect(jitterOf(run)).toBe(jitterOf({ ...run }));
    for (let community = 1; community <= 200; community++) {
      const ms = jitterOf({ community, slotMs: SLOT, jitterMs: 20 });
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThan(20);
    }
  });

  it('is nothing without a time allowed', () => {
    expect(jitterOf({ community: 7, slotMs: SLOT, jitterMs: 0 })).toBe(0);
  });

  it.each([
    ['communities of one slot', (nth: number) => ({ community: nth, slotMs: SLOT })],
    ['slots of one community', (nth: number) => ({ community: 7, slotMs: SLOT + nth * HOUR })],
  ])('spreads %s over the whole of it', (_what, runAt) => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let nth = 0; nth < 1_000; nth++) {
      const at = Math.floor(jitterOf({ ...runAt(nth), jitterMs: HOUR }) / (HOUR / 10));
      tenths[at] = (tenths[at] ?? 0) + 1;
    }
    // 100 are expected in each; 60 and 140 are four standard deviations away.
    for (const count of tenths) expect(Math.abs(count - 100)).toBeLessThan(40);
  });
});
