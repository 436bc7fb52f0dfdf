/** Lists behind the numbers: every number printed can be asked for the entries it counts. */
import { InvalidInputError } from '../errors.ts';
import { DIRECTIONS, EVIDENCE_TIERS, FLAG_NAMES, waitsForReview, type ClaimKind, type Direction, type EvidenceTier, type Platform } from '../model/labels.ts';
import { parseEffectName, parseReasonName, tellSource } from './numbers.ts';
import type { ClaimRecord, Fold, SourceRecord } from './records.ts';
import { APART_REASONS, kindOfSource, reasonApart, SOURCE_KINDS, type SourceKind } from './source-kind.ts';
import { claimLabels } from './labels-in-force.ts';
import { judgeClaim, judgeSource, type State } from './standing.ts';
import { distinctKey, settleTallies } from './tally.ts';

/** A page of a list: entries with a seq above `after`, at most `limit` of them. */
interface PageFilter {
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}
export interface SourceFilter extends PageFilter {
  readonly kind?: SourceKind | undefined;
  readonly platform?: Platform | undefined;
  readonly state?: State | readonly State[] | undefined;
}
export interface ClaimFilter extends PageFilter {
  readonly kind?: ClaimKind | undefined;
  readonly source?: number | undefined;
  readonly sourceKind?: SourceKind | undefined;
  readonly compound?: string | undefined;
  readonly effect?: string | undefined;
  readonly direction?: Direction | undefined;
  readonly tier?: EvidenceTier | undefined;
  readonly state?: State | readonly State[] | undefined;
  /** False: only claims of sources that are not tallied apart (duplicate, commercial, dosing). */
  readonly apart?: boolean | undefined;
}

/** Every fixed number name; `effects/...` and `set_aside.reasons/...` come with the data. */
export const NUMBER_NAMES: readonly string[] = [
  'sources.total',
  ...SOURCE_KINDS.map((kind) => `sources.${kind}`),
  'sources.pending',
  'claims.total',
  ...EVIDENCE_TIERS.filter((tier) => tier !== 'none').map((tier) => `claims.${tier}`),
  ...APART_REASONS.map((reason) => `claims.apart.${reason}`),
  'low_confidence.claims',
  ...FLAG_NAMES.filter(waitsForReview).map((flag) => `low_confidence.reasons.${flag}`),
  'posts',
  'threads',
  'experiences',
  'set_aside.withheld',
  'set_aside.erased',
  'set_aside.rejected_sources',
  'set_aside.rejected_claims',
  'set_aside.superseded',
  'set_aside.noticed',
  'set_aside.not_adopted',
  'confidence.studies',
  'grade.human_studies',
  'grade.strong_studies',
  'grade.preclinical_studies',
  'questions',
];

/**
 * Seqs of what a number counts, ascending; their number is the number. Of what is counted as distinct (threads,
 * experiences, graded studies) the first source of each.
 * @throws InvalidInputError `unknown_number`
 */
export function listCounted(fold: Fold, name: string): number[] {
  if (!isNumberName(name)) throw new InvalidInputError('unknown_number', `no number is called ${name.slice(0, 100)}`);
  if (name === 'questions') return [...fold.questions].filter(([, { erased, withheld }]) => !erased && !withheld).map(([seq]) => seq);
  const counted: number[] = [];
  const firsts = new Map<string | number, number>();
  settleTallies(fold);
  for (const source of fold.sources.values()) {
    // What it told the tallies says at once whether it has anything to do with this number.
    if (!source.told?.numbers.includes(name) && !source.told?.distinct.some(({ number }) => number === name)) continue;
    tellSource(fold, source, {
      count: (number, seq) => {
        if (number === name) counted.push(seq);
      },
      distinct: (number, key, seq) => {
        if (number !== name) return;
        const group = distinctKey(fold, number, key);
        firsts.set(group, Math.min(seq, firsts.get(group) ?? seq));
      },
    });
  }
  return [...counted, ...firsts.values()].sort((a, b) => a - b);
}

function isNumberName(name: string): boolean {
  if (NUMBER_NAMES.includes(name) || parseReasonName(name) !== undefined) return true;
  const effect = parseEffectName(name);
  return effect !== undefined && (DIRECTIONS as readonly string[]).includes(effect[2] ?? '') && (EVIDENCE_TIERS as readonly string[]).includes(effect[3] ?? '');
}

export function listSources(fold: Fold, filter: SourceFilter = {}): number[] {
  return takePage(fold.sources.values(), filter, (source) => fitsSource(fold, source, filter));
}

export function listClaims(fold: Fold, filter: ClaimFilter = {}): number[] {
  const claims = filter.source === undefined ? fold.claims.values() : (fold.sources.get(filter.source)?.claims ?? []);
  return takePage(claims, filter, (claim) => fitsClaim(fold, claim, filter));
}

/** The `limit` claims to show first: those a person accepted, then those the annotator is surest of; equal ones oldest first. */
export function rankClaims(fold: Fold, filter: Omit<ClaimFilter, 'after' | 'limit'>, limit: number): number[] {
  return [...fold.claims.values()]
    .filter((claim) => fitsClaim(fold, claim, filter))
    .sort((a, b) => Number(b.decisions.length > 0) - Number(a.decisions.length > 0) || b.confidencePpm - a.confidencePpm || a.seq - b.seq)
    .slice(0, limit)
    .map(({ seq }) => seq);
}

function fitsSource(fold: Fold, source: SourceRecord, filter: SourceFilter): boolean {
  return (
    fits(filter.platform, source.platform) &&
    (filter.kind === undefined || kindOfSource(source) === filter.kind) &&
    (filter.state === undefined || [filter.state].flat().includes(judgeSource(fold, source).state))
  );
}

function fitsClaim(fold: Fold, claim: ClaimRecord, filter: ClaimFilter): boolean {
  const labels = claimLabels(claim);
  return (
    fits(filter.kind, claim.kind) &&
    fits(filter.compound, labels.compound) &&
    fits(filter.effect, labels.effect) &&
    fits(filter.direction, labels.direction) &&
    fits(filter.tier, labels.tier) &&
    (filter.sourceKind === undefined || kindOfSource(claim.source) === filter.sourceKind) &&
    (filter.apart === undefined || (reasonApart(claim.source) !== undefined) === filter.apart) &&
    (filter.state === undefined || [filter.state].flat().includes(judgeClaim(fold, claim).state))
  );
}

function fits<T>(wanted: T | undefined, actual: T): boolean {
  return wanted === undefined || wanted === actual;
}

/** Maps keep insertion order, and entries are folded by seq: the page is in seq order. */
function takePage<T extends { readonly seq: number }>(records: Iterable<T>, page: PageFilter, fitsFilter: (record: T) => boolean): number[] {
  const { after = -1, limit = Number.POSITIVE_INFINITY } = page;
  const found: number[] = [];
  for (const record of records) {
    if (found.length >= limit) break;
    if (record.seq > after && fitsFilter(record)) found.push(record.seq);
  }
  return found;
}
