/**
 * When a community's silence is a gap. Items are taken to come by chance at the community's own rate: of n expected ones
 * none comes with probability e^-n (Poisson). People write in bursts, at night less and after a weekend more, so that
 * alone would cry wolf: the silence must also be a day long, seen twice, and twice as long as any before it.
 * A community that is always quiet has no rate to speak of and never a gap. Proved by test/unit/model/gap.test.ts and
 * test/property/gap.test.ts.
 */

/** One listing that was read to its end. */
export interface Visit {
  /** Begin of the listing before it: what it found had been written since. */
  readonly since: Date;
  readonly at: Date;
  /** Items that no earlier visit could find. */
  readonly items: number;
}

export const SILENCE = {
  /** Visits before the silence that the rate is taken from, at most: six weeks of hourly ones. */
  historyVisits: 1_000,
  /** Of these so many must have found something: a rate of one lucky find is none. */
  minActiveVisits: 5,
  minEmptyVisits: 2,
  minMs: 24 * 3_600_000,
  /** e^-9.2: one silence in 10,000 of this length is chance. */
  minExpected: 9.2,
  /** Times the longest silence of the history. */
  minTimesLongest: 2,
} as const;

interface Silence {
  readonly since: Date;
  /** Items that its own rate promised for this time. */
  readonly expected: number;
}

/** `visits`: oldest first, the last one is the newest. */
export function findSilence(visits: readonly Visit[]): Silence | undefined {
  const lastFound = visits.findLastIndex(({ items }) => items > 0);
  const empty = visits.slice(lastFound + 1);
  const history = visits.slice(Math.max(0, lastFound + 1 - SILENCE.historyVisits), lastFound + 1);
  const [first] = empty;
  if (first === undefined || empty.length < SILENCE.minEmptyVisits) return undefined;
  if (history.filter(({ items }) => items > 0).length < SILENCE.minActiveVisits) return undefined;
  const silentMs = lengthOf(empty);
  const expected = (sum(history.map(({ items }) => items)) / Math.max(1, lengthOf(history))) * silentMs;
  const isLong = silentMs >= SILENCE.minMs && silentMs >= SILENCE.minTimesLongest * longestSilence(history);
  return isLong && expected >= SILENCE.minExpected ? { since: first.since, expected } : undefined;
}

function longestSilence(visits: readonly Visit[]): number {
  let longest = 0;
  let current = 0;
  for (const visit of visits) {
    current = visit.items > 0 ? 0 : current + lengthOf([visit]);
    longest = Math.max(longest, current);
  }
  return longest;
}

/** Milliseconds that the visits speak of; one that ran while a clock was set back speaks of none. */
function lengthOf(visits: readonly Visit[]): number {
  return sum(visits.map(({ since, at }) => Math.max(0, at.getTime() - since.getTime())));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
