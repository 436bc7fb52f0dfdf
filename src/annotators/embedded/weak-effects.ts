/**
 * Effect candidates with a label that their place gives them, for the effect model to learn from beside the labelled texts: what a Druglib review
 * says under "benefits" got better, what it says under "side effects" got worse, and PsyTAR's sentences are marked as a whole. Many of these labels
 * are wrong, so each weighs little.
 */
import type { AuxiliaryTexts } from './auxiliary-training.ts';
import { readDruglib, readPsytar } from './auxiliary-training.ts';
import { namesOfScope, scopeOfLine } from './bundled.ts';
import { NO_SCORES } from './document-features.ts';
import { findEffectCandidates, type EffectCandidate } from './effect-candidates.ts';
import { effectVector } from './effect-model.ts';
import type { LabelledVector } from './fit-linear.ts';
import type { Lexicon } from './lexicon.ts';
import { readPost } from './reading.ts';

type WeakLabel = 'improves' | 'worsens' | 'no_effect' | 'none' | undefined;
/** Against 1 for a candidate of a labelled text. */
const WEIGHT = 0.07;
/** Longer reviews wander from what their heading asks. */
const MAX_CHARS = 400;

const DENIED = /\b(?:no|not|never|without|didn't|don't|doesn't|none|zero|any|nor|hardly|except|only|but|little)\b/iu;

export function collectWeakEffects(texts: AuxiliaryTexts, lexicon: Lexicon): LabelledVector[] {
  const label = labeller(lexicon);
  const druglib = readDruglib(texts.druglib).flatMap(({ benefits, sideEffects, effectiveness, severity }) => [
    ...label(benefits, (candidate, denied) => {
      if (/Ineffective/u.test(effectiveness)) return candidate.effect === undefined ? 'no_effect' : undefined;
      if (!/Highly|Considerably/u.test(effectiveness)) return undefined;
      return denied || candidate.patternDirections.includes('worsens') ? undefined : 'improves';
    }),
    ...label(sideEffects, (candidate, denied) => {
      if (candidate.effect === undefined) return undefined;
      if (/No Side/u.test(severity)) return denied && sideEffects.length < MAX_CHARS / 2 ? 'no_effect' : undefined;
      return /Severe|Moderate/u.test(severity) && !denied ? 'worsens' : undefined;
    }),
  ]);
  const psytar = readPsytar(texts.psytar).flatMap(({ text, adverse, effective, ineffective, illness }) =>
    label(text, (candidate, denied) => {
      const { effect, patternDirections } = candidate;
      if (!adverse && !effective && !ineffective) return 'none';
      if (adverse && !effective && !ineffective) {
        if (denied || (effect === undefined && patternDirections.includes('no_effect'))) return undefined;
        return illness && effect !== undefined && effect.id !== 'side-effects' ? undefined : 'worsens';
      }
      if (effective && !adverse && !ineffective) return denied && effect?.good ? undefined : 'improves';
      return ineffective && !adverse && !effective && effect === undefined ? 'no_effect' : undefined;
    }),
  );
  return [...druglib, ...psytar];
}

function labeller(lexicon: Lexicon): (text: string, label: (candidate: EffectCandidate, denied: boolean) => WeakLabel) => LabelledVector[] {
  const names = namesOfScope(lexicon, scopeOfLine(lexicon, ['Medication']), ['Medication']);
  return (text, label) => {
    if (text === '' || text.length >= MAX_CHARS) return [];
    const reading = readPost({ id: 'weak', platform: 'web', text }, { lexicon, names });
    return findEffectCandidates(reading, lexicon).flatMap((candidate): LabelledVector[] => {
      const { hit } = candidate;
      const given = label(candidate, DENIED.test(text.slice(Math.max(0, hit.start - 40), hit.end)));
      // the auxiliary models have learned these very sentences: their scores would be too good
      if (given === undefined) return [];
      return [{ vector: effectVector(candidate, { reading, scores: NO_SCORES, lexicon, document: {} }), label: given, weight: WEIGHT }];
    });
  };
}
