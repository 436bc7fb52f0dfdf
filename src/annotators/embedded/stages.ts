/**
 * The order in which the models look at a text: kind of text and use first, then effects, then tier and sentiment, each seeing what
 * the ones before it said. Training and annotation share these functions, so that both see the same features.
 */
import type { AnnotateInput } from '../../model/post.ts';
import { extendVector, joinVectors, ruleVector, scoreSentences, wordVector, type AuxiliaryModels, type SentenceScores } from './document-features.ts';
import { findEffectCandidates, type EffectCandidate, type EffectDirection } from './effect-candidates.ts';
import { EFFECT_CLASSES, effectVector, isCalledBad, isDenied } from './effect-model.ts';
import type { FeatureVector } from './hashing.ts';
import type { LinearModel, Prediction } from './linear-model.ts';
import { predict } from './linear-model.ts';
import { readPost, type Reading, type ReadingTools } from './reading.ts';
import { readDesign, type DesignReading } from './design-model.ts';
import { isLiterature, isRegistryRecord } from './study-design.ts';

export interface Prepared {
  readonly reading: Reading;
  readonly scores: SentenceScores;
  readonly candidates: readonly EffectCandidate[];
  readonly words: FeatureVector;
  readonly rules: FeatureVector;
  /** Both, as the document models take them. */
  readonly vector: FeatureVector;
  /** Of a literature record long enough to tell. */
  readonly design: DesignReading | undefined;
}

/** The text's own words beside the rules' features, in the document models and in the later ones. */
const WORD_WEIGHT = 1;
const LATER_WORD_WEIGHT = 0.4;

export function prepare(input: AnnotateInput, tools: ReadingTools, auxiliary: AuxiliaryModels): Prepared {
  const reading = readPost(input, tools);
  const scores = scoreSentences(reading, auxiliary);
  const candidates = findEffectCandidates(reading, tools.lexicon);
  const words = wordVector(reading);
  const rules = ruleVector({ reading, scores, candidates });
  return {
    reading,
    scores,
    candidates,
    words,
    rules,
    vector: joinVectors([
      [words, WORD_WEIGHT],
      [rules, 1],
    ]),
    design: isLiterature(reading.input) ? readDesign(auxiliary.study_design, reading.input.title ?? '', reading.input.text) : undefined,
  };
}

/** Probabilities by name, as later stages take them. */
export type StageOutput = Readonly<Record<string, number>>;

export interface DocumentModels {
  readonly document_type: LinearModel;
  readonly first_person_use: LinearModel;
  readonly commercial_interest: LinearModel;
}

export interface DocumentPredictions {
  readonly type: Prediction;
  readonly use: Prediction;
  readonly commercial: Prediction;
  readonly output: StageOutput;
}

export function predictDocument(prepared: Prepared, models: DocumentModels): DocumentPredictions {
  const type = predict(models.document_type, prepared.vector);
  const use = predict(models.first_person_use, prepared.vector);
  const commercial = predict(models.commercial_interest, prepared.vector);
  const output: Record<string, number> = { use: use.probabilities[models.first_person_use.classes.indexOf('true')] ?? 0 };
  models.document_type.classes.forEach((name, index) => {
    output[`type ${name}`] = type.probabilities[index] ?? 0;
  });
  output['record'] = isLiterature(prepared.reading.input) ? 1 : 0;
  output['registry'] = isRegistryRecord(prepared.reading.input) ? 1 : 0;
  return { type, use, commercial, output };
}

export interface ScoredCandidate {
  readonly candidate: EffectCandidate;
  /** The likeliest direction, whether or not it is accepted. */
  readonly direction: EffectDirection;
  /** Probability that the candidate is a claim in that direction. */
  readonly score: number;
  /** Probability that it is a claim at all. */
  readonly claim: number;
}

export function scoreCandidate(prediction: Prediction, candidate: EffectCandidate): ScoredCandidate {
  let best = 1;
  for (let index = 2; index < EFFECT_CLASSES.length; index += 1)
    if ((prediction.probabilities[index] ?? 0) > (prediction.probabilities[best] ?? 0)) best = index;
  return {
    candidate,
    direction: EFFECT_CLASSES[best] as EffectDirection,
    score: prediction.probabilities[best] ?? 0,
    claim: 1 - (prediction.probabilities[0] ?? 1),
  };
}

export function scoreCandidates(
  prepared: Prepared,
  document: StageOutput,
  options: { readonly effect: LinearModel; readonly tools: ReadingTools },
): ScoredCandidate[] {
  const context = { reading: prepared.reading, scores: prepared.scores, lexicon: options.tools.lexicon, document };
  return prepared.candidates.map((candidate) => {
    const prediction = predict(options.effect, effectVector(candidate, context));
    const scored = scoreCandidate(prediction, candidate);
    if (isDenied(candidate, prepared.reading)) return { ...scored, direction: 'no_effect' };
    if (!isCalledBad(candidate, prepared.reading) || scored.direction === 'no_effect') return scored;
    // the direction is said in so many words: only whether it is a claim is left to weigh
    const score = EFFECT_CLASSES.reduce(
      (sum, name, index) => (name === 'improves' || name === 'worsens' ? sum + (prediction.probabilities[index] ?? 0) : sum),
      0,
    );
    return { ...scored, direction: 'worsens', score };
  });
}

/** What the effects say of the whole, for tier and sentiment. */
function summarizeScores(scored: readonly ScoredCandidate[]): StageOutput {
  const output: Record<string, number> = {};
  for (const { direction, score, candidate } of scored) {
    const top = `top ${direction}`;
    output[top] = Math.max(output[top] ?? 0, score);
    const total = `sum ${direction}`;
    output[total] = Math.min(2, (output[total] ?? 0) + score / 2);
    if (candidate.effect === undefined) output[`whole ${direction}`] = Math.max(output[`whole ${direction}`] ?? 0, score);
  }
  if ((output['top improves'] ?? 0) > 0.35 && (output['top worsens'] ?? 0) > 0.35) output['both'] = 1;
  output['both soft'] = Math.min(output['top improves'] ?? 0, output['top worsens'] ?? 0) * 2;
  return output;
}

export function laterVector(prepared: Prepared, document: StageOutput, scored: readonly ScoredCandidate[]): FeatureVector {
  return extendVector(
    joinVectors([
      [prepared.words, LATER_WORD_WEIGHT],
      [prepared.rules, 1],
    ]),
    { ...document, ...summarizeScores(scored) },
  );
}
