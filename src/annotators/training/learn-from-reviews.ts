/**
 * Goes on training from people's decisions (docs/accuracy.md, "Learning from review"). The models are moved in the order they look at a text, so
 * that later ones meet what the earlier ones now say. Words and tone (the auxiliary models) stay as they are.
 */
import type { FeatureVector } from '../embedded/hashing.ts';
import { namesOfScope } from '../embedded/bundled.ts';
import { effectVector } from '../embedded/effect-model.ts';
import type { EffectCandidate } from '../embedded/effect-candidates.ts';
import type { LabelledVector } from '../embedded/fit-linear.ts';
import { overlapShare } from '../embedded/gold.ts';
import type { Lexicon } from '../embedded/lexicon.ts';
import type { LinearModel } from '../embedded/linear-model.ts';
import type { Models } from '../embedded/models.ts';
import { laterVector, predictDocument, prepare, scoreCandidates } from '../embedded/stages.ts';
import { continueLinear } from './continue-linear.ts';
import type { ReviewedEffect, ReviewedText } from './reviewed.ts';

export interface Learned {
  readonly models: Models;
  /** Decisions on effect claims whose effect the annotator no longer finds there: they teach it nothing. */
  readonly unmatched: number;
}

type DecidedLabel = 'document_type' | 'first_person_use' | 'commercial_interest' | 'evidence_tier' | 'sentiment';

export function learnFromReviews(base: Models, texts: readonly ReviewedText[], lexicon: Lexicon): Learned {
  const read = texts.map((text) => {
    const tools = { lexicon, names: namesOfScope(lexicon, text.scope, text.input.compounds) };
    return { text, tools, prepared: prepare(text.input, tools, base) };
  });
  /** Moved by what was decided about this label. */
  const teach = (label: DecidedLabel, vectors: readonly FeatureVector[]): LinearModel => {
    const examples = texts.flatMap((text, index): LabelledVector[] => {
      const said = text[label];
      return said === undefined ? [] : [{ vector: vectors[index] as FeatureVector, label: String(said) }];
    });
    return continueLinear(base[label], examples);
  };
  const vectors = read.map(({ prepared }) => prepared.vector);
  const document = {
    document_type: teach('document_type', vectors),
    first_person_use: teach('first_person_use', vectors),
    commercial_interest: teach('commercial_interest', vectors),
  };
  const outputs = read.map(({ prepared }) => predictDocument(prepared, document).output);
  const effects = read.flatMap(({ text, prepared }, index) => {
    const context = { reading: prepared.reading, scores: prepared.scores, lexicon, document: outputs[index] ?? {} };
    return text.effects.flatMap((decided): LabelledVector[] => {
      const candidate = findCandidate(prepared.candidates, decided);
      return candidate ? [{ vector: effectVector(candidate, context), label: decided.direction }] : [];
    });
  });
  const unmatched = texts.reduce((sum, text) => sum + text.effects.length, 0) - effects.length;
  const effect = continueLinear(base.effect, effects);
  const later = read.map(({ prepared, tools }, index) => {
    const output = outputs[index] ?? {};
    return laterVector(prepared, output, scoreCandidates(prepared, output, { effect, tools }));
  });
  const models = { ...base, ...document, effect, evidence_tier: teach('evidence_tier', later), sentiment: teach('sentiment', later) };
  return { models, unmatched };
}

/** The candidate that the claim was made of: the same effect where the quote is, the nearest to its middle. */
function findCandidate(candidates: readonly EffectCandidate[], { effect, start, end }: ReviewedEffect): EffectCandidate | undefined {
  const middle = (start + end) / 2;
  return candidates
    .filter((candidate) => (candidate.effect?.id ?? 'overall') === effect && overlapShare(candidate.clause, { start, end }) >= 0.5)
    .sort((a, b) => Math.abs((a.hit.start + a.hit.end) / 2 - middle) - Math.abs((b.hit.start + b.hit.end) / 2 - middle))[0];
}
