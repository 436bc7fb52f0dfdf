/**
 * The auxiliary models, learned from public sets marked for training: PsyTAR sentences (adverse, effective, ineffective),
 * GoEmotions comments (negative, neutral, positive), Druglib reviews (rating of at least 8: good, at most 4: bad) and StudyTypeTeller's abstracts.
 */
import { parse } from 'csv-parse/sync';
import { fitAveraged } from './fit-averaged.ts';
import { fitLinear, type LabelledVector } from './fit-linear.ts';
import type { AuxiliaryModels } from './document-features.ts';
import { splitSentences } from './sentences.ts';
import { plainWord, sentenceVector, VALENCES, valenceVector } from './outcome-features.ts';
import { tokenize } from './tokens.ts';
import { trainDesign } from './train-design.ts';

export interface AuxiliaryTexts {
  /** Table with a header: sentences, ADR, WD, EF, INF, SSI, DI; tabs or commas between. */
  readonly psytar: string;
  /** TSV without a header: text, comma-joined groups (0 ambiguous, 1 negative, 2 neutral, 3 positive), id */
  readonly goemotions: string;
  /** TSV with rating, benefitsReview, sideEffectsReview, commentsReview */
  readonly druglib: string;
  /** CSV with title, abstract, accepted_label: StudyTypeTeller. */
  readonly studies: string;
}

function vectorOf(text: string): ReturnType<typeof sentenceVector> {
  return sentenceVector(tokenize(text).map(plainWord));
}

export function trainAuxiliary(texts: AuxiliaryTexts): AuxiliaryModels {
  return {
    outcome: trainOutcome(texts.psytar),
    tone: trainTone(texts.goemotions),
    review: trainReview(texts.druglib),
    heading: trainHeading(texts.druglib),
    valence: trainValence(texts),
    study_design: trainDesign(texts.studies),
  };
}

export interface PsytarSentence {
  readonly text: string;
  readonly adverse: boolean;
  readonly effective: boolean;
  readonly ineffective: boolean;
  /** A symptom or what the drug was taken for. */
  readonly illness: boolean;
}

export function readPsytar(psytar: string): PsytarSentence[] {
  const rows = parse(psytar, {
    columns: true,
    delimiter: psytar.slice(0, psytar.indexOf('\n')).includes('\t') ? '\t' : ',',
    quote: null,
    relax_column_count: true,
    skip_empty_lines: true,
  }) as Record<string, string>[];
  return rows.map((row) => {
    const is = (name: string): boolean => Number(row[name] ?? 0) > 0;
    const text = (row['sentences'] ?? '').replace(/^"|"$/gu, '').replaceAll('""', '"');
    return { text, adverse: is('ADR') || is('WD'), effective: is('EF'), ineffective: is('INF'), illness: is('SSI') || is('DI') };
  });
}

function trainOutcome(psytar: string): AuxiliaryModels['outcome'] {
  const examples = readPsytar(psytar).map(({ text, adverse, effective, ineffective }): LabelledVector => {
    const label = adverse ? 'adverse' : ineffective ? 'ineffective' : effective ? 'effective' : 'none';
    return { vector: vectorOf(text), label, weight: label === 'ineffective' ? 2 : 1 };
  });
  return fitLinear(examples, { classes: ['none', 'adverse', 'effective', 'ineffective'], bits: 14, epochs: 8, rate: 0.2, l2: 1e-4 });
}

function trainTone(goemotions: string): AuxiliaryModels['tone'] {
  const examples = readGoemotions(goemotions).map(({ text, valence }): LabelledVector => ({ vector: vectorOf(text), label: valence }));
  return fitLinear(examples, { classes: ['negative', 'neutral', 'positive'], bits: 15, epochs: 3, rate: 0.15, l2: 1e-5 });
}

/** Comments with exactly one group. */
function readGoemotions(goemotions: string): { readonly text: string; readonly valence: (typeof VALENCES)[number] }[] {
  return goemotions.split('\n').flatMap((line) => {
    const [text = '', groups = ''] = line.split('\t');
    const valence = groups === '' ? undefined : VALENCES[Number(groups) - 1];
    return valence ? [{ text, valence }] : [];
  });
}

export interface DruglibReview {
  readonly rating: number;
  readonly benefits: string;
  readonly sideEffects: string;
  readonly comments: string;
  /** `Highly Effective` ... `Ineffective`. */
  readonly effectiveness: string;
  /** `No Side Effects` ... `Extremely Severe Side Effects`. */
  readonly severity: string;
}

