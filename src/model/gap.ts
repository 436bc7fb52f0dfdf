/**
 * A gap: a time of which items of a community may be missing, and why. What is not known to be missing is not called
 * complete either. Kinds:
 * - `cap`: the platform's listing ended (Reddit's 1,000 items, a feed's window, X's seven days) above what was read last time.
 * - `budget`: the same, ended by the community's own `max_pages`.
 * - `stopped`: a budget or a stopped source ended the run midway; the next run goes on from there.
 * - `quiet`: nothing new for so long that, against the community's own history, chance does not explain it (silence.ts).
 * Proved by test/unit/model/gap.test.ts and test/property/gap.test.ts.
 */
export const GAP_KINDS = ['cap', 'budget', 'stopped', 'quiet'] as const;
export type GapKind = (typeof GAP_KINDS)[number];

/** A later run that read what was missing, a file that brought it, or a person who accepts that it is missing. */
export const GAP_CLOSERS = ['crawl', 'import', 'person'] as const;
export type GapCloser = (typeof GAP_CLOSERS)[number];

/** How the reading of a listing, newest first, came to its end. `end`: it met what was read last time, or read all there is. */
export type ListingEnd = 'end' | 'cap' | 'budget';

export interface Listing {
  readonly ended: ListingEnd;
  readonly begunAt: Date;
  /** Time of the oldest item it reached, where items have times. */
  readonly oldestAt?: Date | undefined;
  /** Whether any of its items was known before: all there is to go by where items have no times. */
  readonly metKnown: boolean;
}

export interface TimeSpan {
  readonly since: Date;
  readonly until: Date;
}

/** The time between what was covered before and what this listing reached. Nothing is missing "between" on a first visit. */
export function findHole(listing: Listing, coveredUntil: Date | undefined): TimeSpan | undefined {
  if (listing.ended === 'end' || coveredUntil === undefined) return undefined;
  const reached = listing.oldestAt ?? (listing.metKnown ? coveredUntil : listing.begunAt);
  return reached > coveredUntil ? { since: coveredUntil, until: reached } : undefined;
}

/** Down to which time the listing read everything: it closes the gaps that begin there or later. */
export function reachOf(listing: Listing): Date {
  return listing.oldestAt ?? listing.begunAt;
}
