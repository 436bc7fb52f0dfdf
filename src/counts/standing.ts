/**
 * How a source or claim stands at the head of the chain: its state, why, and its labels after amendments.
 * The first that fits: erased, withheld, superseded, not adopted, noticed, rejected, then a person's
 * acceptance, then pending (a waiting flag), then accepted by the machine. docs/counts.md has the table.
 */
import type { Flag } from '../model/labels.ts';
import { type ClaimRecord, claimsOf } from './claim-record.ts';
import { findReviewable } from './entries.ts';
import { claimLabels, sourceLabels } from './labels-in-force.ts';
import type { ClaimLabels, SourceLabels } from './labels.ts';
import { isSuperseded, readPostNotices } from './posts.ts';
import type { Fold, Notice } from './records.ts';
import type { Reviewable } from './reviewable.ts';
import { SourceRecord } from './source-record.ts';
import { type ApartReason, kindOfSource, reasonApart, type SourceKind } from './source-kind.ts';

export const STATES = ['accepted', 'amended', 'pending', 'rejected', 'noticed', 'withheld', 'erased', 'superseded', 'not_adopted'] as const;
export type State = (typeof STATES)[number];

interface Verdict {
  readonly state: State;
  /** Waiting flags, the reason of a withhold or tombstone, `review`, `source_rejected`, or the kind of a notice. */
  readonly reasons: readonly string[];
}

interface StateBase extends Verdict {
  readonly seq: number;
  /** Who the state comes from: the annotator or a person's decision. Other states: `ledger`. */
  readonly by: 'machine' | 'person' | 'ledger';
  readonly flags: readonly Flag[];
  /** What a new primary or adjudication review must give as `expects`. */
  readonly lastDecision: number;
  /** The review an undo may name; absent when no review is in force. */
  readonly review?: number;
  /** Notices about the source's post, errata included. */
  readonly notices: readonly Notice[];
}
export interface SourceState extends StateBase {
  readonly kind: 'source';
  readonly number: number;
  readonly labels: SourceLabels;
  /** The kind it is counted under when it counts. */
  readonly sourceKind: SourceKind;
  /** Why its claims are tallied apart, if they are. */
  readonly apart?: ApartReason;
  readonly claims: readonly number[];
}
export interface ClaimState extends StateBase {
  readonly kind: 'claim';
  readonly source: number;
  readonly labels: ClaimLabels;
}

/** State of a source or claim; undefined for any other entry. */
export function stateOf(fold: Fold, seq: number): SourceState | ClaimState | undefined {
  const record = findReviewable(fold, seq);
  if (record === undefined) return undefined;
  return record instanceof SourceRecord ? describeSource(record) : describeClaim(record);
}

function describeSource(source: SourceRecord): SourceState {
  const apart = reasonApart(source);
  return {
    kind: 'source',
    seq: source.seq,
    number: source.number,
    ...describe(source, judgeSource(source)),
    labels: sourceLabels(source),
    sourceKind: kindOfSource(source),
    notices: readPostNotices(source),
    ...(apart === undefined ? {} : { apart }),
    claims: [...claimsOf(source)].map((claim) => claim.seq),
  };
}

function describeClaim(claim: ClaimRecord): ClaimState {
  return {
    kind: 'claim',
    seq: claim.seq,
    source: claim.source.seq,
    ...describe(claim, judgeClaim(claim)),
    labels: claimLabels(claim),
    notices: readPostNotices(claim.source),
  };
}

function describe(record: Reviewable, verdict: Verdict) {
  const inForce = record.decisions.at(-1);
  const judged = verdict.state === 'accepted' || verdict.state === 'amended' || verdict.state === 'rejected';
  const by = judged ? (inForce === undefined && verdict.state === 'accepted' ? 'machine' : 'person') : verdict.state === 'pending' ? 'machine' : 'ledger';
  return {
    ...verdict,
    by: by as StateBase['by'],
    flags: record.flags,
    lastDecision: record.last,
    ...(inForce === undefined ? {} : { review: inForce.seq }),
  };
}

const ACCEPTED: Verdict = { state: 'accepted', reasons: [] };

export function judgeSource(source: SourceRecord): Verdict {
  const aside = setAside(source);
  if (aside !== undefined) return aside;
  const decided = judgeDecision(source);
  if (decided !== undefined) return decided;
  return source.waiting.length > 0 ? { state: 'pending', reasons: source.waiting } : ACCEPTED;
}

export function judgeClaim(claim: ClaimRecord): Verdict {
  return judgeClaimOf(claim, judgeSource(claim.source));
}

/** Judges a claim whose source was judged already. */
export function judgeClaimOf(claim: ClaimRecord, source: Verdict): Verdict {
  if (claim.erased !== undefined) return { state: 'erased', reasons: [claim.erased] };
  if (source.state === 'erased') return source;
  if (claim.withheld !== undefined) return { state: 'withheld', reasons: [claim.withheld] };
  if (source.state === 'rejected') return { state: 'rejected', reasons: ['source_rejected'] };
  if (source.state !== 'accepted' && source.state !== 'amended' && source.state !== 'pending') return source;
  const decided = judgeDecision(claim);
  if (decided !== undefined) return decided;
  // A person's acceptance of the source has cleared the source's flags: then it is not pending.
  const inherited = source.state === 'pending' ? source.reasons : [];
  if (claim.waiting.length === 0 && inherited.length === 0) return ACCEPTED;
  return { state: 'pending', reasons: [...new Set([...claim.waiting, ...inherited])].sort() };
}

/** What holds whatever was decided. */
function setAside(source: SourceRecord): Verdict | undefined {
  if (source.erased !== undefined) return { state: 'erased', reasons: [source.erased] };
  if (source.withheld !== undefined) return { state: 'withheld', reasons: [source.withheld] };
  if (isSuperseded(source)) return { state: 'superseded', reasons: [] };
  if (!source.fold.adopted.has(source.annotator)) return { state: 'not_adopted', reasons: [] };
  const serious = readPostNotices(source).filter((notice) => notice.kind !== 'erratum');
  return serious.length > 0 ? { state: 'noticed', reasons: [...new Set(serious.map((notice) => notice.kind))].sort() } : undefined;
}

function judgeDecision(record: Reviewable): Verdict | undefined {
  const inForce = record.decisions.at(-1);
  if (inForce === undefined) return undefined;
  if (inForce.decision === 'reject') return { state: 'rejected', reasons: ['review'] };
  return { state: inForce.decision === 'amend' ? 'amended' : 'accepted', reasons: [] };
}
