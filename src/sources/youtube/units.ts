/**
 * What YouTube charges for a call, in quota units, and when a used-up quota is given anew: at midnight Pacific time.
 * https://developers.google.com/youtube/v3/determine_quota_cost. Proved by test/unit/sources/youtube-units.test.ts.
 */

/** What a project has by default; how many of them are used only YouTube knows. */
export const UNITS_PER_DAY = 10_000;
export const UNITS = { search: 100, videos: 1, commentThreads: 1, comments: 1 } as const;
export type YoutubeEndpoint = keyof typeof UNITS;

const PACIFIC = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
});

/** Milliseconds from `now` to the next midnight in Los Angeles, never less than a second. */
export function msUntilQuotaReset(now: Date): number {
  const { year, month, day } = pacificParts(now);
  // Midnight by standard time (UTC-8); while daylight saving holds, the clock there then says one already.
  const standard = Date.UTC(year, month - 1, day + 1, 8);
  const midnight = standard - pacificParts(new Date(standard)).hour * 3_600_000;
  return Math.max(midnight - now.getTime(), 1_000);
}

function pacificParts(at: Date): { readonly year: number; readonly month: number; readonly day: number; readonly hour: number } {
  const parts = Object.fromEntries(PACIFIC.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return { year: parts['year'] ?? 0, month: parts['month'] ?? 0, day: parts['day'] ?? 0, hour: parts['hour'] ?? 0 };
}
