/** Learns the model of study designs (design-model.ts) from StudyTypeTeller's training part. The same file gives the same weights. */
import { parse } from 'csv-parse/sync';
import { abstractVector } from './abstract-features.ts';
import { MODEL_DESIGNS, type ModelDesign } from './design-model.ts';
import { fitAveraged } from './fit-averaged.ts';
import type { LabelledVector } from './fit-linear.ts';
import type { FeatureVector } from './hashing.ts';
import type { LinearModel } from './linear-model.ts';

const DESIGN_OF: Readonly<Record<string, ModelDesign>> = {
  'Human-RCT-drug-intervention': 'rct',
  'Human-RCT-non-drug-intervention': 'rct',
  'Human-RCT-non-intervention': 'rct',
  'Human-non-RCT-drug-intervention': 'human_trial',
  'Human-non-RCT-non-drug-intervention': 'human_trial',
  'Human-case-report': 'case_report',
  'Human-systematic-review': 'systematic_review',
  'Non-systematic-review': 'review',
  'Animal-drug-intervention': 'animal',
  'Animal-non-drug-intervention': 'animal',
  'Animal-other': 'animal',
  'In-vitro-study': 'in_vitro',
  'Clinical-study-protocol': 'protocol',
  Remaining: 'none',
};

/** Chosen on five folds of the training part, like the rest: rarer features only learn their abstract by heart. */
const LEAST_ABSTRACTS = 3;
/** More than elsewhere: the abstracts are few, and an order counts for half a point of F1. */
const ORDERS = 4;
/** 17 bits: at 15 the many pairs of stems that were never seen fall on places that mean something, which costs more than half a point of F1. */
const SETTINGS = { bits: 17, epochs: 8, rate: 0.1, l2: 0.003 } as const;
/** Share of their log prior by which rare designs are raised. */
const LEVELLING = 0.5;

/** Places that keep their weights. The others say little of the design, and every word never seen has its place somewhere. */
const KEPT_PLACES = 12_000;

/** `csv`: header with title, abstract, accepted_label. */
export function trainDesign(csv: string): LinearModel {
  const rows = parse(csv, { columns: true, skip_empty_lines: true }) as Record<string, string>[];
  const examples = withoutRare(
    rows.flatMap((row): LabelledVector[] => {
      const label = DESIGN_OF[row['accepted_label'] ?? ''];
      return label ? [{ vector: abstractVector(row['title'] ?? '', row['abstract'] ?? ''), label }] : [];
    }),
  );
  const { weights } = fitAveraged(examples, { ...SETTINGS, classes: MODEL_DESIGNS }, ORDERS);
  forgetFaint(weights, examples);
  MODEL_DESIGNS.forEach((design, index) => {
    const prior = Math.max(1, examples.filter(({ label }) => label === design).length) / examples.length;
    const bias = index * 2 ** SETTINGS.bits;
    weights[bias] = (weights[bias] as number) - LEVELLING * Math.log(prior);
  });
  return { classes: MODEL_DESIGNS, bits: SETTINGS.bits, weights };
}

/** Clears all places but those that move an abstract most: by how far their weights lie apart, how strong the feature is, how many have it. */
function forgetFaint(weights: Float32Array, examples: readonly LabelledVector[]): void {
  const size = 2 ** SETTINGS.bits;
  const counts = new Float64Array(size);
  const strengths = new Float64Array(size);
  for (const { vector } of examples)
    vector.hashes.forEach((hash, place) => {
      const at = hash & (size - 1) || 1;
      counts[at] = (counts[at] as number) + 1;
      strengths[at] = (strengths[at] as number) + (vector.values[place] as number);
    });
  const spread = (at: number): number => {
    const own = MODEL_DESIGNS.map((_, index) => weights[index * size + at] as number);
    const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length;
    return Math.sqrt(own.reduce((sum, weight) => sum + (weight - mean) ** 2, 0));
  };
  const ranked = Array.from({ length: size - 1 }, (_, index) => index + 1)
    .filter((at) => (counts[at] as number) > 0)
    .map((at) => {
      const count = counts[at] as number;
      const share = Math.max(0, Math.min(count, examples.length - count));
      return { at, worth: (spread(at) * (strengths[at] as number) * Math.sqrt(share)) / count };
    })
    .sort((one, other) => other.worth - one.worth || one.at - other.at);
  for (const { at } of ranked.slice(KEPT_PLACES)) for (let index = 0; index < MODEL_DESIGNS.length; index += 1) weights[index * size + at] = 0;
}

function withoutRare(examples: readonly LabelledVector[]): LabelledVector[] {
  const seen = new Map<number, number>();
  for (const { vector } of examples) for (const hash of new Set(vector.hashes)) seen.set(hash, (seen.get(hash) ?? 0) + 1);
  const isKept = (hash: number): boolean => (seen.get(hash) ?? 0) >= LEAST_ABSTRACTS;
  const keep = ({ hashes, values }: FeatureVector): FeatureVector => ({
    hashes: hashes.filter(isKept),
    values: values.filter((_, place) => isKept(hashes[place] as number)),
  });
  return examples.map(({ vector, label }) => ({ vector: keep(vector), label }));
}
