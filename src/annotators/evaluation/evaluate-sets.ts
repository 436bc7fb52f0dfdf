/**
 * Judges sets and works out their figures. No file is written here, and no text leaves: figures, ids and labels only.
 * Proved by test/unit/annotators/evaluation/own.test.ts over the made-up posts.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { annotateLine, loadAnnotator } from '../list.ts';
import { judgeBaselines } from './baselines.ts';
import { checkFigures, type CheckFigures } from './check-figures.ts';
import { claimFigures, type ClaimFigures } from './claim-figures.ts';
import { groupFigures, type GroupFigures } from './group-figures.ts';
import { measureFigures, reliabilityTable, type MeasureFigures, type ReliabilityRow } from './figures.ts';
import type { Annotate, EvaluationSet, JudgedSet, Measure } from './item.ts';
import type { Prediction } from './predictions.ts';

export interface SetFigures {
  readonly set: string;
  readonly about: string;
  readonly measures: readonly MeasureFigures[];
  readonly claims?: ClaimFigures;
  readonly reliability: Readonly<Record<string, readonly ReliabilityRow[]>>;
  readonly groups?: GroupFigures;
}

export interface Evaluation {
  readonly annotator: string;
  readonly sets: readonly SetFigures[];
  readonly skipped: readonly { readonly set: string; readonly missing: readonly string[] }[];
  /** Baseline packages that are not installed. */
  readonly missingBaselines: readonly string[];
  /** Over all claims of the shipped annotator in this run but those flagged `ungrounded`. */
  readonly quotes: { readonly claims: number; readonly found: number };
  readonly predictions: readonly Prediction[];
  /** What test/accuracy compares. */
  readonly check: CheckFigures;
}

export interface EvaluateOptions {
  /** Folders that may hold the files of sets; the first that has one gives it. */
  readonly folders: readonly string[];
  readonly sets: readonly EvaluationSet[];
  /** Of sets judged in folds: the first so many only. */
  readonly folds?: number;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

export async function evaluateSets({ folders, sets, folds, progress, signal }: EvaluateOptions): Promise<Evaluation> {
  const annotator = await loadAnnotator();
  const quotes = { claims: 0, found: 0 };
  const annotate: Annotate = async (line) => {
    const result = await annotateLine(line, annotator);
    if ('error' in result) throw new Error(`a text of a set cannot be annotated: ${result.error.message}`);
    for (const { quote, start, end, flags } of result.claims) {
      // says itself that it has no quote, and waits for a person
      if (flags.includes('ungrounded')) continue;
      quotes.claims += 1;
      if (quote !== '' && String(line['text']).slice(start, end) === quote) quotes.found += 1;
    }
    return result;
  };
  const find = (file: string): string | undefined => folders.map((folder) => path.join(folder, file)).find((place) => existsSync(place));
  const figures: SetFigures[] = [];
  const skipped: { set: string; missing: string[] }[] = [];
  const predictions: Prediction[] = [];
  const missingBaselines = new Set<string>();
  const check: Record<string, CheckFigures[string]> = {};
  for (const set of sets) {
    signal.throwIfAborted();
    const missing = set.files.filter((file) => find(file) === undefined);
    if (missing.length > 0) {
      skipped.push({ set: set.name, missing });
      continue;
    }
    progress(set.name);
    const judged = await set.judge({
      annotate,
      folds,
      read: (file) => readFileSync(find(file) as string, 'utf8'),
      progress: (line) => {
        signal.throwIfAborted();
        progress(`${set.name}: ${line}`);
      },
    });
    const baselines = await judgeBaselines(judged);
    for (const name of baselines.missing) missingBaselines.add(name);
    const isPart = folds !== undefined && judged.measures.some(({ items }) => items.some(({ fold }) => fold !== undefined));
    const about = isPart ? `${set.about}; here the first ${folds} folds only` : set.about;
    figures.push({ set: set.name, about, ...describeSet(judged, baselines.measures) });
    predictions.push(...predictionsOf(set, judged));
    Object.assign(check, checkFigures(set.name, judged));
  }
  return { annotator: annotator.id, sets: figures, skipped, missingBaselines: [...missingBaselines], quotes, predictions, check };
}

function describeSet(judged: JudgedSet, baselines: readonly Measure[]): Omit<SetFigures, 'set' | 'about'> {
  const stated = judged.measures.filter(({ items }) => items.some(({ confidence }) => confidence !== undefined));
  return {
    measures: [...judged.measures, ...baselines].map(measureFigures),
    ...(judged.claims ? { claims: claimFigures(judged.claims) } : {}),
    reliability: Object.fromEntries(stated.map(({ name, items }) => [name, reliabilityTable(items)])),
    ...(judged.facts ? { groups: groupFigures(judged) } : {}),
  };
}

/** Baselines are not frozen: they do not change. */
function predictionsOf(set: EvaluationSet, judged: JudgedSet): Prediction[] {
  const rows = new Map<string, Prediction>();
  for (const { name, items } of judged.measures) {
    for (const { id, gold, said } of items) {
      const row = rows.get(id) ?? { set: set.name, id, labels: {} };
      rows.set(id, { ...row, labels: { ...row.labels, [name]: [gold, said] } });
    }
  }
  for (const { id, said, right, gold, unflagged } of judged.claims ?? []) {
    const row = rows.get(id) ?? { set: set.name, id, labels: {} };
    if (said + gold > 0) rows.set(id, { ...row, claims: [gold, said, right, unflagged] });
  }
  return [...rows.values()];
}
