/**
 * Fits every model from labelled texts. Later stages learn from what earlier ones say of texts they have not seen (four folds), so
 * they meet the same quality of input as in use. Deterministic: same texts, same weights.
 * Run by bench/train.ts, which writes weights.json and calibration.json beside this file.
 */
import { bundledNames } from './bundled.ts';
import { DOCUMENT_TYPES, EVIDENCE_TIERS, SENTIMENTS } from '../../model/labels.ts';
import type { AuxiliaryModels } from './document-features.ts';
import { EFFECT_CLASSES, effectVector } from './effect-model.ts';
import { fitLinear, type LabelledVector } from './fit-linear.ts';
import { labelCandidates, type GoldText } from './gold.ts';
import type { Lexicon } from './lexicon.ts';
import { predict, type LinearModel } from './linear-model.ts';
import type { Models } from './models.ts';
import { laterVector, predictDocument, prepare, scoreCandidate, type DocumentModels, type Prepared, type ScoredCandidate, type StageOutput } from './stages.ts';

export interface TrainingExample {
  readonly gold: GoldText;
  readonly prepared: Prepared;
}

export function prepareGold(gold: readonly GoldText[], lexicon: Lexicon, auxiliary: AuxiliaryModels): TrainingExample[] {
  return gold.map((text) => ({ gold: text, prepared: prepare(text, { lexicon, names: bundledNames(lexicon, text.compounds) }, auxiliary) }));
}

/** Which of `count` folds a text falls in. */
export type FoldOf = (gold: GoldText, count: number) => number;

/** Texts of one thread stay together. */
export const threadFold: FoldOf = (gold, count) => foldOfKey(gold.title ?? gold.id, count);

/** Texts about one compound stay together, whatever thread they are from. */
export const compoundFold: FoldOf = (gold, count) => foldOfKey((gold.compounds?.[0] ?? gold.id).toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''), count);

function foldOfKey(key: string, count: number): number {
  let hash = 0x811c9dc5;
  for (const character of key) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 4) % count;
}

const SEED = 20_260_101;

interface FitSpec {
  readonly classes: readonly string[];
  readonly bits: number;
  /** 0: as frequent as in the labelled texts; 1: every class equally likely before reading. */
  readonly levelling: number;
  readonly epochs?: number;
  readonly rate?: number;
  /** Learned from, but not counted as what is frequent. */
  readonly weak?: readonly LabelledVector[];
}

/** Orders of the examples whose weights are averaged: one order alone leaves its last examples a little louder. */
const ORDERS = 2;

/**
 * Few epochs and a small step instead of a penalty: the texts are few and can be told apart perfectly, so fitting longer only learns them by heart.
 * Rare classes are then raised by a share of their log prior.
 */
function fitLevelled(examples: readonly LabelledVector[], { classes, bits, levelling, epochs = 8, rate = 0.03, weak = [] }: FitSpec): LinearModel {
  const models = Array.from({ length: ORDERS }, (_, order) => fitLinear([...examples, ...weak], { classes, bits, epochs, rate, l2: 0, seed: SEED + order }));
  const weights = new Float32Array(2 ** bits * classes.length);
  for (const { weights: part } of models) {
    part.forEach((weight, place) => {
      weights[place] = (weights[place] as number) + weight / ORDERS;
    });
  }
  classes.forEach((label, index) => {
    const count = examples.filter((example) => example.label === label).length;
    const prior = Math.max(count, 3) / examples.length;
    const bias = index * 2 ** bits;
    weights[bias] = count === 0 ? -20 : (weights[bias] as number) - levelling * Math.log(prior);
  });
  return { classes, bits, weights };
}

