/**
 * Prints what the sources make of each recording, beside a count without their code:
 *
 *   npm run recordings [-- --dir ../shared/data/api]
 *
 * Tab-separated lines. `found` = posts + absent + items refused for what they say; `others` are things of other kinds, each refused. Exit code 1 when
 * a number is not the expected one.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readRows } from './list.ts';
import { isAsExpected, type Row } from './row.ts';

function noteOf({ source, expected, refusals, failures }: Row): string {
  if (source === undefined) return 'no source asks this service';
  const codes = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([code, times]) => `${code} ${times}`)
      .join(', ');
  return [
    ...(expected.ours === 0 ? ['no items of ours'] : []),
    ...(Object.keys(refusals).length > 0 ? [`refused: ${codes(refusals)}`] : []),
    ...(Object.keys(failures).length > 0 ? [`answers that are no list: ${codes(failures)}`] : []),
  ].join('; ');
}

const { values } = parseArgs({ options: { dir: { type: 'string', default: '../shared/data/api' } } });
const rows = await readRows(path.resolve(values.dir));
const sum = (part: (row: Row) => number): number => rows.reduce((total, row) => total + part(row), 0);
const numbers: readonly (readonly [column: string, part: (row: Row) => number])[] = [
  ['answers', (row) => row.answers],
  ['posts', (row) => row.posts],
  ['absent', (row) => row.absent],
  ['found', (row) => row.found.ours],
  ['expected', (row) => row.expected.ours],
  ['others found', (row) => row.found.others],
  ['others expected', (row) => row.expected.others],
];
const lines = [
  ['recording', 'source', ...numbers.map(([column]) => column), 'note'],
  ...rows.map((row) => [row.recording, row.source ?? '-', ...numbers.map(([, part]) => part(row)), noteOf(row)]),
  [`${rows.length} recordings`, '', ...numbers.map(([, part]) => sum(part)), ''],
];
process.stdout.write(`${lines.map((line) => line.join('\t')).join('\n')}\n`);
if (!rows.every(isAsExpected)) process.exitCode = 1;
