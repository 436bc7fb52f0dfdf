/** Each line of an export has exactly its keys, in one byte form. */
import { describe, expect, it } from 'vitest';
import { canonicalText, type CanonicalValue } from '../../../src/ledger/canonical.ts';
import {
  formatCounts,
  formatLine,
  isClosing,
  MAX_HISTORY,
  parseClosingLine,
  parseEntryLine,
  parseExcerptClosingLine,
  parseExcerptLine,
  parseOpeningLine,
} from '../../../src/ledger/export-format.ts';
import { countsOf, emptyFold } from '../../../src/counts/fold.ts';

const hash = 'a'.repeat(64);
const opening = { format: 'hearsay-ledger', version: 1, topic: 'semax', origin: 'ledger.example/semax', vkey: 'k' };
const bare = { entry: hash, header: '{"a":"\\n"}' };
const open = { ...bare, salt: hash, content: '{"é":"\u007f"}' };
const proven = { previous: hash, proof: ['AA==', ''] };
const closing = { checkpoint: 'line\nline\n', counts: '{}' };
const past = { checkpoint: 'note', proof: [] };

interface Form {
  readonly name: string;
  readonly parse: (text: string) => unknown;
  readonly lines: readonly object[];
}
const FORMS: readonly Form[] = [
  { name: 'opening line', parse: parseOpeningLine, lines: [opening, { ...opening, excerpt: 1 }] },
  { name: 'entry line', parse: parseEntryLine, lines: [bare, open, { ...bare, withheld: 1 }, { ...bare, erased: 1 }] },
  {
    name: 'line of an excerpt',
    parse: parseExcerptLine,
    lines: [bare, open, { ...bare, withheld: 1 }, { ...bare, erased: 1 }].map((line) => ({ ...line, ...proven })),
  },
  {
    name: 'closing line',
    parse: parseClosingLine,
    lines: [closing, { ...closing, history: [past] }, { ...closing, history: Array(MAX_HISTORY).fill({ ...past, proof: ['AA=='] }) }],
  },
  { name: 'closing line of an excerpt', parse: parseExcerptClosingLine, lines: [{ checkpoint: 'note' }] },
];
const textOf = (line: object): string => canonicalText(line as CanonicalValue);
/** As long as any proof may be, and one hash longer. */
const proofOf = (length: number) => ({ proof: Array<string>(length).fill('AA==') });
const refused = expect.objectContaining({ name: 'InvalidInputError', code: 'bad_line' });

describe.each(FORMS)('the $name', ({ parse, lines }) => {
  it('is read in its canonical form', () => {
    for (const line of lines) {
      expect(formatLine(line as never)).toBe(`${textOf(line)}\n`);
      expect(parse(textOf(line))).toEqual(line);
    }
  });

  it('is refused in any other form', () => {
    for (const line of lines) {
      const text = textOf(line);
      const backwards = JSON.stringify(Object.fromEntries(Object.entries(line).sort(([a], [b]) => (a < b ? 1 : -1))));
      const others = [
        `${text} `,
        ` ${text}`,
        text.replace(':', ': '),
        text.replace('{', '{"a":1,'),
        text.slice(0, -1),
        `[${text}]`,
        text.replace('e', '\\u0065'),
      ];
      for (const other of [...others, ...(Object.keys(line).length > 1 ? [backwards] : [])]) expect(() => parse(other), other).toThrow(refused);
    }
  });

  it('has no key more or less, and no value of another kind', () => {
    const known = new Set(lines.map((line) => Object.keys(line).sort().join()));
    for (const line of lines) {
      expect(() => parse(textOf({ ...line, extra: 1 }))).toThrow(refused);
      for (const key of Object.keys(line)) {
        const { [key]: _left, ...rest } = line as Record<string, unknown>;
        if (!known.has(Object.keys(rest).sort().join())) expect(() => parse(textOf(rest)), `without ${key}`).toThrow(refused);
        for (const value of [2, 0, ['a', 1], {}, [], [{}]]) {
          const isRight = key === 'proof' && Array.isArray(value) && value.length === 0;
          if (!isRight) expect(() => parse(textOf({ ...line, [key]: value })), `${key}: ${JSON.stringify(value)}`).toThrow(refused);
        }
      }
    }
  });
});

