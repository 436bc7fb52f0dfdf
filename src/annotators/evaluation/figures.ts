/**
 * Figures of one measure: F1 per class, macro-F1, accuracy, Gwet's AC1, calibration error, bootstrap intervals.
 * Proved by test/unit/annotators/evaluation/figures.test.ts on counts worked out by hand.
 */
import { labelFigures, type LabelFigures } from '../evaluate.ts';
import { resample, type Interval } from './bootstrap.ts';
import type { Item, Measure } from './item.ts';

export interface MeasureFigures {
  readonly name: string;
  readonly n: number;
  /** F1 of the positive class, else macro-F1. */
  readonly figure: number;
  /** 95 %, clusters drawn with replacement. */
  readonly interval: Interval;
  readonly accuracy: number;
  readonly ac1: number;
  /** Expected calibration error; absent where the annotator states no confidence. */
  readonly ece?: number;
  readonly classes: LabelFigures['classes'];
}

const LEAST_TEXTS = 10;

export function measureFigures(measure: Measure): MeasureFigures {
  const { items } = measure;
  const { accuracy, classes } = labelFigures(
    items.map(({ gold }) => gold),
    items.map(({ said }) => said),
  );
  const ece = calibrationError(items);
  return {
    name: measure.name,
    n: items.length,
    ...figureWithInterval(measure, Object.keys(classes)),
    accuracy,
    ac1: gwetAc1(items),
    ...(ece === undefined ? {} : { ece }),
    classes,
  };
}

/** A cell of the confusion table: how often the label at `gold` was called the one at `said`. */
interface Cell {
  readonly gold: number;
  readonly said: number;
}

function figureWithInterval(measure: Measure, inGold: readonly string[]): { figure: number; interval: Interval } {
  const { items, positive, leastTexts = LEAST_TEXTS } = measure;
  const labels = [...inGold, ...new Set(items.map(({ said }) => said).filter((said) => !inGold.includes(said)))];
  const counted = positive === undefined ? inGold.filter((label) => items.filter(({ gold }) => gold === label).length >= leastTexts) : [positive];
  const places = counted.map((label) => labels.indexOf(label));
  const clusters = groupBy(items, ({ cluster }) => cluster).map((group) =>
    group.map(({ gold, said }): Cell => ({ gold: labels.indexOf(gold), said: labels.indexOf(said) })),
  );
  const figureOf = (drawn: readonly (readonly Cell[])[]): number | undefined => {
    const right = new Float64Array(labels.length);
    const gold = new Float64Array(labels.length);
    const said = new Float64Array(labels.length);
    for (const cells of drawn) {
      for (const cell of cells) {
        gold[cell.gold] = (gold[cell.gold] as number) + 1;
        said[cell.said] = (said[cell.said] as number) + 1;
        if (cell.gold === cell.said) right[cell.gold] = (right[cell.gold] as number) + 1;
      }
    }
    // F1 = 2 right / (gold + said); a rare class that no cluster of a draw brings along is no part of it
    const scores = places.flatMap((place) => {
      const both = (gold[place] as number) + (said[place] as number);
      return both === 0 ? [] : [(2 * (right[place] as number)) / both];
    });
    return scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  };
  return { figure: figureOf(clusters) ?? 0, interval: resample(clusters, figureOf) };
}

/**
 * Agreement beyond chance that rare labels do not upset: (pa - pe) / (1 - pe), pe = sum over the q labels of p (1 - p) / (q - 1), p = mean of the
 * two shares of a label. Gwet 2008, "Computing inter-rater reliability and its variance in the presence of high agreement", Br J Math Stat Psychol 61:29-48.
 */
export function gwetAc1(items: readonly Pick<Item, 'gold' | 'said'>[]): number {
  const labels = new Set(items.flatMap(({ gold, said }) => [gold, said]));
  if (items.length === 0 || labels.size < 2) return items.length === 0 ? 0 : 1;
  const agreed = items.filter(({ gold, said }) => gold === said).length / items.length;
  let chance = 0;
  for (const label of labels) {
    const share = items.reduce((sum, { gold, said }) => sum + Number(gold === label) + Number(said === label), 0) / (2 * items.length);
    chance += (share * (1 - share)) / (labels.size - 1);
  }
  return (agreed - chance) / (1 - chance);
}

const BINS = 10;

export interface ReliabilityRow {
  readonly stated: number;
  readonly right: number;
  readonly count: number;
}

/** Ten equal bins of stated confidence; empty ones are left out. */
export function reliabilityTable(items: readonly Item[]): ReliabilityRow[] {
  const stated = items.flatMap(({ confidence, gold, said }) => (confidence === undefined ? [] : [{ confidence, right: gold === said }]));
  return Array.from({ length: BINS }, (_, bin) => stated.filter(({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin)).flatMap(
    (rows) =>
      rows.length === 0
        ? []
        : [
            {
              stated: rows.reduce((sum, { confidence }) => sum + confidence, 0) / rows.length,
              right: rows.filter(({ right }) => right).length / rows.length,
              count: rows.length,
            },
          ],
  );
}

/** Mean distance of stated confidence and share right, weighted by bin (Guo et al. 2017, "On Calibration of Modern Neural Networks"). */
export function calibrationError(items: readonly Item[]): number | undefined {
  const rows = reliabilityTable(items);
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  return count === 0 ? undefined : rows.reduce((sum, row) => sum + row.count * Math.abs(row.stated - row.right), 0) / count;
}

export function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Value[][] {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return [...groups.values()];
}
