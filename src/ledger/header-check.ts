/**
 * The check of headers that verification runs: the same closed lists as header.ts, by hand, because a schema library costs several
 * times the hashing and does not fit into the browser's bundle. Accepts exactly what `headerSchema` accepts, which
 * test/property/header-check.test.ts proves on valid, damaged and random headers.
 */
import { CLAIM_KINDS, DIRECTIONS, DOCUMENT_TYPES, EVIDENCE_TIERS, FLAG_NAMES, PLATFORMS, SENTIMENTS, STUDY_DESIGNS } from '../model/labels.ts';
import { isCanonicalText } from './canonical-check.ts';
import type { EntryType, Header } from './header.ts';

type Check = (value: unknown) => boolean;
export interface HeaderKey {
  readonly name: string;
  readonly accepts: Check;
  readonly optional: boolean;
  /** Strings it accepts may need escapes in JSON; those of closed lists and of hashes and days do not. */
  readonly free: boolean;
}

const text =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const oneOf = (...values: readonly (string | number)[]): Check => {
  const set = new Set<unknown>(values);
  return (value) => set.has(value);
};
const integer =
  (least: number, most: number = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
/** Sorted by UTF-16 code unit or number, without repeats. */
const sortedSet =
  (accepts: Check, least: number): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.every((item, index) => accepts(item) && (index === 0 || value[index - 1] < item));

const hash = text(/^[0-9a-f]{64}$/);
const seq = integer(0);
const bit = oneOf(0, 1);
const name: Check = (value) => typeof value === 'string' && value.length > 0 && value.length <= 200;
const flags = sortedSet(oneOf(...FLAG_NAMES), 0);
const refs = sortedSet(seq, 1);
const documentType = oneOf(...DOCUMENT_TYPES.filter((type) => type !== 'off_topic'));
const language = text(/^[a-z]{2,3}$/);
const [tier, sentiment, direction] = [oneOf(...EVIDENCE_TIERS), oneOf(...SENTIMENTS), oneOf(...DIRECTIONS)];
const studyDesign = oneOf(...STUDY_DESIGNS);
const record = text(/^(?:pmid:\d{1,9}|nct:NCT\d{8}|doi:10\.\S{1,290})$/);

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** A day of the proleptic Gregorian calendar, YYYY-MM-DD. */
const day: Check = (value) => {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const [year, month, date] = [Number(value.slice(0, 4)), Number(value.slice(5, 7)), Number(value.slice(8))];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return date >= 1 && date <= (month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0));
};

/** Keys whose name ends in `*` may be absent. */
const KEYS: Readonly<Record<EntryType, Readonly<Record<string, Check>>>> = {
  annotator: { annotator: name, kind: oneOf('embedded', 'llm', 'person'), digest: hash, adopt: oneOf(1) },
  source: {
    commitment: hash,
    number: integer(1),
    platform: oneOf(...PLATFORMS),
    document_type: documentType,
    tier,
    sentiment,
    study_design: studyDesign,
    language,
    first_person: bit,
    commercial: bit,
    confidence_ppm: integer(0, 1_000_000),
    flags,
    annotator: name,
    thread: seq,
    experience: seq,
    'supersedes*': seq,
    'record*': record,
  },
  claim: {
    commitment: hash,
    source: seq,
    kind: oneOf(...CLAIM_KINDS),
    compound: name,
    effect: name,
    direction,
    tier,
    confidence_ppm: integer(0, 1_000_000),
    flags,
    annotator: name,
  },
  review: {
    commitment: hash,
    ref: seq,
    role: oneOf('primary', 'second', 'audit', 'adjudication'),
    decision: oneOf('accept', 'reject', 'amend'),
    'document_type*': documentType,
    'tier*': tier,
    'sentiment*': sentiment,
    'study_design*': studyDesign,
    'language*': language,
    'first_person*': bit,
    'commercial*': bit,
    'compound*': name,
    'effect*': name,
    'direction*': direction,
    reviewer: name,
    expects: integer(-1),
  },
  undo: { ref: seq, reviewer: name },
  link: { from: seq, to: seq },
  withhold: { refs, reason: name },
  restore: { refs, reason: name },
  tombstone: { refs, reason: oneOf('source_deleted', 'platform_terms', 'request', 'operator') },
  notice: { ref: seq, kind: oneOf('retraction', 'erratum', 'concern'), record: name },
  question: { commitment: hash, number: integer(1) },
};

/** In the order of the canonical form (RFC 8785 section 3.2.3). */
const TYPES = new Map<unknown, readonly HeaderKey[]>(
  Object.entries(KEYS).map(([type, own]) => [
    type,
    Object.entries({ v: oneOf(1), topic: name, seq, day, type: oneOf(type), ...own })
      .map(([key, accepts]) => ({ name: key.replace('*', ''), accepts, optional: key.endsWith('*'), free: accepts === name || accepts === record }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  ]),
);

/** Every key a header of this type may have, in the order of its canonical form. */
export function keysOfHeader(type: EntryType): readonly HeaderKey[] {
  return TYPES.get(type) ?? [];
}

/** What is wrong with a header, as `key: why`; undefined when nothing is. */
export function findHeaderFault(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it: not an object';
  const header = value as Readonly<Record<string, unknown>>;
  const keys = Object.hasOwn(header, 'type') ? TYPES.get(header['type']) : undefined;
  if (keys === undefined) return 'type: not one of this version';
  let found = 0;
  for (const key of keys) {
    const item = header[key.name];
    if (item === undefined) {
      if (!key.optional) return `${key.name}: missing`;
      continue;
    }
    if (!key.accepts(item)) return `${key.name}: not a value of this version`;
    found++;
  }
  if (Object.keys(header).length === found) return undefined;
  return `${Object.keys(header).find((key) => !keys.some((known) => known.name === key))}: not a key of a ${header['type']}`;
}

/**
 * A header from its exact bytes as text. They must be the canonical form of what they say, or one meaning would have two hashes.
 * @throws nothing: a fault is a string that says what is wrong.
 */
export function readHeader(text: string): Header | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'the header is not JSON';
  }
  const fault = findHeaderFault(value);
  if (fault !== undefined) return `not a valid header: ${fault}`;
  return isCanonicalText(text) ? (value as Header) : 'the header is not in canonical form';
}