function fitDocument(examples: readonly TrainingExample[]): DocumentModels {
  const labelled = (label: (gold: GoldText) => string): LabelledVector[] =>
    examples.map(({ gold, prepared }) => ({ vector: prepared.vector, label: label(gold) }));
  return {
    // off_topic is decided by names, and too rare to learn
    document_type: fitLevelled(
      labelled((gold) => gold.document_type).filter((example) => example.label !== 'off_topic'),
      { classes: DOCUMENT_TYPES, bits: 15, levelling: 0.5 },
    ),
    first_person_use: fitLevelled(
      labelled((gold) => String(gold.first_person_use)),
      { classes: ['false', 'true'], bits: 15, levelling: 0.3 },
    ),
    commercial_interest: fitLevelled(
      labelled((gold) => String(gold.commercial_interest)),
      { classes: ['false', 'true'], bits: 14, levelling: 0.3 },
    ),
  };
}

interface EffectLessons {
  readonly lexicon: Lexicon;
  readonly weak: readonly LabelledVector[];
}

function fitEffect(examples: readonly TrainingExample[], outputs: readonly StageOutput[], { lexicon, weak }: EffectLessons): LinearModel {
  const labelled = examples.flatMap(({ gold, prepared }, index) => {
    const context = { reading: prepared.reading, scores: prepared.scores, lexicon, document: outputs[index] as StageOutput };
    const labels = labelCandidates(gold, prepared.candidates, lexicon);
    return prepared.candidates.flatMap((candidate, place): LabelledVector[] => {
      const label = labels[place];
      return label === undefined ? [] : [{ vector: effectVector(candidate, context), label }];
    });
  });
  return fitLevelled(labelled, { classes: EFFECT_CLASSES, bits: 15, levelling: 0.2, weak });
}

const INNER_FOLDS = 4;

/** Predictions of each text by models that have not seen its thread. */
function predictUnseen<Result>(examples: readonly TrainingExample[], learn: (train: readonly number[]) => (index: number) => Result): Result[] {
  const results: Result[] = new Array(examples.length);
  for (let fold = 0; fold < INNER_FOLDS; fold += 1) {
    const train: number[] = [];
    const held: number[] = [];
    examples.forEach((example, index) => {
      (threadFold(example.gold, INNER_FOLDS) === fold ? held : train).push(index);
    });
    const run = learn(train);
    for (const index of held) results[index] = run(index);
  }
  return results;
}

/** What is learned from besides the labelled texts. */
export interface Lessons {
  readonly lexicon: Lexicon;
  readonly auxiliary: AuxiliaryModels;
  readonly weak: readonly LabelledVector[];
}

export function trainModels(examples: readonly TrainingExample[], lessons: Lessons): Models {
  const { lexicon, auxiliary } = lessons;
  const at = <Item>(list: readonly Item[], places: readonly number[]): Item[] => places.map((place) => list[place] as Item);
  const outputs = predictUnseen(examples, (train) => {
    const models = fitDocument(at(examples, train));
    return (index) => predictDocument((examples[index] as TrainingExample).prepared, models).output;
  });
  const scored = predictUnseen(examples, (train) => {
    const effect = fitEffect(at(examples, train), at(outputs, train), lessons);
    return (index): ScoredCandidate[] => {
      const { prepared } = examples[index] as TrainingExample;
      const context = { reading: prepared.reading, scores: prepared.scores, lexicon, document: outputs[index] as StageOutput };
      return prepared.candidates.map((candidate) => scoreCandidate(predict(effect, effectVector(candidate, context)), candidate));
    };
  });
  const later = examples.map(({ prepared }, index) => laterVector(prepared, outputs[index] as StageOutput, scored[index] as ScoredCandidate[]));
  const labelledLater = (label: (gold: GoldText) => string): LabelledVector[] =>
    examples.map(({ gold }, index) => ({ vector: later[index] as LabelledVector['vector'], label: label(gold) }));
  return {
    ...auxiliary,
    ...fitDocument(examples),
    effect: fitEffect(examples, outputs, lessons),
    evidence_tier: fitLevelled(
      labelledLater((gold) => gold.evidence_tier),
      { classes: EVIDENCE_TIERS, bits: 15, levelling: 0.5, epochs: 8 },
    ),
    sentiment: fitLevelled(
      labelledLater((gold) => gold.sentiment),
      { classes: SENTIMENTS, bits: 15, levelling: 0.7, epochs: 8 },
    ),
  };
}
