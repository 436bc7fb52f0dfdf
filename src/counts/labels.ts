/**
 * Labels and flags of sources and claims. A chain repeats the same few sets of them, so each set is kept once
 * (interner.ts) and an entry holds its id.
 */
import { waitsForReview, type Direction, type DocumentType, type EvidenceTier, type Flag, type Sentiment, type StudyDesign } from '../model/labels.ts';
import { Interner } from './interner.ts';

/** Labels of a source as they stand: the annotator's, overlaid by the amendments in force. */
export interface SourceLabels {
  readonly document_type: DocumentType;
  readonly tier: EvidenceTier;
  readonly sentiment: Sentiment;
  readonly study_design: StudyDesign;
  readonly language: string;
  readonly first_person: 0 | 1;
  readonly commercial: 0 | 1;
}

/** Labels of a claim as they stand. */
export interface ClaimLabels {
  readonly compound: string;
  readonly effect: string;
  readonly direction: Direction;
  readonly tier: EvidenceTier;
}

/** Flags as the header lists them, and those of them that wait for a person. */
export interface FlagSet {
  readonly flags: readonly Flag[];
  readonly waiting: readonly Flag[];
}

export function createSourceLabels(): Interner<SourceLabels, SourceLabels> {
  return new Interner(
    (labels) =>
      `${labels.document_type} ${labels.tier} ${labels.sentiment} ${labels.study_design} ${labels.language} ${labels.first_person} ${labels.commercial}`,
    ({ document_type, tier, sentiment, study_design, language, first_person, commercial }) =>
      Object.freeze({ document_type, tier, sentiment, study_design, language, first_person, commercial }),
  );
}

export function createClaimLabels(): Interner<ClaimLabels, ClaimLabels> {
  return new Interner(
    // The closed vocabularies first: they have no space. The length keeps two free names apart.
    (labels) => `${labels.direction} ${labels.tier} ${labels.compound.length} ${labels.compound} ${labels.effect}`,
    ({ compound, effect, direction, tier }) => Object.freeze({ compound, effect, direction, tier }),
  );
}

export function createFlagSets(): Interner<readonly Flag[], FlagSet> {
  return new Interner(
    (flags) => flags.join(),
    (flags) => Object.freeze({ flags: Object.freeze([...flags]), waiting: Object.freeze(flags.filter(waitsForReview)) }),
  );
}

/** Names: platforms, annotators, records. */
export function createNames<Name extends string>(): Interner<Name, Name> {
  return new Interner(
    (name) => name,
    (name) => name,
  );
}
