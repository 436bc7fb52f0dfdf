/** The set of linear models the embedded annotator uses, and the tables that turn scores into calibrated confidence. */
import { InvalidInputError } from '../../errors.ts';
import { readModel, storeModel, type LinearModel, type StoredModel } from './linear-model.ts';
import { decodeWeights, encodeWeights } from './weights-file.ts';

export const MODEL_NAMES = [
  'outcome',
  'tone',
  'review',
  'heading',
  'valence',
  'study_design',
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

/** @throws InvalidInputError `bad_weights` */
export function parseModels(weights: Uint8Array): Models {
  const stored = decodeWeights(weights);
  const read = (name: ModelName): LinearModel => {
    const model: StoredModel | undefined = stored.get(name);
    if (!model) throw new InvalidInputError('bad_weights', `weights.bin: there is no model ${name}`);
    return readModel(model);
  };
  return Object.fromEntries(MODEL_NAMES.map((name) => [name, read(name)])) as Record<ModelName, LinearModel>;
}

export function storeModels(models: Models): Buffer {
  return encodeWeights(new Map(MODEL_NAMES.map((name) => [name, storeModel(models[name])])));
}
