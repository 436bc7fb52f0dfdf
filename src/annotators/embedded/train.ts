/**
 * Fits every model from labelled texts. Later stages learn from what earlier ones say of texts they have not seen (four folds), so
 * they meet the same quality of input as in use. Deterministic: same texts, same weights.
 * Run by `hearsay train` (../training/train-all.ts), which writes weights.bin, calibration.json and manifest.json.
 */
import { bundledNames } from './bundled.ts';
import { DOCUMENT_TYPES, EVIDENCE_TIERS, SENTIMENTS } from '../../model/labels.ts';
import type { AuxiliaryModels } from './document-features.ts';
import { EFFECT_CLASSES, effectVector } from './effect-model.ts';
import { fitAveraged } from './fit-averaged.ts';
import type { LabelledVector } from './fit-linear.ts';
import { labelCandidates, type GoldText } from './gold.ts';
import type { Lexicon } from './lexicon.ts';
import { predict, type LinearModel } from './linear-model.ts';
import type { Models } from './models.ts';
import { laterVector, predictDocument, prepare, scoreCandidate, type DocumentModels, type Prepared, type ScoredCandidate, type StageOutput } from './stages.ts';

export interface TrainingExample {
  readonly gold: GoldText;
  readonly prepared: Prepared;
  /** Made up for practice: weighs less, is never measured on, and says nothing of how frequent a label is. */
  readonly practice: boolean;
}

export function prepareTexts(gold: readonly GoldText[], lexicon: Lexicon, auxiliary: AuxiliaryModels): Omit<TrainingExample, 'practice'>[] {
  return gold.map((text) => ({ gold: text, prepared: prepare(text, { lexicon, names: bundledNames(lexicon, text.compounds) }, auxiliary) }));
}

/** Against 1 for a labelled text. Of half the texts 0.25 was better on compound folds than 0.4, 0.5 and 1; of all of them this better than 0.25: by little. */
const PRACTICE_WEIGHT = 0.125;

function weightOf({ practice }: Pick<TrainingExample, 'practice'>): Pick<LabelledVector, 'weight'> {
  return practice ? { weight: PRACTICE_WEIGHT } : {};
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

/**
 * Few epochs and a small step instead of a penalty: the texts are few and can be told apart perfectly, so fitting longer only learns them by heart.
 * Rare classes are then raised by a share of their log prior.
 */
function fitLevelled(examples: readonly LabelledVector[], { classes, bits, levelling, epochs = 8, rate = 0.03, weak = [] }: FitSpec): LinearModel {
  const { weights } = fitAveraged([...examples, ...weak], { classes, bits, epochs, rate, l2: 0 });
  // the bias has learned how frequent a label is among all examples; it is to know that of the labelled texts, less the levelling
  const shareOf = (label: string, list: readonly LabelledVector[]): number => {
    const sum = (some: readonly LabelledVector[]): number => some.reduce((total, { weight = 1 }) => total + weight, 0);
    return Math.max(3, sum(list.filter((example) => example.label === label))) / sum(list);
  };
  const labelled = examples.filter(({ weight }) => weight === undefined);
  classes.forEach((label, index) => {
    const bias = index * 2 ** bits;
    weights[bias] = labelled.some((example) => example.label === label)
      ? (weights[bias] as number) - Math.log(shareOf(label, examples)) + (1 - levelling) * Math.log(shareOf(label, labelled))
      : -20;
  });
  return { classes, bits, weights };
}

function fitDocument(examples: readonly TrainingExample[]): DocumentModels {
  const labelled = (label: (gold: GoldText) => string): LabelledVector[] =>
    examples.map((example) => ({ vector: example.prepared.vector, label: label(example.gold), ...weightOf(example) }));
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
  const labelled = examples.flatMap((example, index) => {
    const { gold, prepared } = example;
    const context = { reading: prepared.reading, scores: prepared.scores, lexicon, document: outputs[index] as StageOutput };
    const labels = labelCandidates(gold, prepared.candidates, lexicon);
    return prepared.candidates.flatMap((candidate, place): LabelledVector[] => {
      const label = labels[place];
      return label === undefined ? [] : [{ vector: effectVector(candidate, context), label, ...weightOf(example) }];
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
    examples.map((example, index) => ({ vector: later[index] as LabelledVector['vector'], label: label(example.gold), ...weightOf(example) }));
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
