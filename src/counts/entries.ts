/** What the entry of a seq is, and where the fold keeps it. */
import { ClaimRecord } from './claim-record.ts';
import type { Fold } from './records.ts';
import { SourceRecord } from './source-record.ts';

/** Columns of `fold.entries`, whose rows are seqs. All cells are 0 at first. */
export const ENTRY = {
  /** One of `ENTRY_KIND`. */
  kind: 0,
  /** Source, claim: its row. Review: the seq of what it decides on. */
  place: 1,
  /** How many of the sources that count have this entry as `thread`; as the root of their experience group. */
  threadSources: 2,
  experienceSources: 3,
} as const;

const ENTRY_KIND = { other: 0, source: 1, claim: 2, review: 3 } as const;

/** Notes what the newest entry is. `place`: see `ENTRY.place`. */
export function placeEntry(fold: Fold, kind: Exclude<keyof typeof ENTRY_KIND, 'other'>, place: number): void {
  fold.entries.set(fold.size, ENTRY.kind, ENTRY_KIND[kind]);
  fold.entries.set(fold.size, ENTRY.place, place);
}

export function findSource(fold: Fold, seq: number): SourceRecord | undefined {
  const row = findPlace(fold, seq, ENTRY_KIND.source);
  return row === undefined ? undefined : new SourceRecord(fold, row);
}

function findClaim(fold: Fold, seq: number): ClaimRecord | undefined {
  const row = findPlace(fold, seq, ENTRY_KIND.claim);
  return row === undefined ? undefined : new ClaimRecord(fold, row);
}

export function findReviewable(fold: Fold, seq: number): SourceRecord | ClaimRecord | undefined {
  return findSource(fold, seq) ?? findClaim(fold, seq);
}

/** The source or claim that a review decides on; second and audit reviews too, unless they were passed over. */
export function findReviewed(fold: Fold, review: number): SourceRecord | ClaimRecord | undefined {
  const seq = findPlace(fold, review, ENTRY_KIND.review);
  return seq === undefined ? undefined : findReviewable(fold, seq);
}

function findPlace(fold: Fold, seq: number, kind: number): number | undefined {
  return seq < fold.size && fold.entries.get(seq, ENTRY.kind) === kind ? fold.entries.get(seq, ENTRY.place) : undefined;
}
