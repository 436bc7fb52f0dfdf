/**
 * How a source or claim stands at the head of the chain: its state, why, and its labels after amendments.
 * The first that fits: erased, withheld, superseded, not adopted, noticed, rejected, then a person's
 * acceptance, then pending (a waiting flag), then accepted by the machine. docs/counts.md has the table.
 */
import { waitsForReview, type Flag } from '../model/labels.ts';
import { isSource } from './decisions.ts';
import { claimLabels, sourceLabels } from './labels-in-force.ts';
import type { ClaimLabels, ClaimRecord, Fold, Notice, SourceLabels, SourceRecord, Standing } from './records.ts';
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
  const source = fold.sources.get(seq);
  if (source !== undefined) {
    const apart = reasonApart(source);
    return {
      kind: 'source',
      seq,
      number: source.number,
      ...describe(source, judgeSource(fold, source)),
      labels: sourceLabels(source),
      sourceKind: kindOfSource(source),
      ...(apart === undefined ? {} : { apart }),
      claims: source.claims.map((claim) => claim.seq),
    };
  }
  const claim = fold.claims.get(seq);
  if (claim === undefined) return undefined;
  return { kind: 'claim', seq, source: claim.source.seq, ...describe(claim, judgeClaim(fold, claim)), labels: claimLabels(claim) };
}

function describe(record: SourceRecord | ClaimRecord, verdict: Verdict) {
  const inForce = record.decisions.at(-1);
  const source = isSource(record) ? record : record.source;
  const judged = verdict.state === 'accepted' || verdict.state === 'amended' || verdict.state === 'rejected';
  const by = judged ? (inForce === undefined && verdict.state === 'accepted' ? 'machine' : 'person') : verdict.state === 'pending' ? 'machine' : 'ledger';
  return {
    ...verdict,
    by: by as StateBase['by'],
    flags: record.flags,
    lastDecision: record.last,
    notices: source.post.notices,
    ...(inForce === undefined ? {} : { review: inForce.seq }),
  };
}

export function judgeSource(fold: Fold, source: SourceRecord): Verdict {
  const aside = setAside(fold, source);
  if (aside !== undefined) return aside;
  const decided = judgeDecision(source);
  if (decided !== undefined) return decided;
  const waiting = source.flags.filter(waitsForReview);
  return waiting.length > 0 ? { state: 'pending', reasons: waiting } : { state: 'accepted', reasons: [] };
}

export function judgeClaim(fold: Fold, claim: ClaimRecord): Verdict {
  if (claim.erased !== undefined) return { state: 'erased', reasons: [claim.erased] };
  const source = judgeSource(fold, claim.source);
  if (source.state === 'erased') return source;
  if (claim.withheld !== undefined) return { state: 'withheld', reasons: [claim.withheld] };
  if (source.state === 'rejected') return { state: 'rejected', reasons: ['source_rejected'] };
  if (source.state !== 'accepted' && source.state !== 'amended' && source.state !== 'pending') return source;
  const decided = judgeDecision(claim);
  if (decided !== undefined) return decided;
  // A person's acceptance of the source has cleared the source's flags: then it is not pending.
  const inherited = source.state === 'pending' ? source.reasons : [];
  const waiting = [...new Set([...claim.flags.filter(waitsForReview), ...inherited])].sort();
  return waiting.length > 0 ? { state: 'pending', reasons: waiting } : { state: 'accepted', reasons: [] };
}

/** What holds whatever was decided. */
function setAside(fold: Fold, source: SourceRecord): Verdict | undefined {
  if (source.erased !== undefined) return { state: 'erased', reasons: [source.erased] };
  if (source.withheld !== undefined) return { state: 'withheld', reasons: [source.withheld] };
  if (source.seq < source.post.current) return { state: 'superseded', reasons: [] };
  if (!fold.adopted.has(source.annotator)) return { state: 'not_adopted', reasons: [] };
  const serious = source.post.notices.filter((notice) => notice.kind !== 'erratum').map((notice) => notice.kind);
  return serious.length > 0 ? { state: 'noticed', reasons: [...new Set(serious)].sort() } : undefined;
}

function judgeDecision(standing: Standing): Verdict | undefined {
  const inForce = standing.decisions.at(-1);
  if (inForce === undefined) return undefined;
  if (inForce.decision === 'reject') return { state: 'rejected', reasons: ['review'] };
  return { state: inForce.decision === 'amend' ? 'amended' : 'accepted', reasons: [] };
}