export function readDruglib(druglib: string): DruglibReview[] {
  const table = druglib.slice(druglib.search(/\S/u));
  const rows = parse(table, {
    columns: (header: string[]) => header.map((name, index) => name || `column ${index}`),
    delimiter: '\t',
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
  }) as Record<string, string>[];
  return rows.map((row) => ({
    rating: Number(row['rating']),
    benefits: row['benefitsReview'] ?? '',
    sideEffects: row['sideEffectsReview'] ?? '',
    comments: row['commentsReview'] ?? '',
    effectiveness: row['effectiveness'] ?? '',
    severity: row['sideEffects'] ?? '',
  }));
}

function trainReview(druglib: string): AuxiliaryModels['review'] {
  const examples = readDruglib(druglib).flatMap(({ rating, benefits, comments }): LabelledVector[] => {
    const label = rating >= 8 ? 'good' : rating <= 4 ? 'bad' : undefined;
    if (!label) return [];
    return [benefits, comments].flatMap((text) => (text.length > 10 ? [{ vector: vectorOf(text.slice(0, 600)), label }] : []));
  });
  return fitLinear(examples, { classes: ['bad', 'good'], bits: 14, epochs: 4, rate: 0.15, l2: 1e-4 });
}

/** Under which heading of a review a sentence stands: benefits, side effects, or what it was for and how it was taken. */
function trainHeading(druglib: string): AuxiliaryModels['heading'] {
  const examples = readDruglib(druglib).flatMap(({ benefits, sideEffects, comments, effectiveness, severity }): LabelledVector[] => {
    const sentences = (text: string, label: string): LabelledVector[] =>
      splitSentences(text.slice(0, 2_000)).map(({ start, end }) => ({ vector: vectorOf(text.slice(start, end)), label }));
    return [
      ...(/Highly|Considerably/u.test(effectiveness) ? sentences(benefits, 'benefit') : []),
      ...(/Severe|Moderate/u.test(severity) ? sentences(sideEffects, 'harm') : []),
      ...sentences(comments, 'course'),
    ];
  });
  return fitLinear(examples, { classes: ['course', 'benefit', 'harm'], bits: 15, epochs: 4, rate: 0.15, l2: 1e-4 });
}

/** Reviews are a tenth of the comments, and the bad ones a fifth of those. */
const REVIEW_WEIGHT = 4;
const BAD_REVIEW_WEIGHT = 12;

/**
 * How a whole text judges whatever it speaks of: GoEmotions comments, and Druglib reviews as a whole (by rating) and part by part (benefits by
 * effectiveness, side effects by severity, comments by rating).
 */
export function trainValence({ goemotions, druglib }: Pick<AuxiliaryTexts, 'goemotions' | 'druglib'>): AuxiliaryModels['valence'] {
  const example = (text: string, label: string, weight = 1): LabelledVector => ({ vector: valenceVector(tokenize(text).map(plainWord)), label, weight });
  const comments = readGoemotions(goemotions).map(({ text, valence }) => example(text, valence));
  const reviews = readDruglib(druglib).flatMap((review) => {
    const { rating, benefits, sideEffects, comments: course, effectiveness, severity } = review;
    const part = (text: string, isBad: boolean, isGood: boolean): LabelledVector[] =>
      text.length > 5 && (isBad || isGood) ? [example(text, isBad ? 'negative' : 'positive')] : [];
    return [
      ...(rating <= 4 ? [example(wholeReview(review), 'negative', BAD_REVIEW_WEIGHT)] : []),
      ...(rating >= 7 ? [example(wholeReview(review), 'positive', REVIEW_WEIGHT)] : []),
      ...part(benefits, /Ineffective|Marginally/u.test(effectiveness), /Highly|Considerably/u.test(effectiveness)),
      ...part(sideEffects, /Severe/u.test(severity), /No Side/u.test(severity)),
      ...part(course, rating <= 4, rating >= 8),
    ];
  });
  return fitAveraged([...comments, ...reviews], { classes: VALENCES, bits: 17, epochs: 2, rate: 0.08, l2: 1e-5 });
}

export function wholeReview({ benefits, sideEffects, comments }: DruglibReview): string {
  return [benefits, sideEffects, comments].join('\n');
}
