/** The rules of the scan one by one. That it agrees with canonical.ts on every text: test/property/canonical-check.test.ts. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isCanonicalText, shortestLengthOf } from '../../../src/ledger/canonical-check.ts';
import { sampleExport } from '../../property/ledger-sample.ts';

const nested = (depth: number, inner: string): string => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;
const nestedObjects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const lines = (await sampleExport()).map((line) => line.slice(0, -1));

afterEach(() => {
  vi.restoreAllMocks();
});

/** The one thing that is quicker about it. */
function expectNothingBuilt(texts: readonly string[]): void {
  const parse = vi.spyOn(JSON, 'parse');
  for (const text of texts) expect(isCanonicalText(text), text).toBe(true);
  expect(parse).not.toHaveBeenCalled();
}

describe('what is canonical', () => {
  it('is told without building a value: all of an export', () => {
    const texts = lines.slice(1, -1).flatMap((line) => {
      const { header, content } = JSON.parse(line) as { header: string; content?: string };
      return content === undefined ? [line, header] : [line, header, content];
    });
    expect(texts.length).toBeGreaterThan(30);
    expectNothingBuilt([...texts, ...lines]);
  });

  it('is told without building a value: every rule', () => {
    expectNothingBuilt(['""', '"a"', '"\u007f\u2028🙂"', '"\\""', '"\\\\"', '"\\b\\f\\n\\r\\t"', '"\\u0000\\u0007\\u000b\\u000e\\u000f\\u0010\\u001f"']);
    expectNothingBuilt(['0', '9', '-1', '10', '90', '-9', '999999999999999', '-999999999999999']);
    expectNothingBuilt(['[]', '[1]', '[1,2,3]', '["a",[],{}]', '[0,-1,"",[[]]]', nested(8, ''), nested(8, '1')]);
    expectNothingBuilt(['{}', '{"":1}', '{"":1,"a":2}', '{"10":1,"9":2}', '{"a":{"b":{"a":[]}},"b":"c"}', '{"A":1,"a":1,"é":1,"🙂":1,"\ufb33":1}']);
    expectNothingBuilt([nestedObjects(8), '{" ":1,"!":1,"]":1,"~":1}']);
  });

  it('may be so deep, or so near 2^53, or have such keys that it is left to the slow way', () => {
    for (const text of [
      nested(9, ''),
      nested(1_000, '1'),
      nestedObjects(9),
      nestedObjects(1_000),
      '9007199254740991',
      '-9007199254740991',
      '1000000000000000',
      '{"\\n":1,"a":1}',
      '{"a\\"b":1}',
    ])
      expect(isCanonicalText(text), text.slice(0, 40)).toBe(true);
    for (const text of [nested(9, ' '), '9007199254740992', '{"a":1,"\\n":1}', nested(100_000, '1'), nestedObjects(100_000)])
      expect(isCanonicalText(text), text.slice(0, 40)).toBe(false);
  });
});

describe('what is not canonical', () => {
  it.each([
    ['nothing, or more than one value', ['', ' ', '1 ', ' 1', '1,', '1 1', '{}{}', '[]]', '""a']],
    ['other values', ['null', 'true', 'false', 'a', '\ud800', '"\ud800"', '"\\ud800"']],
    ['numbers in another form', ['00', '01', '-0', '-01', '+1', '-', '1.0', '1.5', '1e3', '1E3', '--1', '/1', ':1', '0:']],
    [
      'strings in another form',
      ['"', '"a', '"\\', '"\\"', '"\n"', '"\u0000"', '"\u001f"', '"\\/"', '"\\u0041"', '"\\u000A"', '"\\u001F"', '"\\u0008"', '"\\u000a"', '"\\u0020"'],
    ],
    ['escapes cut off', ['"\\u', '"\\u0', '"\\u00', '"\\u001', '"\\u001f', '"\\x"', '"\\u0100"', '"\\u1000"', '"\\ud83d\\ude00"']],
    ['lists in another form', ['[', ']', '[,', '[1', '[1,', '[1,]', '[,1]', '[1 ,2]', '[1, 2]', '[1:2]', '[1}', '[01]', '[1.0]']],
    [
      'objects in another form',
      ['{', '}', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{a:1}', '{"a" :1}', '{"a": 1}', '{"a":1 }', '{"a":1]', '{"a",1}', '{,"a":1}'],
    ],
    [
      'keys twice, or out of order',
      ['{"a":1,"a":1}', '{"b":1,"a":1}', '{"a":1,"":1}', '{"9":1,"10":1}', '{"\ufb33":1,"🙂":1}', '{"b":1,"c":1,"a":1}', '{"a":{"b":1,"a":1}}'],
    ],
    ['keys in another form', ['{"\\u0061":1}', '{"\n":1}', '{"\\/":1}', '{"a":1,"\\u0062":1}', '{"\u001f":1}']],
  ])('%s', (_name, texts) => {
    for (const text of texts) expect(isCanonicalText(text), JSON.stringify(text)).toBe(false);
  });
});

describe('the length of the shortest text', () => {
  it.each([
    ['', 2],
    ['abc', 5],
    ['"', 4],
    ['\\', 4],
    ['[]/~\u007f', 7],
    ['\b\f\n\r\t', 12],
    ['é🙂', 5],
    [' !', 4],
  ])('of %j is %i', (value, length) => {
    expect(shortestLengthOf(value)).toBe(length);
    expect(JSON.stringify(value)).toHaveLength(length);
  });

  it.each(['\u0000', '\u0007', '\u000b', '\u001f', 'a\u0001b'])('of %j is not one: its hex digits have two cases', (value) => {
    expect(shortestLengthOf(value)).toBeNaN();
  });
});
