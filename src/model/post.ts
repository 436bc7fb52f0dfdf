/**
 * Posts: one item somebody wrote, as a source hands it over and as `hearsay annotate` and
 * `hearsay import` read it. Identity = platform + native id; a changed text is a new revision.
 */
import { z } from 'zod';
import { PLATFORMS } from './labels.ts';

/** Longest text that is read whole, in UTF-16 units; beyond it the rest is kept but not read (`unreadable`). */
export const MAX_READ_CHARS = 100_000;
/** Longest text that is kept at all, in UTF-8 bytes; beyond it the post is refused (`text_too_large`). */
export const MAX_TEXT_BYTES = 1_048_576;
/** Longest NDJSON line that is parsed, in bytes; beyond it the line is refused (`line_too_large`). */
export const MAX_LINE_BYTES = 4_194_304;

/** PubMed and ClinicalTrials.gov fields as fetched, reduced to what annotation reads. Unknown keys are kept out. */
export const recordSchema = z.object({
  pmid: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  nct: z
    .string()
    .regex(/^NCT\d{8}$/)
    .optional(),
  doi: z.string().max(300).optional(),
  journal: z.string().optional(),
  year: z.number().int().optional(),
  publication_types: z.array(z.string()).optional(),
  mesh: z.array(z.string()).optional(),
  /** MEDLINE | PubMed-not-MEDLINE | In-Process | Publisher ... */
  medline_status: z.string().optional(),
  /** Corrections that point at this record: RetractionIn, ErratumIn, ExpressionOfConcernIn. */
  notices: z.array(z.object({ kind: z.enum(['retraction', 'erratum', 'concern']), record: z.string() })).optional(),
  study_type: z.string().optional(),
  phases: z.array(z.string()).optional(),
  allocation: z.string().optional(),
  status: z.string().optional(),
  has_results: z.boolean().optional(),
  enrollment: z.number().int().nonnegative().optional(),
  conditions: z.array(z.string()).optional(),
  interventions: z.array(z.string()).optional(),
});
export type LiteratureRecord = z.infer<typeof recordSchema>;

/** The input line of `hearsay annotate` (design section 8): what any annotator may look at. */
export const annotateInputSchema = z.object({
  id: z.string().min(1).max(500),
  platform: z.enum(PLATFORMS),
  /** Body as stored. Offsets of claims are UTF-16 offsets into exactly this string. May be empty. */
  text: z.string(),
  /** Title of the post or of its thread. */
  title: z.string().optional(),
  /** Text replied to. */
  parent: z.string().optional(),
  url: z.string().max(4000).optional(),
  created_at: z.string().optional(),
  record: recordSchema.optional(),
  /** Names to look for; default: every name in the bundled lexicon. */
  compounds: z.array(z.string().min(1)).optional(),
});
export type AnnotateInput = z.infer<typeof annotateInputSchema>;

/** The input line of `hearsay import --format ndjson`. */
export const importLineSchema = annotateInputSchema.extend({
  thread: z.string().max(500).optional(),
  author: z.string().max(300).optional(),
  kind: z.string().max(50).optional(),
  score: z.number().optional(),
});

/**
 * Why a platform no longer shows an item. `deleted`: the platform says that its author deleted it. `removed`: it says that the item is kept
 * back, and may return. `gone`: the address is said to be empty for good (410). `missing`: it is not there, and nobody says why.
 */
export type Absence = 'deleted' | 'removed' | 'gone' | 'missing';

/**
 * One item as a source hands it over, before normalization. `author` is the platform's name or id; it
 * is turned into a keyed hash at once and never stored (for X it is not even hashed).
 */
export interface IncomingPost {
  readonly platform: (typeof PLATFORMS)[number];
  /** Native id, e.g. `t3_abc`, `1790000000000000000`, a canonical URL, `pmid:123`; undefined = from its digest. */
  readonly nativeId?: string;
  readonly kind: 'submission' | 'comment' | 'post' | 'page' | 'record' | 'message';
  readonly title?: string;
  readonly text: string;
  readonly parentText?: string;
  readonly url?: string;
  /** Native id of the thread's first item. */
  readonly threadId?: string;
  readonly author?: string;
  /** ISO 8601 UTC; undefined = unknown, never "now". */
  readonly createdAt?: string;
  /** When it was seen live (ISO 8601 UTC); undefined for files whose age is unknown. */
  readonly observedAt?: string;
  readonly record?: LiteratureRecord;
  /** Names the record or thread is about, where the file says so. */
  readonly compounds?: readonly string[];
  /** Records that its markup links to (src/normalize/cited-records.ts); those its text names are found when it is stored. */
  readonly cites?: readonly string[];
  /** Set when the platform shows the item as gone; its text is then not read. */
  readonly absence?: Absence;
  /** Sha-256 (hex) of the capture it was read from. */
  readonly captureDigest?: string;
}
