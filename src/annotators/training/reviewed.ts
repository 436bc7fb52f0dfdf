/** What people decided about annotations, as training reads it. Made on demand from the ledger and never stored, so that an erased post is in none. */
import type { DocumentType, EvidenceTier, Sentiment } from '../../model/labels.ts';
import type { AnnotateInput } from '../../model/post.ts';
import type { CompoundScope } from '../annotator.ts';
import type { EffectDirection } from '../embedded/effect-candidates.ts';

/** An effect claim somebody decided about: its direction, or that the text states no such effect. */
export interface ReviewedEffect {
  readonly effect: string;
  readonly start: number;
  readonly end: number;
  readonly direction: EffectDirection | 'none';
}

/** One text. A label that nobody decided about is absent. */
export interface ReviewedText {
  readonly input: AnnotateInput;
  readonly scope: CompoundScope;
  readonly document_type?: DocumentType;
  readonly evidence_tier?: EvidenceTier;
  readonly sentiment?: Sentiment;
  readonly first_person_use?: boolean;
  readonly commercial_interest?: boolean;
  readonly effects: readonly ReviewedEffect[];
}
