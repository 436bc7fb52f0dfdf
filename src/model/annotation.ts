/** What one annotator version says of one post revision: the output line of `hearsay annotate` (design section 8). */
import { z } from 'zod';
import { CLAIM_KINDS, DIRECTIONS, DOCUMENT_TYPES, EVIDENCE_TIERS, FLAG_NAMES, SENTIMENTS, STUDY_DESIGNS, type Flag } from './labels.ts';

const probability = z.number().min(0).max(1);
const flags = z.array(z.enum(FLAG_NAMES as [Flag, ...Flag[]]));

const claimSchema = z.object({
  kind: z.enum(CLAIM_KINDS),
  /** The spelling given in `compounds`, else the lexicon's name. */
  compound: z.string(),
  /** Id in effects.yaml, `other`, or `none` (main claims). */
  effect: z.string(),
  /** The effect as worded in the text; empty for main claims. */
  effect_text: z.string(),
  direction: z.enum(DIRECTIONS),
  tier: z.enum(EVIDENCE_TIERS),
  /** `text.slice(start, end)`, letter by letter. Empty with start = end = 0 only when `ungrounded` is among the flags. */
  quote: z.string(),
  /** UTF-16 offsets into `text`. */
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  confidence: probability,
  flags,
});
export type Claim = z.infer<typeof claimSchema>;

/** What is said of the post as a whole. */
export const labelFields = {
  document_type: z.enum(DOCUMENT_TYPES),
  evidence_tier: z.enum(EVIDENCE_TIERS),
  sentiment: z.enum(SENTIMENTS),
  study_design: z.enum(STUDY_DESIGNS),
  first_person_use: z.boolean(),
  commercial_interest: z.boolean(),
};

export const annotationSchema = z.object({
  id: z.string(),
  /** ISO 639-1 code, or `und` when undetermined. */
  language: z.string(),
  ...labelFields,
  confidence: z.object({
    document_type: probability,
    evidence_tier: probability,
    sentiment: probability,
    overall: probability,
  }),
  flags,
  /** One sentence, at most 240 characters, from grounded parts; no doses, schedules or advice. */
  summary: z.string().max(240),
  claims: z.array(claimSchema),
  /** Annotator id, e.g. `embedded-1a2b3c4d`. */
  annotator: z.string(),
});
export type Annotation = z.infer<typeof annotationSchema>;
