/**
 * Features of a whole text for document type, first-person use, commercial interest, tier and sentiment: its words, its title,
 * and what the rules see (who used what, questions, selling, studies, mechanisms, instructions).
 */
import { givesDosingAdvice } from '../../flags/dosing.ts';
import { addFeature, emptyVector, type FeatureVector } from './hashing.ts';
import { CUE_NAMES } from './lexicon.ts';
import { predict, type LinearModel } from './linear-model.ts';
import type { EffectCandidate } from './effect-candidates.ts';
import { sentenceVector } from './outcome-features.ts';
import { plainWords, type Reading } from './reading.ts';
import { findAddressKind, isCommercialText } from './commercial.ts';
import { readSubjects } from './study-design.ts';
import { readUses } from './use-features.ts';

/** Words beyond this place say nothing new about the kind of text. */
const MAX_WORDS = 500;

export interface SentenceScores {
  /** Per sentence: adverse, effective, ineffective, none; and tone negative, neutral, positive; and review good. */
  readonly adverse: readonly number[];
  readonly effective: readonly number[];
  readonly ineffective: readonly number[];
  readonly positive: readonly number[];
  readonly negative: readonly number[];
  readonly good: readonly number[];
  readonly benefit: readonly number[];
  readonly harm: readonly number[];
}

/** Of a text whose sentences nobody scored. */
export const NO_SCORES: SentenceScores = { adverse: [], effective: [], ineffective: [], positive: [], negative: [], good: [], benefit: [], harm: [] };

export interface AuxiliaryModels {
  readonly outcome: LinearModel;
  readonly tone: LinearModel;
  readonly review: LinearModel;
  readonly heading: LinearModel;
  /** Of a whole text: how it judges whatever it speaks of. */
  readonly valence: LinearModel;
  readonly study_design: LinearModel;
}

/** Sentences scored by the auxiliary models; the first 60 speak for the text. */
export function scoreSentences(reading: Reading, models: AuxiliaryModels): SentenceScores {
  const scores = {
    adverse: [] as number[],
    effective: [] as number[],
    ineffective: [] as number[],
    positive: [] as number[],
    negative: [] as number[],
    good: [] as number[],
    benefit: [] as number[],
    harm: [] as number[],
  };
  for (const sentence of reading.sentences.slice(0, 60)) {
    const vector = sentenceVector(plainWords(reading, sentence.from, sentence.to));
    const outcome = predict(models.outcome, vector).probabilities;
    const tone = predict(models.tone, vector).probabilities;
    const review = predict(models.review, vector).probabilities;
    const heading = predict(models.heading, vector).probabilities;
    const at = (model: LinearModel, probabilities: readonly number[], label: string): number => probabilities[model.classes.indexOf(label)] ?? 0;
    scores.adverse.push(at(models.outcome, outcome, 'adverse'));
    scores.effective.push(at(models.outcome, outcome, 'effective'));
    scores.ineffective.push(at(models.outcome, outcome, 'ineffective'));
    scores.positive.push(at(models.tone, tone, 'positive'));
    scores.negative.push(at(models.tone, tone, 'negative'));
    scores.good.push(at(models.review, review, 'good'));
    scores.benefit.push(at(models.heading, heading, 'benefit'));
    scores.harm.push(at(models.heading, heading, 'harm'));
  }
  return scores;
}

function bucket(count: number): string {
  return count > 5 ? '6' : count > 3 ? '4' : String(count);
}

function quarter(score: number): string {
  return String(Math.min(4, Math.floor(score * 5)));
}

export interface DocumentContext {
  readonly reading: Reading;
  readonly scores: SentenceScores;
  readonly candidates: readonly EffectCandidate[];
}

/** Words and word pairs, each once. */
export function wordVector(reading: Reading): FeatureVector {
  const vector = emptyVector();
  const words = plainWords(reading, 0, Math.min(reading.tokens.length, MAX_WORDS));
  const value = 2 / Math.sqrt(Math.max(8, words.length));
  const seen = new Set<string>();
  const once = (feature: string): void => {
    if (seen.has(feature)) return;
    seen.add(feature);
    addFeature(vector, feature, value);
  };
  for (let index = 0; index < words.length; index += 1) {
    once(`w ${words[index]}`);
    if (index > 0) once(`p ${words[index - 1]} ${words[index]}`);
    if (index > 1) once(`t ${words[index - 2]} ${words[index - 1]} ${words[index]}`);
  }
  return vector;
}

