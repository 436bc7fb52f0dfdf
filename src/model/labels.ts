/**
 * The closed vocabularies of Hearsay. Definitions: docs/labelling-guide.md.
 * `document_type` and `evidence_tier` are separate axes (docs/adr/0003-two-label-axes.md).
 */

export const DOCUMENT_TYPES = [
  'first_person_report',
  'second_hand_report',
  'primary_study',
  'registry_record',
  'review_article',
  'promotion',
  'study_relay',
  'news',
  'guide',
  'question',
  'opinion',
  'other',
  'off_topic',
] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export const EVIDENCE_TIERS = ['human', 'preclinical', 'anecdotal', 'mechanistic', 'speculative', 'none'] as const;
export type EvidenceTier = (typeof EVIDENCE_TIERS)[number];

export const SENTIMENTS = ['positive', 'negative', 'mixed', 'neutral'] as const;
export type Sentiment = (typeof SENTIMENTS)[number];

export const STUDY_DESIGNS = [
  'rct',
  'human_trial',
  'observational',
  'case_report',
  'systematic_review',
  'review',
  'animal',
  'in_vitro',
  'protocol',
  'registry',
  'none',
] as const;
export type StudyDesign = (typeof STUDY_DESIGNS)[number];

/** Directions an effect claim can take; a main claim has `none`. Judged from the person's view. */
export const DIRECTIONS = ['improves', 'worsens', 'no_effect', 'none'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const CLAIM_KINDS = ['main', 'effect'] as const;
export type ClaimKind = (typeof CLAIM_KINDS)[number];

export const PLATFORMS = [
  'reddit',
  'x',
  'web',
  'pubmed',
  'europepmc',
  'clinicaltrials',
  'youtube',
  'bluesky',
  'discourse',
  'instagram',
  'sms',
  'whatsapp',
  'paste',
] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Platforms whose items are scholarly records. */
export const LITERATURE_PLATFORMS: readonly Platform[] = ['pubmed', 'europepmc', 'clinicaltrials'];

/**
 * Every flag, and whether it keeps a claim out of the counts until a person decides.
 * Flags that do not wait are tallied apart instead.
 */
export const FLAGS = {
  low_confidence: { on: ['source', 'claim'], waits: true },
  ungrounded: { on: ['claim'], waits: true },
  auto_generated: { on: ['source', 'claim'], waits: true },
  changed: { on: ['claim'], waits: true },
  injection: { on: ['source'], waits: true },
  submitted: { on: ['source'], waits: true },
  language: { on: ['source'], waits: true },
  unreadable: { on: ['source'], waits: true },
  duplicate: { on: ['source'], waits: false },
  commercial: { on: ['source'], waits: false },
  dosing: { on: ['source'], waits: false },
} as const satisfies Record<string, { on: readonly ('source' | 'claim')[]; waits: boolean }>;
export type Flag = keyof typeof FLAGS;
export const FLAG_NAMES = Object.keys(FLAGS) as readonly Flag[];

/** True when the flag keeps what carries it out of the counts until a person decides. */
export function waitsForReview(flag: Flag): boolean {
  return FLAGS[flag].waits;
}
