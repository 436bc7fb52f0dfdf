/** A claim in the fold: the columns of its row, and a view of it. */
import type { HeaderOf } from '../ledger/header.ts';
import { CLAIM_KINDS, type ClaimKind } from '../model/labels.ts';
import type { ClaimLabels } from './labels.ts';
import type { Fold } from './records.ts';
import { REVIEWABLE, Reviewable } from './reviewable.ts';
import { SOURCE, SourceRecord } from './source-record.ts';
import { NONE } from './table.ts';

/** Columns of `fold.claims`. */
export const CLAIM = {
  ...REVIEWABLE,
  /** Index in `CLAIM_KINDS`. */
  kind: 3,
  /** Id in `fold.claimLabels`. */
  labels: 4,
  confidencePpm: 5,
  /** Row of its source, and of the next claim of that source, or NONE. */
  source: 6,
  next: 7,
} as const;

export class ClaimRecord extends Reviewable {
  readonly source: SourceRecord;

  constructor(fold: Fold, row: number, source = new SourceRecord(fold, fold.claims.get(row, CLAIM.source))) {
    super(fold, fold.claims, row);
    this.source = source;
  }

  get kind(): ClaimKind {
    return CLAIM_KINDS[this.#get(CLAIM.kind)] as ClaimKind;
  }
  /** The annotator's labels; as they stand: `claimLabels`. */
  get labels(): ClaimLabels {
    return this.fold.claimLabels.at(this.#get(CLAIM.labels));
  }
  /** Orders lists; moves no number. */
  get confidencePpm(): number {
    return this.#get(CLAIM.confidencePpm);
  }

  #get(column: number): number {
    return this.table.get(this.row, column);
  }
}

/** Adds the row of a claim and puts it after the other claims of its source. Returns the row. */
export function addClaimRow(fold: Fold, header: HeaderOf<'claim'>, source: SourceRecord): number {
  const { claims, sources } = fold;
  const row = claims.add();
  claims.set(row, CLAIM.seq, header.seq);
  claims.set(row, CLAIM.kind, CLAIM_KINDS.indexOf(header.kind));
  claims.set(row, CLAIM.labels, fold.claimLabels.idOf(header));
  claims.set(row, CLAIM.flags, fold.flagSets.idOf(header.flags));
  claims.set(row, CLAIM.confidencePpm, header.confidence_ppm);
  claims.set(row, CLAIM.source, source.row);
  const before = sources.get(source.row, SOURCE.lastClaim);
  if (before === NONE) sources.set(source.row, SOURCE.firstClaim, row);
  else claims.set(before, CLAIM.next, row);
  sources.set(source.row, SOURCE.lastClaim, row);
  return row;
}

/** The claims of a source, in the order of the chain. */
export function* claimsOf(source: SourceRecord): Generator<ClaimRecord> {
  const { fold } = source;
  for (let row = fold.sources.get(source.row, SOURCE.firstClaim); row !== NONE; row = fold.claims.get(row, CLAIM.next)) {
    yield new ClaimRecord(fold, row, source);
  }
}

/** All claims, in the order of the chain; those of one source mostly follow each other and share its view. */
export function* readClaims(fold: Fold): Generator<ClaimRecord> {
  let source: SourceRecord | undefined;
  for (let row = 0; row < fold.claims.size; row += 1) {
    const claim: ClaimRecord = new ClaimRecord(fold, row, source?.row === fold.claims.get(row, CLAIM.source) ? source : undefined);
    source = claim.source;
    yield claim;
  }
}