/** Sentences that tell the reader what to do. */
const IMPERATIVE =
  /^(?:(?:just|always|then|and|also|so|but|yes|no|first|please|if [^,]{1,60},) )*(?:take|inject|mix|use|try|add|start|avoid|don't|do not|never|make sure|keep|go with|stick|read|look|check|get|buy|titrate|dose|store|reconstitute|you (?:should|need|can|want|could|have to|must)|i(?:'d| would) (?:recommend|suggest|start|take|try|go|use|avoid))\b/u;
const STUDY_RELAYED =
  /\b(?:stud(?:y|ies)|trials?|research|paper|meta.analysis|researchers) (?:\w+ ){0,4}(?:show|shows|showed|shown|found|find|finds|suggest\w*|report\w*|demonstrat\w*|indicat\w*|says?|conclud\w*|correlat\w*)\b|\b(?:according to|there was|there is|came across|read|found|here is|here's|link to|from) (?:a|an|the|this|that|some|another|one)? ?(?:\w+ ){0,2}(?:study|paper|trial|research|abstract)\b|\b(?:in|on) (?:rats|mice|rodents|animals|humans)\b/u;
export const OTHERS_USED =
  /\b(?:my|a|his|her|our|the) (?:wife|husband|girlfriend|boyfriend|gf|bf|mom|mother|dad|father|brother|sister|son|daughter|friends?|buddy|partner|patients?|clients?|customers?|research subject|subject|mum|uncle|aunt|cousin|roommate|cat|dog)\b|\b(?:people|users|guys|some|others|many|most|someone|everyone|patients) (?:\w+ ){0,3}(?:report\w*|say|said|claim\w*|took|tak\w+|tried|experienc\w*|had|got|felt|used|notic\w*)\b|\b(?:i've |i have |i )?(?:heard|read) (?:\w+ ){0,4}(?:of|about|that|from|people|reports|anecdot\w*)\b/u;

/** What the rules see, without the text's own words except the first ones and the title's. */
export function ruleVector({ reading, scores, candidates }: DocumentContext): FeatureVector {
  const vector = emptyVector();
  const { sentences, input } = reading;
  const words = plainWords(reading, 0, Math.min(reading.tokens.length, MAX_WORDS));
  const rule = (feature: string, weight = 0.5): void => addFeature(vector, feature, weight);
  rule(`first ${words[0] ?? ''}`);
  rule(`first2 ${words[0] ?? ''} ${words[1] ?? ''}`);
  for (const token of reading.titleTokens.slice(0, 30)) addFeature(vector, `title ${token.word}`, 0.15);
  rule(`platform ${input.platform}`);
  rule(`address ${findAddressKind(input.url)}`);
  rule(`links ${bucket(reading.links)}`);
  rule(`length ${Math.min(10, Math.floor(Math.log2(words.length + 1)))}`);
  rule(`sentences ${bucket(sentences.length)}`);
  const questions = sentences.filter((sentence) => sentence.question && !sentence.quoted).length;
  rule(`questions ${bucket(questions)}`, 0.8);
  rule(`all questions ${questions > 0 && questions === sentences.length}`, 0.8);
  rule(`ends asking ${sentences.at(-1)?.question ?? false}`);
  rule(`starts asking ${sentences[0]?.question ?? false}`);
  rule(`title asks ${(input.title ?? '').includes('?')}`, 0.2);
  rule(`sells ${isCommercialText(reading)}`, 1);
  rule(`named ${bucket(reading.names.filter((name) => name.kind === 'scope').length)}`, 0.3);
  rule(`others ${bucket(reading.names.filter((name) => name.kind === 'outside').length)}`, 0.3);
  for (const cue of CUE_NAMES) {
    const total = sentences.reduce((sum, sentence) => sum + sentence.cues[cue], 0);
    rule(`cue ${cue} ${bucket(total)}`, 0.6);
    if (total > 0) rule(`cue ${cue}`, Math.min(1, total / Math.max(2, sentences.length)));
  }
  const own = sentences.filter((sentence) => sentence.cues.first_use > 0 && !sentence.question && !sentence.quoted);
  const telling = sentences.filter((sentence) => !sentence.question && !sentence.quoted);
  const firm = own.some((sentence) => sentence.cues.plan === 0 && sentence.cues.hedge === 0);
  const imperative = telling.filter((sentence) => IMPERATIVE.test(sentence.plain)).length;
  rule(`imperative ${bucket(imperative)}`, 0.8);
  rule(`imperative share ${quarter(imperative / Math.max(1, telling.length))}`, 0.8);
  rule(`dosing advice ${givesDosingAdvice(input.text)} own use ${own.length > 0}`, 0.8);
  rule(`imperative, no own use ${imperative > 0 && own.length === 0}`, 0.8);
  const relayed = telling.filter((sentence) => STUDY_RELAYED.test(sentence.plain)).length;
  rule(`relayed ${bucket(relayed)}`, 0.8);
  const subjects = readSubjects(`${input.title ?? ''}\n${input.text}`) ?? 'unstated';
  rule(`subjects ${subjects}`, 0.8);
  rule(`subjects ${subjects} relayed ${relayed > 0}`, 0.8);
  const linkKinds = new Set((input.text.slice(0, 20_000).match(/https?:\/\/\S{1,300}/giu) ?? []).slice(0, 20).map((link) => findAddressKind(link)));
  for (const kind of linkKinds) rule(`links to ${kind}`, 0.8);
  rule(`subjects ${subjects} link ${linkKinds.has('study')}`, 0.8);
  rule(`study shown ${linkKinds.has('study') || relayed > 0} own use ${own.length > 0}`, 0.8);
  const others = telling.filter((sentence) => OTHERS_USED.test(sentence.plain)).length;
  rule(`others used ${bucket(others)}`, 0.8);
  rule(`others used ${others > 0} own use ${own.length > 0} firm ${firm}`, 1);
  rule(`others share ${quarter(others / Math.max(1, telling.length))}`, 0.6);
  rule(`telling ${bucket(telling.length)}`);
  rule(`thanks only ${sentences.length <= 2 && sentences.some((sentence) => sentence.cues.thanks > 0)}`, 0.8);
  rule(`own use ${bucket(own.length)}`, 0.8);
  rule(`own use firm ${firm}`, 0.8);
  rule(`own use named ${own.some((sentence) => sentence.plain.includes('c0mp'))}`, 0.5);
  rule(`own only asking ${own.length === 0 && sentences.some((sentence) => sentence.cues.first_use > 0)}`);
  rule(`outcome here ${bucket(candidates.filter((candidate) => !candidate.sentence.question).length)}`);
  for (const direction of ['improves', 'worsens', 'no_effect'] as const) {
    rule(`judged ${direction} ${candidates.some((candidate) => candidate.patternDirections.includes(direction) && !candidate.sentence.question)}`);
  }
  const uses = readUses(reading);
  for (const [feature, count] of uses.counts) rule(feature, count * 0.5);
  rule(`told own ${bucket(uses.own)}`, 0.8);
  rule(`told others ${bucket(uses.others)} own ${uses.own > 0}`, 0.8);
  for (const [name, list] of Object.entries(scores) as [keyof SentenceScores, readonly number[]][]) {
    const highest = list.reduce((top, score) => Math.max(top, score), 0);
    const mean = list.reduce((sum, score) => sum + score, 0) / Math.max(1, list.length);
    rule(`${name} top ${quarter(highest)}`);
    rule(`${name} top`, highest);
    rule(`${name} mean`, mean);
  }
  return vector;
}

/** Several vectors side by side, each with its own weight. */
export function joinVectors(parts: readonly (readonly [vector: FeatureVector, weight: number])[]): FeatureVector {
  const joined = emptyVector();
  for (const [vector, weight] of parts) {
    for (let place = 0; place < vector.hashes.length; place += 1) {
      joined.hashes.push(vector.hashes[place] as number);
      joined.values.push((vector.values[place] as number) * weight);
    }
  }
  return joined;
}

const STAGE_WEIGHT = 1.5;

/** The document's vector plus what earlier models said of it, for the models that come later. */
export function extendVector(vector: FeatureVector, extra: Readonly<Record<string, number>>): FeatureVector {
  const extended: FeatureVector = { hashes: [...vector.hashes], values: [...vector.values] };
  for (const [name, value] of Object.entries(extra)) {
    if (value !== 0) addFeature(extended, `stage ${name}`, value * STAGE_WEIGHT);
  }
  return extended;
}
