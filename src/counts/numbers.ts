/**
 * Every printed number by name, and which numbers a source and its claims are in. The counts add these up
 * and the listings filter by them, so that a number and its list have one definition. docs/counts.md has the table.
 */
import { EVIDENCE_TIERS, FLAG_NAMES } from '../model/labels.ts';
import { type ClaimRecord, claimsOf } from './claim-record.ts';
import { claimLabels, sourceLabels } from './labels-in-force.ts';
import type { ClaimLabels } from './labels.ts';
import type { SourceRecord } from './source-record.ts';
import { APART_REASONS, isStudy, kindOfSource, reasonApart, SOURCE_KINDS } from './source-kind.ts';
import { judgeClaimOf, judgeSource, type State } from './standing.ts';

export type StudyNumber = 'grade.human_studies' | 'grade.strong_studies' | 'grade.preclinical_studies';

/** Receives each number a source or one of its claims is in: once for what is counted, with a key for what is distinct. */
export interface Teller {
  count(number: string, seq: number): void;
  /** Distinct threads, experiences and graded studies, by their key. */
  thread(key: number, seq: number): void;
  experience(key: number, seq: number): void;
  study(number: StudyNumber, key: string | number, seq: number): void;
}

const ASIDE: Partial<Record<State, string>> = {
  withheld: 'set_aside.withheld',
  erased: 'set_aside.erased',
  rejected: 'set_aside.rejected_sources',
  superseded: 'set_aside.superseded',
  noticed: 'set_aside.noticed',
  not_adopted: 'set_aside.not_adopted',
};
/** Designs of which one is needed for the grade `human`. */
const STRONG_DESIGNS: ReadonlySet<string> = new Set(['rct', 'human_trial', 'systematic_review']);

/** Names are made once: they are told a million times. */
const BY_SOURCE_KIND = namesUnder('sources.', SOURCE_KINDS);
const BY_TIER = namesUnder('claims.', EVIDENCE_TIERS);
const BY_APART_REASON = namesUnder('claims.apart.', APART_REASONS);
const BY_PENDING_REASON = namesUnder('low_confidence.reasons.', FLAG_NAMES);

export function tellSource(source: SourceRecord, teller: Teller): void {
  const verdict = judgeSource(source);
  const { state, reasons } = verdict;
  const aside = ASIDE[state];
  if (aside !== undefined) {
    teller.count(aside, source.seq);
    if (state === 'withheld' || state === 'erased') teller.count(nameReason(reasons[0] ?? ''), source.seq);
  } else {
    tellCurrent(source, state === 'pending', teller);
  }
  for (const claim of claimsOf(source)) tellClaim(claim, judgeClaimOf(claim, verdict), teller);
}

/** A source that counts or waits: one post each. */
function tellCurrent(source: SourceRecord, pending: boolean, teller: Teller): void {
  teller.count('posts', source.seq);
  teller.thread(source.thread, source.seq);
  teller.experience(source.experience, source.seq);
  if (pending) {
    teller.count('sources.pending', source.seq);
    return;
  }
  teller.count('sources.total', source.seq);
  teller.count(BY_SOURCE_KIND[kindOfSource(source)], source.seq);
  if (isStudy(source)) teller.count('confidence.studies', source.seq);
}

function tellClaim(claim: ClaimRecord, { state, reasons }: ReturnType<typeof judgeClaimOf>, teller: Teller): void {
  if (state === 'rejected') {
    teller.count('set_aside.rejected_claims', claim.seq);
    return;
  }
  if (state === 'pending') {
    teller.count('low_confidence.claims', claim.seq);
    for (const reason of reasons) teller.count(BY_PENDING_REASON[reason as keyof typeof BY_PENDING_REASON], claim.seq);
    return;
  }
  if (state !== 'accepted' && state !== 'amended') return;
  const labels = claimLabels(claim);
  const apart = reasonApart(claim.source);
  if (claim.kind === 'effect') {
    if (apart === undefined && labels.direction !== 'none') teller.count(findEffectNumber(claim, labels), claim.seq);
    return;
  }
  if (labels.tier === 'none') return;
  if (apart !== undefined) {
    teller.count(BY_APART_REASON[apart], claim.seq);
    return;
  }
  teller.count('claims.total', claim.seq);
  teller.count(BY_TIER[labels.tier], claim.seq);
  if (kindOfSource(claim.source) === 'scientific') tellGraded(claim.source, labels.tier, teller);
}

/** The grade counts studies, not entries: two sources that carry the same record are one. */
function tellGraded(source: SourceRecord, tier: string, teller: Teller): void {
  const study = source.record ?? source.seq;
  if (tier === 'preclinical') teller.study('grade.preclinical_studies', study, source.seq);
  if (tier !== 'human') return;
  teller.study('grade.human_studies', study, source.seq);
  if (STRONG_DESIGNS.has(sourceLabels(source).study_design)) teller.study('grade.strong_studies', study, source.seq);
}

/** The name of the effect number; kept for labels nobody amended, which are shared by many claims. */
function findEffectNumber(claim: ClaimRecord, labels: ClaimLabels): string {
  if (labels !== claim.labels) return nameEffect(labels);
  const { effectNumbers } = claim.fold;
  const known = effectNumbers.get(labels);
  if (known !== undefined) return known;
  const name = nameEffect(labels);
  effectNumbers.set(labels, name);
  return name;
}

function namesUnder<Name extends string>(prefix: string, names: readonly Name[]): Readonly<Record<Name, string>> {
  return Object.fromEntries(names.map((name) => [name, prefix + name])) as Record<Name, string>;
}

/** `effects/<compound>/<effect>/<direction>/<tier>`; a slash or percent sign inside a part is percent-encoded. */
export function nameEffect(effect: { readonly compound: string; readonly effect: string; readonly direction: string; readonly tier: string }): string {
  return ['effects', ...[effect.compound, effect.effect, effect.direction, effect.tier].map(escapePart)].join('/');
}

export function parseEffectName(name: string): readonly string[] | undefined {
  const parts = name.split('/');
  return parts[0] === 'effects' && parts.length === 5 ? parts.slice(1).map(unescapePart) : undefined;
}

/** `set_aside.reasons/<reason>` of a withhold or tombstone. */
export function nameReason(reason: string): string {
  return `set_aside.reasons/${escapePart(reason)}`;
}
export function parseReasonName(name: string): string | undefined {
  const parts = name.split('/');
  return parts[0] === 'set_aside.reasons' && parts.length === 2 ? unescapePart(parts[1] ?? '') : undefined;
}

function escapePart(part: string): string {
  return part.replaceAll('%', '%25').replaceAll('/', '%2F');
}
function unescapePart(part: string): string {
  return part.replaceAll('%2F', '/').replaceAll('%25', '%');
}
