/** The ledger's canonical form against another implementation of RFC 8785. */
import canonicalizeJson from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText, type CanonicalValue, jcsText } from '../../src/ledger/canonical.ts';

/** Well-formed strings of every kind: astral, control characters, keys that look like array indices. */
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-composite' }), fc.nat(30).map(String));

test('any JSON value has the text the canonicalize package gives it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: text }), (value) => {
      expect(jcsText(value)).toBe(canonicalizeJson(value));
    }),
    { numRuns: 500 },
  );
});

test('so has every value the ledger allows', () => {
  const { value } = fc.letrec<{ value: CanonicalValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      expect(canonicalText(given)).toBe(canonicalizeJson(given));
    }),
    { numRuns: 500 },
  );
});
