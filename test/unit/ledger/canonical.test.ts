import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalValue, canonicalText, jcsText } from '../../../src/ledger/canonical.ts';

describe('canonicalText', () => {
  it('sorts keys by UTF-16 code unit and writes no space', () => {
    expect(canonicalText({ b: 1, a: [1, 'é'], '\u{1f642}': 'x', '\ufb33': 'y' })).toBe('{"a":[1,"é"],"b":1,"🙂":"x","\ufb33":"y"}');
  });

  it.each([
    ['null', { a: null }],
    ['undefined', { a: undefined }],
    ['booleans', { a: true }],
    ['floats', { a: 0.5 }],
    ['negative zero', { a: -0 }],
    ['unsafe integers', { a: 2 ** 53 }],
    ['not a number', { a: Number.NaN }],
    ['lone surrogates', { a: '\ud800' }],
    ['lone surrogates in keys', { '\udc00': 1 }],
    ['nested values', { a: [{ b: [null] }] }],
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalText(value as unknown as CanonicalValue)).toThrow(expect.objectContaining({ code: 'not_canonical' }));
  });

  it.each([
    [null, '$:'],
    [{ a: { b: [1, 'x', null] } }, '$.a.b[2]:'],
    [[1, { c: 0.5 }], '$[1].c:'],
    [{ a: 1, b: { '\udc00': 1 } }, '$.b:'],
    [[1, undefined], '$[1]:'],
  ])('says where %j is not canonical', (value, place) => {
    expect(() => canonicalText(value as unknown as CanonicalValue)).toThrow(expect.objectContaining({ message: expect.stringContaining(place) }));
  });

  it.each([
    [null, /null/],
    [undefined, /undefined/],
    [true, /boolean/],
    [0.5, /safe integers/],
    ['\ud800', /surrogate/],
  ])('says what %j is', (value, why) => {
    expect(() => canonicalText({ a: value } as unknown as CanonicalValue)).toThrow(why);
  });

  it('refuses the holes of a list, and keeps own bugs apart', () => {
    const holed: CanonicalValue[] = [1];
    holed[2] = 3;
    expect(() => canonicalText(holed)).toThrow(expect.objectContaining({ code: 'not_canonical' }));
    let reads = 0;
    const bug = {
      get a(): number {
        reads++;
        if (reads === 1) throw new TypeError('own bug');
        return 1;
      },
    };
    expect(() => canonicalText(bug)).toThrow(TypeError);
  });

  it('is read back as the same value, and is its own canonical form', () => {
    const value = fc.letrec<{ value: CanonicalValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: 'grapheme' }),
        fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (given) => {
        const text = canonicalText(given);
        expect(canonicalText(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe('jcsText', () => {
  it('leaves out what JSON.stringify leaves out', () => {
    const holed: unknown[] = [1];
    holed[2] = undefined;
    expect(jcsText({ b: undefined, a: [null, true, 0.5], c: holed })).toBe('{"a":[null,true,0.5],"c":[1,null,null]}');
    expect(jcsText(undefined)).toBe('null');
  });
});
