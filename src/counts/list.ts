/** Lists behind the numbers: every number printed can be asked for the entries it counts. */
import { InvalidInputError } from '../errors.ts';
import { DIRECTIONS, EVIDENCE_TIERS, FLAG_NAMES, waitsForReview, type ClaimKind, type Direction, type EvidenceTier, type Platform } from '../model/labels.ts';
import { parseEffectName, parseReasonName, type Teller, tellSource } from './numbers.ts';
import { type ClaimRecord, claimsOf, readClaims } from './claim-record.ts';
import { findSource } from './entries.ts';
import { claimLabels } from './labels-in-force.ts';
import type { Fold } from './records.ts';
import { APART_REASONS, kindOfSource, reasonApart, SOURCE_KINDS, type SourceKind } from './source-kind.ts';
import { readSources, type SourceRecord } from './source-record.ts';
import { judgeClaim, judgeSource, type State } from './standing.ts';

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
  /** Sources come in the order of the chain: the first that tells a key is the first of it. */
  const note = (number: string, key: string | number, seq: number): void => {
    if (number === name && !firsts.has(key)) firsts.set(key, seq);
  };
  const teller: Teller = {
    count(number, seq) {
      if (number === name) counted.push(seq);
    },
    thread: (key, seq) => note('threads', key, seq),
    experience: (key, seq) => note('experiences', fold.groups.find(key), seq),
    study: note,
  };
  for (const source of readSources(fold)) tellSource(source, teller);
  return [...counted, ...firsts.values()].sort((a, b) => a - b);
}

function isNumberName(name: string): boolean {
  if (NUMBER_NAMES.includes(name) || parseReasonName(name) !== undefined) return true;
  const effect = parseEffectName(name);
  return effect !== undefined && (DIRECTIONS as readonly string[]).includes(effect[2] ?? '') && (EVIDENCE_TIERS as readonly string[]).includes(effect[3] ?? '');
}

export function listSources(fold: Fold, filter: SourceFilter = {}): number[] {
  return takePage(readSources(fold), filter, (source) => fitsSource(source, filter));
}

export function listClaims(fold: Fold, filter: ClaimFilter = {}): number[] {
  return takePage(filter.source === undefined ? readClaims(fold) : readClaimsOf(fold, filter.source), filter, (claim) => fitsClaim(claim, filter));
}

function readClaimsOf(fold: Fold, source: number): Iterable<ClaimRecord> {
  const found = findSource(fold, source);
  return found === undefined ? [] : claimsOf(found);
}

/** The `limit` claims to show first: those a person accepted, then those the annotator is surest of; equal ones oldest first. */
export function rankClaims(fold: Fold, filter: Omit<ClaimFilter, 'after' | 'limit'>, limit: number): number[] {
  const fitting: ClaimRecord[] = [];
  for (const claim of readClaims(fold)) if (fitsClaim(claim, filter)) fitting.push(claim);
  return fitting
    .sort((a, b) => Number(b.decisions.length > 0) - Number(a.decisions.length > 0) || b.confidencePpm - a.confidencePpm || a.seq - b.seq)
    .slice(0, limit)
    .map(({ seq }) => seq);
}

function fitsSource(source: SourceRecord, filter: SourceFilter): boolean {
  return (
    fits(filter.platform, source.platform) &&
    (filter.kind === undefined || kindOfSource(source) === filter.kind) &&
    (filter.state === undefined || [filter.state].flat().includes(judgeSource(source).state))
  );
}

function fitsClaim(claim: ClaimRecord, filter: ClaimFilter): boolean {
  return (
    fits(filter.kind, claim.kind) &&
    fitsLabels(claim, filter) &&
    (filter.sourceKind === undefined || kindOfSource(claim.source) === filter.sourceKind) &&
    (filter.apart === undefined || (reasonApart(claim.source) !== undefined) === filter.apart) &&
    (filter.state === undefined || [filter.state].flat().includes(judgeClaim(claim).state))
  );
}

function fitsLabels(claim: ClaimRecord, filter: ClaimFilter): boolean {
  const { compound, effect, direction, tier } = claimLabels(claim);
  return fits(filter.compound, compound) && fits(filter.effect, effect) && fits(filter.direction, direction) && fits(filter.tier, tier);
}

function fits<T>(wanted: T | undefined, actual: T): boolean {
  return wanted === undefined || wanted === actual;
}

/** Records are read in the order of the chain, so the page is in seq order. */
function takePage<T extends { readonly seq: number }>(records: Iterable<T>, page: PageFilter, fitsFilter: (record: T) => boolean): number[] {
  const { after = -1, limit = Number.POSITIVE_INFINITY } = page;
  const found: number[] = [];
  for (const record of records) {
    if (found.length >= limit) break;
    if (record.seq > after && fitsFilter(record)) found.push(record.seq);
  }
  return found;
}
