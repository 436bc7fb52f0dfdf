/**
 * Entry headers: the part of an entry that is kept for ever (docs/ledger-format.md, version 1).
 * Nothing personal and no phrase of a post goes in here. Values are strings, safe integers or sorted,
 * duplicate-free arrays of these; an absent value is an absent key. Unknown keys, types or `v` fail.
 * Proved by test/unit/ledger/header.test.ts against the worked example.
 */
import { z } from 'zod';
import { CLAIM_KINDS, DIRECTIONS, DOCUMENT_TYPES, EVIDENCE_TIERS, FLAG_NAMES, PLATFORMS, SENTIMENTS, STUDY_DESIGNS, type Flag } from '../model/labels.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const seq = z.int().nonnegative();
const bit = z.union([z.literal(0), z.literal(1)]);
const ppm = z.int().min(0).max(1_000_000);
const name = z.string().min(1).max(200);

/** Sorted by UTF-16 code unit, without repeats: one set has one byte form. */
function sortedSet<T extends string | number>(item: z.ZodType<T>) {
  return z
    .array(item)
    .refine((values) => values.every((value, index) => index === 0 || (values[index - 1] as T) < value), 'must be sorted and free of repeats');
}
const flags = sortedSet<Flag>(z.enum(FLAG_NAMES as [Flag, ...Flag[]]));
const refs = sortedSet<number>(seq).refine((values) => values.length > 0, 'must name at least one entry');

const base = {
  v: z.literal(1),
  topic: name,
  seq,
  /** UTC day of the append. */
  day: z.iso.date(),
};

const annotatorHeader = z.strictObject({
  ...base,
  type: z.literal('annotator'),
  annotator: name,
  kind: z.enum(['embedded', 'llm', 'person']),
  digest: hash,
  adopt: z.literal(1),
});

const sourceHeader = z.strictObject({
  ...base,
  type: z.literal('source'),
  commitment: hash,
  number: z.int().positive(),
  platform: z.enum(PLATFORMS),
  document_type: z.enum(DOCUMENT_TYPES).exclude(['off_topic']),
  tier: z.enum(EVIDENCE_TIERS),
  sentiment: z.enum(SENTIMENTS),
  study_design: z.enum(STUDY_DESIGNS),
  language: z.string().regex(/^[a-z]{2,3}$/),
  first_person: bit,
  commercial: bit,
  confidence_ppm: ppm,
  flags,
  annotator: name,
  thread: seq,
  experience: seq,
  supersedes: seq.optional(),
  record: z
    .string()
    .regex(/^(?:pmid:\d{1,9}|nct:NCT\d{8}|doi:10\.\S{1,290})$/)
    .optional(),
});

const claimHeader = z.strictObject({
  ...base,
  type: z.literal('claim'),
  commitment: hash,
  source: seq,
  kind: z.enum(CLAIM_KINDS),
  compound: name,
  effect: name,
  direction: z.enum(DIRECTIONS),
  tier: z.enum(EVIDENCE_TIERS),
  confidence_ppm: ppm,
  flags,
  annotator: name,
});

/** Label keys an `amend` may set, with the types they have on sources and claims. */
export const amendedLabels = {
  document_type: sourceHeader.shape.document_type.optional(),
  tier: sourceHeader.shape.tier.optional(),
  sentiment: sourceHeader.shape.sentiment.optional(),
  study_design: sourceHeader.shape.study_design.optional(),
  language: sourceHeader.shape.language.optional(),
  first_person: bit.optional(),
  commercial: bit.optional(),
  compound: name.optional(),
  effect: name.optional(),
  direction: z.enum(DIRECTIONS).optional(),
};

const reviewHeader = z.strictObject({
  ...base,
  type: z.literal('review'),
  commitment: hash,
  ref: seq,
  role: z.enum(['primary', 'second', 'audit', 'adjudication']),
  decision: z.enum(['accept', 'reject', 'amend']),
  ...amendedLabels,
  reviewer: name,
  /** Seq of the last decision seen on `ref`, -1 if none. */
  expects: z.int().min(-1),
});

const undoHeader = z.strictObject({ ...base, type: z.literal('undo'), ref: seq, reviewer: name });
const linkHeader = z.strictObject({ ...base, type: z.literal('link'), from: seq, to: seq });
const withholdHeader = z.strictObject({ ...base, type: z.literal('withhold'), refs, reason: name });
const restoreHeader = z.strictObject({ ...base, type: z.literal('restore'), refs, reason: name });
const tombstoneHeader = z.strictObject({
  ...base,
  type: z.literal('tombstone'),
  refs,
  reason: z.enum(['source_deleted', 'platform_terms', 'request', 'operator']),
});
const noticeHeader = z.strictObject({
  ...base,
  type: z.literal('notice'),
  ref: seq,
  kind: z.enum(['retraction', 'erratum', 'concern']),
  record: name,
});
const questionHeader = z.strictObject({ ...base, type: z.literal('question'), commitment: hash, number: z.int().positive() });

export const headerSchema = z.discriminatedUnion('type', [
  annotatorHeader,
  sourceHeader,
  claimHeader,
  reviewHeader,
  undoHeader,
  linkHeader,
  withholdHeader,
  restoreHeader,
  tombstoneHeader,
  noticeHeader,
  questionHeader,
]);
export type Header = z.infer<typeof headerSchema>;
export type HeaderOf<T extends Header['type']> = Extract<Header, { type: T }>;
export type EntryType = Header['type'];
