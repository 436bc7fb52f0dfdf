/** The set of linear models the embedded annotator uses, and the tables that turn scores into calibrated confidence. */
import { readFile } from 'node:fs/promises';
import { readModel, storeModel, type LinearModel, type StoredModel } from './linear-model.ts';

export const MODEL_NAMES = [
  'outcome',
  'tone',
  'review',
  'heading',
  'document_type',
  'first_person_use',
  'commercial_interest',
  'effect',
  'evidence_tier',
  'sentiment',
] as const;
type ModelName = (typeof MODEL_NAMES)[number];
export type Models = Readonly<Record<ModelName, LinearModel>>;

/** Where a score from `from` upwards is right with `confidence`, as measured. Sorted by `from`. */
export type CalibrationTable = readonly { readonly from: number; readonly confidence: number; readonly count: number }[];

export interface Calibration {
  readonly document_type: CalibrationTable;
  readonly evidence_tier: CalibrationTable;
  readonly sentiment: CalibrationTable;
  readonly effect: CalibrationTable;
  readonly main: CalibrationTable;
  /** A claim or source below gets `low_confidence`. */
  readonly thresholds: { readonly effect: number; readonly main: number; readonly source: number };
}

export function calibrate(table: CalibrationTable, score: number): number {
  let confidence = table[0]?.confidence ?? score;
  for (const row of table) if (score >= row.from) confidence = row.confidence;
  return confidence;
}

export async function readModelFiles(): Promise<{ readonly weights: string; readonly calibration: string }> {
  const read = (name: string): Promise<string> => readFile(new URL(`./${name}`, import.meta.url), 'utf8');
  const [weights, calibration] = await Promise.all([read('weights.json'), read('calibration.json')]);
  return { weights, calibration };
}

export function parseModels(weights: string): Models {
  const stored = JSON.parse(weights) as { readonly models: Record<ModelName, StoredModel> };
  return Object.fromEntries(MODEL_NAMES.map((name) => [name, readModel(stored.models[name])])) as Record<ModelName, LinearModel>;
}

export function storeModels(models: Models): string {
  const stored = Object.fromEntries(MODEL_NAMES.map((name) => [name, storeModel(models[name])]));
  return `${JSON.stringify({ note: 'Written by src/annotators/embedded/train.ts; see docs/accuracy.md', models: stored }, null, 1)}\n`;
}
