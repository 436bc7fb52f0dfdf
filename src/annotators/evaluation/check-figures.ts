/**
 * The figures that must not drop: `hearsay evaluate --write-docs` stores them in test/accuracy/figures.json, and test/accuracy/figures.test.ts measures
 * them again. Of sets judged in folds the first two count: to train for all of them takes longer than a test may.
 */
import { claimFigures } from './claim-figures.ts';
import { measureFigures } from './figures.ts';
import type { JudgedSet } from './item.ts';

export const CHECK_FOLDS = 2;

/** `set/measure` -> figure with the lower end of its interval. */
export type CheckFigures = Readonly<Record<string, { readonly figure: number; readonly low: number; readonly n: number }>>;

const isChecked = ({ fold }: { readonly fold?: number }): boolean => fold === undefined || fold < CHECK_FOLDS;
const round = (value: number): number => Number(value.toFixed(4));

export function checkFigures(set: string, { measures, claims }: JudgedSet): CheckFigures {
  const ofMeasures = measures.map((measure) => {
    const { figure, interval, n } = measureFigures({ ...measure, items: measure.items.filter(isChecked) });
    return [`${set}/${measure.name}`, { figure: round(figure), low: round(interval[0]), n }] as const;
  });
  if (!claims) return Object.fromEntries(ofMeasures);
  const { precision, recall } = claimFigures(claims.filter(isChecked));
  const ofClaims = Object.entries({ precision, recall }).map(
    ([name, { value, interval }]) =>
      [`${set}/effect claims ${name}`, { figure: round(value), low: round(interval[0]), n: claims.filter(isChecked).length }] as const,
  );
  return Object.fromEntries([...ofMeasures, ...ofClaims]);
}

/** One line for each stored figure that was measured again on as many texts and is below its interval. */
export function findDrops(stored: CheckFigures, now: CheckFigures): string[] {
  return Object.entries(now).flatMap(([name, { figure, n }]) => {
    const before = stored[name];
    if (!before || before.n !== n || figure >= before.low) return [];
    return [`${name}: ${figure}, was ${before.figure} and may fall to ${before.low}`];
  });
}
