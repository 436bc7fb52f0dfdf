/**
 * Which design an abstract tells of, where its metadata does not say: a linear model learned from StudyTypeTeller's training part
 * (https://github.com/Ineichen-Group/StudyTypeTeller). `none` there are studies of people who were given nothing (prevalence, genes, imaging,
 * scales), methods and remarks: no design that shows what a compound did.
 * Proved by test/unit/annotators/study-design.test.ts; figures in docs/accuracy.md.
 */
import type { StudyDesign } from '../../model/labels.ts';
import { abstractVector } from './abstract-features.ts';
import { predict, type LinearModel } from './linear-model.ts';

/** What the model tells apart; `observational` is told from `human_trial` by rule, `registry` by address. */
export const MODEL_DESIGNS = ['rct', 'human_trial', 'case_report', 'systematic_review', 'review', 'animal', 'in_vitro', 'protocol', 'none'] as const;
export type ModelDesign = (typeof MODEL_DESIGNS)[number];

export const HUMAN_DESIGNS: ReadonlySet<StudyDesign> = new Set(['rct', 'human_trial', 'observational', 'case_report']);

/** How likely the model thinks each design. */
export interface DesignReading {
  readonly probabilities: Readonly<Record<ModelDesign, number>>;
}

/** Shorter texts say too little of methods: rules read those. */
const MIN_CHARACTERS = 250;

export function readDesign(model: LinearModel, title: string, text: string): DesignReading | undefined {
  if (text.length < MIN_CHARACTERS) return undefined;
  const { probabilities } = predict(model, abstractVector(title, text));
  const byDesign = MODEL_DESIGNS.map((design) => [design, probabilities[model.classes.indexOf(design)] ?? 0]);
  return { probabilities: Object.fromEntries(byDesign) as Record<ModelDesign, number> };
}

/** What a design shows: what was done to people, what was done in the laboratory, neither. */
const GROUPS: readonly (readonly ModelDesign[])[] = [
  ['rct', 'human_trial', 'case_report', 'systematic_review'],
  ['animal', 'in_vitro'],
  ['review', 'protocol', 'none'],
];

/** The likeliest design of the likeliest group: a study of people that may be a trial or a case is still one of people. */
export function likeliest(reading: DesignReading, among: readonly ModelDesign[] = MODEL_DESIGNS): ModelDesign {
  const { probabilities } = reading;
  const sum = (designs: readonly ModelDesign[]): number => designs.reduce((total, design) => total + probabilities[design], 0);
  const groups = GROUPS.map((group) => group.filter((design) => among.includes(design)));
  const group = groups.reduce((best, next) => (sum(next) > sum(best) ? next : best));
  return group.reduce((best, design) => (probabilities[design] > probabilities[best] ? design : best));
}
