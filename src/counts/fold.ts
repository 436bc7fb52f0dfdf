/**
 * Counts: a fold over entry headers, in the order of the chain (design sections 6 and 7, docs/counts.md). Pure: no
 * clock, no database. Give it one header after the other and ask at any time; asking costs what changed since.
 * Proved by test/unit/counts/ and test/property/counts.test.ts (any split = full refold; a second, naive count agrees).
 */
import { IntegrityError } from '../errors.ts';
import type { Header } from '../ledger/header.ts';
import type { CountedTier, Counts, EffectCount } from '../model/counts.ts';
import { EVIDENCE_TIERS, FLAG_NAMES } from '../model/labels.ts';
import { applyHeader } from './apply.ts';
import { computeConfidence } from './confidence.ts';
import { gradeEvidence } from './grade.ts';
import { parseEffectName, parseReasonName } from './numbers.ts';
import type { Fold, Ignored } from './records.ts';
import { MAX_SEQ } from './table.ts';
import { settleIfMany, settleTallies } from './tally.ts';

export { listClaims, listCounted, listSources, rankClaims, type ClaimFilter, type SourceFilter } from './list.ts';
export { emptyFold, type Fold, type Ignored } from './records.ts';
export { SOURCE_KINDS, type SourceKind } from './source-kind.ts';
export { STATES, stateOf, type ClaimState, type SourceState, type State } from './standing.ts';

/**
 * Adds one entry, in place. The header is one that passed `headerSchema`.
 * @throws IntegrityError `sequence_gap`, `topic_mismatch`: the headers are not one chain in order; `chain_too_long`: more entries than
 * the fold can number (`MAX_SEQ`). Nothing is changed then.
 */
export function foldHeader(fold: Fold, header: Header): void {
  if (header.seq !== fold.size) throw new IntegrityError('sequence_gap', `expected entry ${fold.size}, got ${header.seq}`);
  if (fold.topic !== undefined && header.topic !== fold.topic) {
    throw new IntegrityError('topic_mismatch', `entry ${header.seq} is of topic ${header.topic}, the chain is of ${fold.topic}`);
  }
  if (header.seq > MAX_SEQ || (header.type === 'source' && header.number > MAX_SEQ)) {
    throw new IntegrityError('chain_too_long', `entry ${header.seq}: entries and sources are numbered up to ${MAX_SEQ}`);
  }
  fold.topic ??= header.topic;
  fold.entries.add();
  const code = applyHeader(fold, header);
  if (code !== undefined) fold.ignored.push({ seq: header.seq, code });
  fold.size += 1;
  settleIfMany(fold);
}

/** Entries that moved nothing although they are in the chain (a stale decision, a ref that is not there). */
export function listIgnored(fold: Fold): readonly Ignored[] {
  return fold.ignored;
}

export function countsOf(fold: Fold): Counts {
  settleTallies(fold);
  const count = (name: string): number => fold.tally.get(name) ?? 0;
  const { distinct } = fold;
  const tier = (name: CountedTier): number => count(`claims.${name}`);
  return {
    sources: {
      total: count('sources.total'),
      scientific: count('sources.scientific'),
      commercial: count('sources.commercial'),
      reddit: count('sources.reddit'),
      x: count('sources.x'),
      other_anecdote: count('sources.other_anecdote'),
      web: count('sources.web'),
      pending: count('sources.pending'),
    },
    claims: {
      total: count('claims.total'),
      human: tier('human'),
      preclinical: tier('preclinical'),
      anecdotal: tier('anecdotal'),
      mechanistic: tier('mechanistic'),
      speculative: tier('speculative'),
      apart: {
        duplicate: count('claims.apart.duplicate'),
        commercial: count('claims.apart.commercial'),
        dosing: count('claims.apart.dosing'),
      },
    },
    effects: collectEffects(fold),
    low_confidence: { claims: count('low_confidence.claims'), reasons: collectFlags(count) },
    posts: count('posts'),
    threads: distinct.threads.size,
    experiences: distinct.experiences.size,
    set_aside: {
      withheld: count('set_aside.withheld'),
      erased: count('set_aside.erased'),
      rejected_sources: count('set_aside.rejected_sources'),
      rejected_claims: count('set_aside.rejected_claims'),
      superseded: count('set_aside.superseded'),
      noticed: count('set_aside.noticed'),
      not_adopted: count('set_aside.not_adopted'),
      reasons: collectReasons(fold),
    },
    confidence: computeConfidence({
      human: tier('human'),
      preclinical: tier('preclinical'),
      anecdotal: tier('anecdotal'),
      studies: count('confidence.studies'),
    }),
    grade: gradeEvidence({
      human: distinct['grade.human_studies'].size,
      strong: distinct['grade.strong_studies'].size,
      preclinical: distinct['grade.preclinical_studies'].size,
    }),
    questions: [...fold.questions.values()].filter((question) => !question.erased && !question.withheld).length,
  };
}

function collectEffects(fold: Fold): EffectCount[] {
  const effects: EffectCount[] = [];
  for (const [name, count] of fold.tally) {
    const parts = parseEffectName(name);
    if (parts === undefined) continue;
    const [compound, effect, direction, tier] = parts as [string, string, EffectCount['direction'], EffectCount['tier']];
    effects.push({ compound, effect, direction, tier, count });
  }
  return effects.sort(compareEffects);
}

const DIRECTION_ORDER = ['improves', 'worsens', 'no_effect'] as const;
function compareEffects(a: EffectCount, b: EffectCount): number {
  return (
    compareText(a.compound, b.compound) ||
    compareText(a.effect, b.effect) ||
    DIRECTION_ORDER.indexOf(a.direction) - DIRECTION_ORDER.indexOf(b.direction) ||
    EVIDENCE_TIERS.indexOf(a.tier) - EVIDENCE_TIERS.indexOf(b.tier)
  );
}

/** By UTF-16 code unit: the same order on every machine, whatever its locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function collectFlags(count: (name: string) => number): Counts['low_confidence']['reasons'] {
  const present = FLAG_NAMES.map((flag) => [flag, count(`low_confidence.reasons.${flag}`)] as const).filter(([, many]) => many > 0);
  return Object.fromEntries(present);
}

function collectReasons(fold: Fold): Readonly<Record<string, number>> {
  const found: [string, number][] = [];
  for (const [name, count] of fold.tally) {
    const reason = parseReasonName(name);
    if (reason !== undefined) found.push([reason, count]);
  }
  // `fromEntries` defines own properties, so a reason called `__proto__` is only a reason.
  return Object.fromEntries(found.sort(([a], [b]) => compareText(a, b)));
}
