/** The table as text for a terminal: one line per label of each set, classes below it. */
import type { Rate } from './claim-figures.ts';
import type { Evaluation, SetFigures } from './evaluate-sets.ts';
import type { MeasureFigures } from './figures.ts';

export function printTable(evaluation: Evaluation): string {
  const { sets, skipped, missingBaselines, quotes } = evaluation;
  return [
    `annotator ${evaluation.annotator}`,
    '',
    ...sets.flatMap(printSet),
    ...skipped.map(({ set, missing }) => `${set}: skipped, ${missing.join(', ')} not there`),
    ...(missingBaselines.length > 0 ? [`baselines left out, not installed: ${missingBaselines.join(', ')}`] : []),
    `quotes found verbatim: ${quotes.found} of ${quotes.claims}`,
    '',
  ].join('\n');
}

const COLUMNS = 'label'.padEnd(44) + ['n', 'F1', '95 %', 'accuracy', 'AC1', 'ECE'].map((title) => title.padStart(title === '95 %' ? 13 : 9)).join('');

function printSet({ set, about, measures, claims, groups }: SetFigures): string[] {
  return [
    `## ${set}: ${about}`,
    COLUMNS,
    ...measures.flatMap(printMeasure),
    ...(claims ? Object.entries(claims).map(([name, rate]) => printRate(name.replaceAll('_', ' '), rate)) : []),
    ...(groups
      ? [...groups.platform, ...groups.compound].map(
          ({ name, texts, accuracy }) => `  ${name.padEnd(30)} ${String(texts).padStart(5)}  ${printShares(accuracy)}`,
        )
      : []),
    '',
  ];
}

function printMeasure({ name, n, figure, interval, accuracy, ac1, ece, classes }: MeasureFigures): string[] {
  const cells = [String(n), two(figure), '', two(accuracy), two(ac1), ece === undefined ? '' : two(ece)].map((cell, index) =>
    index === 2 ? `${two(interval[0])}-${two(interval[1])}`.padStart(13) : cell.padStart(9),
  );
  const rows = Object.entries(classes).map(
    ([label, { precision, recall, f1, count }]) =>
      `  ${label.padEnd(42)}${String(count).padStart(9)}${two(f1).padStart(9)}  precision ${two(precision)}  recall ${two(recall)}`,
  );
  return [name.padEnd(44) + cells.join(''), ...rows];
}

function printRate(name: string, { value, interval, of }: Rate): string {
  return `effect claims: ${name.padEnd(29)}${String(of).padStart(9)}${two(value).padStart(9)}${`${two(interval[0])}-${two(interval[1])}`.padStart(13)}`;
}

function printShares(accuracy: Readonly<Record<string, number>>): string {
  return Object.entries(accuracy)
    .map(([name, share]) => `${name} ${two(share)}`)
    .join(', ');
}

export function two(value: number): string {
  return value.toFixed(2);
}
