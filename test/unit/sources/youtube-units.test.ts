import { describe, expect, it } from 'vitest';
import { msUntilQuotaReset } from '../../../src/sources/youtube/units.ts';

const HOUR = 3_600_000;

describe('msUntilQuotaReset', () => {
  it.each([
    ['winter', '2026-01-15T07:00:00Z', '2026-01-15T08:00:00Z'],
    ['summer', '2026-07-15T12:00:00Z', '2026-07-16T07:00:00Z'],
    ['just after midnight', '2026-07-15T07:00:01Z', '2026-07-16T07:00:00Z'],
    ['the day the clocks go forward', '2026-03-08T09:00:00Z', '2026-03-09T07:00:00Z'],
    ['the day the clocks go back', '2026-11-01T08:00:00Z', '2026-11-02T08:00:00Z'],
    ['the end of a year', '2027-01-01T06:30:00Z', '2027-01-01T08:00:00Z'],
  ])('%s', (_name, now, reset) => {
    expect(new Date(Date.parse(now) + msUntilQuotaReset(new Date(now))).toISOString()).toBe(new Date(reset).toISOString());
  });

  it('is never more than the longest day', () => {
    for (let hour = 0; hour < 24 * 370; hour += 7) {
      const waitMs = msUntilQuotaReset(new Date(Date.UTC(2026, 0, 1, hour)));
      expect(waitMs).toBeGreaterThanOrEqual(1_000);
      expect(waitMs).toBeLessThanOrEqual(25 * HOUR);
    }
  });
});