describe('what stands in a line', () => {
  it('has hashes of 64 hex digits in lower case', () => {
    for (const entry of [[hash], hash.toUpperCase(), hash.slice(1), `${hash}a`, `${hash}\n`, `\n${hash}`, 'g'.repeat(64)])
      expect(() => parseEntryLine(textOf({ ...bare, entry })), `${entry}`).toThrow(refused);
  });

  it('is of this format and version', () => {
    expect(() => parseOpeningLine(textOf({ ...opening, format: 'other' }))).toThrow(refused);
    expect(() => parseOpeningLine(textOf({ ...opening, version: '1' }))).toThrow(refused);
  });

  it('is not both withheld and erased', () => {
    expect(() => parseEntryLine(textOf({ ...bare, withheld: 1, erased: 1 }))).toThrow(refused);
    expect(() => parseEntryLine(textOf({ ...open, withheld: 1 }))).toThrow(refused);
  });

  it('has a history of 1 to 32 items, of two keys each', () => {
    for (const history of [
      [],
      Array(MAX_HISTORY + 1).fill(past),
      [{ ...past, counts: '' }],
      [{ checkpoint: '' }],
      [past, { checkpoint: '' }],
      ['note'],
      [[past]],
      [1],
    ])
      expect(() => parseClosingLine(textOf({ ...closing, history } as object)), JSON.stringify(history)).toThrow(refused);
    expect(() => parseClosingLine('{"checkpoint":"","counts":"","history":[null]}')).toThrow(refused);
  });

  it('has proofs no longer than a tree can need', () => {
    const proof = (length: number): string[] => Array<string>(length).fill('AA==');
    const line = { ...bare, ...proven };
    expect(parseExcerptLine(textOf({ ...line, proof: proof(63) }))).toMatchObject(bare);
    expect(() => parseExcerptLine(textOf({ ...line, proof: proof(64) }))).toThrow(refused);
    expect(parseClosingLine(textOf({ ...closing, history: [{ ...past, proof: proof(64) }] }))).toMatchObject(closing);
    expect(() => parseClosingLine(textOf({ ...closing, history: [{ ...past, proof: proof(65) }] }))).toThrow(refused);
  });

  it('is an object', () => {
    for (const text of ['null', '1', '"a"', '[]', '', 'nothing']) expect(() => parseEntryLine(text), text).toThrow(refused);
  });

  it('is whole Unicode: half a pair is refused', () => {
    expect(() => parseEntryLine(`{"entry":"${hash}","header":"\ud800"}`)).toThrow(refused);
    expect(() => parseEntryLine(`{"entry":"${hash}","header":"\\ud800"}`)).toThrow(refused);
    expect(parseEntryLine(textOf({ ...bare, header: '\u0001🙂' }))).toEqual({ ...bare, header: '\u0001🙂' });
    expect(() => parseEntryLine(`{"entry":"${hash}","header":"\\u001F"}`)).toThrow(refused);
  });
});

it('the last line is known by its beginning, and no other line begins so', () => {
  for (const { name, lines } of FORMS) for (const line of lines) expect(isClosing(textOf(line)), name).toBe(name.startsWith('closing'));
});

it('counts are written without the wording of rules', () => {
  const { grade, ...numbers } = countsOf(emptyFold());
  expect(JSON.parse(formatCounts({ ...numbers, grade }))).toEqual(JSON.parse(JSON.stringify({ ...numbers, grade: grade.value })));
});

describe('a proof', () => {
  it('is read up to the length that any tree needs', () => {
    const excerptLine = (length: number) => textOf({ ...bare, ...proven, ...proofOf(length) });
    expect(parseExcerptLine(excerptLine(63))).toMatchObject(proofOf(63));
    expect(() => parseExcerptLine(excerptLine(64))).toThrow(refused);
    const closingLine = (length: number) => textOf({ ...closing, history: [{ ...past, ...proofOf(length) }] });
    expect(parseClosingLine(closingLine(64))).toMatchObject({ history: [proofOf(64)] });
    expect(() => parseClosingLine(closingLine(65))).toThrow(refused);
  });
});
