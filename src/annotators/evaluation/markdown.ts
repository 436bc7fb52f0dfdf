/**
 * The same table as Markdown, and its place in docs/accuracy.md: between the two markers. What people wrote around them stays.
 * Proved by test/unit/annotators/evaluation/markdown.test.ts.
 */
import { InvalidInputError } from '../../errors.ts';
import type { ClaimFigures } from './claim-figures.ts';
import type { Evaluation, SetFigures } from './evaluate-sets.ts';
import type { ReliabilityRow } from './figures.ts';
import type { GroupRow } from './group-figures.ts';
import { two } from './table.ts';

const BEGIN = '<!-- evaluate:begin -->';
const END = '<!-- evaluate:end -->';

/** Raises `no_markers` where the page has no such section. */
export function replaceSection(page: string, section: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new InvalidInputError('no_markers', `the page has no section between ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${section}\n${page.slice(end)}`;
}

export function writeSection({ annotator, sets, skipped, quotes }: Evaluation): string {
  return [
    `Annotator \`${annotator}\`. Brackets: 95 % interval. F1 is macro-F1, or of the class named yes. ECE: calibration error.`,
    '',
    ...table(
      ['set', 'label', 'n', 'F1', 'accuracy', 'AC1', 'ECE'],
      sets.flatMap(({ set, measures }) =>
        measures.map(({ name, n, figure, interval, accuracy, ac1, ece }) => [
          set,
          name,
          n.toLocaleString('en'),
          `${two(figure)} [${two(interval[0])}, ${two(interval[1])}]`,
          two(accuracy),
          two(ac1),
          ece === undefined ? '' : two(ece),
        ]),
      ),
    ),
    '',
    ...sets.map(({ set, about }) => `- **${set}**: ${about}.`),
    ...skipped.map(({ set }) => `- **${set}**: not measured, its files are absent.`),
    '',
    `Quotes found verbatim, over all claims but those flagged \`ungrounded\`: ${quotes.found.toLocaleString('en')} of ${quotes.claims.toLocaleString('en')}.`,
    '',
    ...sets.flatMap(({ set, claims }) => (claims ? writeClaims(set, claims) : [])),
    ...sets.flatMap(writeClasses),
    ...sets.flatMap(({ set, reliability }) => writeReliability(set, reliability)),
    ...sets.flatMap(({ set, groups }) =>
      groups ? [...writeGroups(`${set}, by platform`, groups.platform), ...writeGroups(`${set}, by compound`, groups.compound)] : [],
    ),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function writeClaims(set: string, claims: ClaimFigures): string[] {
  const rows = Object.entries(claims).map(([name, { value, interval, of }]) => [
    name.replaceAll('_', ' '),
    `${two(value)} [${two(interval[0])}, ${two(interval[1])}]`,
    of.toLocaleString('en'),
  ]);
  return [`### Effect claims: ${set}`, '', ...table(['figure', 'value', 'of'], rows), ''];
}

function writeClasses({ set, measures }: SetFigures): string[] {
  const rows = measures
    .filter(({ classes, name }) => Object.keys(classes).length > 2 && !name.includes('('))
    .flatMap(({ name, classes }) =>
      Object.entries(classes).map(([label, { precision, recall, f1, count }]) => [name, label, String(count), two(precision), two(recall), two(f1)]),
    );
  return rows.length === 0 ? [] : [`### Classes: ${set}`, '', ...table(['label', 'class', 'n', 'precision', 'recall', 'F1'], rows), ''];
}

function writeReliability(set: string, reliability: Readonly<Record<string, readonly ReliabilityRow[]>>): string[] {
  const rows = Object.entries(reliability).map(([name, bins]) => [
    name,
    bins.map(({ stated, right, count }) => `${two(stated)} -> ${two(right)} (${count})`).join(', '),
  ]);
  return rows.length === 0 ? [] : [`### Confidence: ${set}`, '', ...table(['label', 'stated -> right (number)'], rows), ''];
}

function writeGroups(title: string, rows: readonly GroupRow[]): string[] {
  const names = [...new Set(rows.flatMap(({ accuracy }) => Object.keys(accuracy)))];
  const cells = rows.map(({ name, texts, accuracy }) => [
    name,
    String(texts),
    ...names.map((label) => (accuracy[label] === undefined ? '' : two(accuracy[label]))),
  ]);
  return rows.length === 0 ? [] : [`### Accuracy: ${title}`, '', ...table(['', 'texts', ...names], cells), ''];
}
