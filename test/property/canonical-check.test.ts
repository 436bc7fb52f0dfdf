import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalValue, canonicalText } from '../../src/ledger/canonical.ts';
import { shortestLengthOf, isCanonicalText } from '../../src/ledger/canonical-check.ts';

/** What canonical.ts says of a text. */
function isCanonicalByLibrary(text: string): boolean {
  try {
    return canonicalText(JSON.parse(text) as CanonicalValue) === text;
  } catch {
    return false;
  }
}

const strings = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\b\f\n\r\t', '\u0000\u000b\u001f\u007f', '"\\/', '\\ud800', '\ud800', '\u2028', '__proto__', 'toJSON', '10', '9'),
);
const integers = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constantFrom(0, -0, 1e15, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1.5, 1e21));
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    strings,
    integers,
    fc.constantFrom(null, true),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(strings, tie('value'), { maxKeys: 5 }),
  ),
}));

/** Keys in order at every depth: mostly the canonical form. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** Ways to write a value that are mostly not canonical, and a few that are. */
const texts = fc.oneof(
  values.map((value) => JSON.stringify(value)),
  values.map((value) => JSON.stringify(value, null, 1)),
  values.map((value) => JSON.stringify(sorted(JSON.parse(JSON.stringify(value))))),
);

describe('the scan for canonical form', () => {
  it('agrees with the library on every text that parses', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(isCanonicalText(text), text).toBe(isCanonicalByLibrary(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('agrees with it when a character is changed, put in or left out', () => {
    const pieces = fc.constantFrom(
      '"',
      '\\',
      '/',
      '\\u0041',
      '\\u000A',
      '\\u0000',
      '\\/',
      'u',
      ' ',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      '0',
      '-',
      '.',
      'e1',
      'null',
      '\n',
    );
    fc.assert(
      fc.property(texts, fc.nat(), pieces, fc.nat({ max: 1 }), (text, place, piece, cut) => {
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + piece + text.slice(at + cut);
        expect(isCanonicalText(changed), changed).toBe(isCanonicalByLibrary(changed));
      }),
      { numRuns: 30_000 },
    );
  });

  it('knows each rule', () => {
    for (const text of ['{}', '[]', '""', '0', '-1', '{"a":"\\u001f","b":[1,2]}', '{"":1,"a":{"b":"\\b\\"\\\\"}}', '{"10":1,"9":2}', '9007199254740991'])
      expect(isCanonicalText(text), text).toBe(true);
    for (const text of [
      '',
      ' 1',
      '01',
      '-0',
      '1.0',
      '1e3',
      '{"b":1,"a":1}',
      '{"a":1,"a":1}',
      '"\\u0041"',
      '"\\/"',
      '"\\u001F"',
      '"\\u0008"',
      '"\\ud83d\\ude00"',
      'null',
      '9007199254740992',
      '[1,]',
    ])
      expect(isCanonicalText(text), text).toBe(false);
    const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
    expect(isCanonicalText(deep)).toBe(true);
  });

  it('knows the length of the shortest text of every string, which is the canonical one', () => {
    fc.assert(
      fc.property(strings, (text) => {
        fc.pre(text.isWellFormed() && !/[\u0000-\u0007\u000b\u000e-\u001f]/.test(text));
        expect(shortestLengthOf(text)).toBe(canonicalText(text).length);
      }),
      { numRuns: 2_000 },
    );
    for (let code = 0; code < 0x180; code++) {
      const char = String.fromCharCode(code);
      const hex = code.toString(16).padStart(4, '0');
      const short = canonicalText(char).slice(2, -1);
      const ways = [`"\\u${hex}"`, `"\\u${hex.toUpperCase()}"`, `"\\${char}"`, `"\\${short}"`, `"${char}"`].filter((way) => parse(way) === char);
      expect(ways.length).toBeGreaterThan(0);
      const others = ways.filter((way) => way !== canonicalText(char));
      if (Number.isNaN(shortestLengthOf(char))) expect(canonicalText(char)).toBe(`"\\u${hex}"`);
      else for (const other of others) expect(other.length, other).toBeGreaterThan(shortestLengthOf(char));
    }
  });
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
