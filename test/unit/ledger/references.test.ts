/** What verification keeps of texts, and how a quote is looked up. References themselves: verify-hostile.test.ts. */
import { describe, expect, it } from 'vitest';
import type { Header } from '../../../src/ledger/header.ts';
import { ReferenceChecker, requireQuote } from '../../../src/ledger/references.ts';
import type { CheckedEntry, Quote } from '../../../src/ledger/verify-entry.ts';

const bytes = new Uint8Array(32);
const entryOf = (header: object, more: Partial<CheckedEntry>): CheckedEntry => ({
  header: header as Header,
  entry: bytes,
  leaf: bytes,
  presence: 'open',
  ...more,
});
const source = (seq: number, text: string): CheckedEntry => entryOf({ type: 'source', seq, number: seq + 1, thread: seq, experience: seq }, { text });
const claim = (seq: number, of: number, quote: Quote | undefined, more: object = {}): CheckedEntry =>
  entryOf({ type: 'claim', seq, source: of, flags: [], ...more }, { quote });

/** Sources from 0 on, then claims on some of them. */
function check(texts: readonly string[], claims: readonly (readonly [of: number, quote: string])[]): ReferenceChecker['quotes'] {
  const checker = new ReferenceChecker();
  for (const [seq, text] of texts.entries()) checker.check(source(seq, text));
  for (const [at, [of, quote]] of claims.entries()) checker.check(claim(texts.length + at, of, [quote, 0, quote.length]));
  return checker.quotes;
}

describe('the texts that are kept', () => {
  it('are those of the newest thousand sources', () => {
    const texts = Array.from({ length: 1_001 }, (_, seq) => `text ${seq}`);
    expect(check(texts.slice(0, 1_000), [[0, 'text 0']])).toEqual({ checked: 1, unchecked: 0 });
    expect(check(texts, [[0, 'text 0']])).toEqual({ checked: 0, unchecked: 1 });
    expect(check(texts, [[1, 'text 1']])).toEqual({ checked: 1, unchecked: 0 });
    expect(() => check(texts, [[1, 'text 0']])).toThrow(expect.objectContaining({ code: 'bad_quote' }));
  });

  it('are fewer when they are very long, counted by what is still held', () => {
    const half = 'a'.repeat(16 * 1024 * 1024);
    expect(
      check(
        [half, half],
        [
          [0, 'a'],
          [1, 'a'],
        ],
      ),
    ).toEqual({ checked: 2, unchecked: 0 });
    expect(
      check(
        [half, half, 'b'],
        [
          [0, 'a'],
          [1, 'a'],
          [2, 'b'],
        ],
      ),
    ).toEqual({ checked: 2, unchecked: 1 });
    expect(
      check(
        [half, half, 'b', half],
        [
          [0, 'a'],
          [1, 'a'],
          [2, 'b'],
          [3, 'a'],
        ],
      ),
    ).toEqual({ checked: 2, unchecked: 2 });
  });
});

describe('a quote', () => {
  const text = 'My focus is better.';

  it('stands where it says', () => {
    expect(() => requireQuote(text, claim(1, 0, ['focus', 3, 8]))).not.toThrow();
    for (const quote of [['focus', 2, 7], ['Focus', 3, 8], ['focus', 3, 9], undefined] as const)
      expect(() => requireQuote(text, claim(1, 0, quote))).toThrow(expect.objectContaining({ name: 'IntegrityError', code: 'bad_quote' }));
  });

  it('stands nowhere when a flag says so, and in nothing but a claim', () => {
    expect(() => requireQuote(text, claim(1, 0, undefined, { flags: ['dosing', 'ungrounded'] }))).not.toThrow();
    expect(() => requireQuote(text, claim(1, 0, ['worse', 0, 5], { flags: ['dosing'] }))).toThrow();
    expect(() => requireQuote(text, source(1, 'Other.'))).not.toThrow();
  });

  it('that is not open is counted as such', () => {
    const checker = new ReferenceChecker();
    checker.check(source(0, text));
    checker.check({ ...claim(1, 0, undefined), presence: 'withheld' });
    expect(checker.quotes).toEqual({ checked: 0, unchecked: 1 });
  });
});

it('an entry that names what is not there has another reason than a wrong quote', () => {
  const checker = new ReferenceChecker();
  checker.check(source(0, 'text'));
  expect(() => checker.check(claim(1, 1, ['text', 0, 4]))).toThrow(expect.objectContaining({ name: 'IntegrityError', code: 'bad_reference' }));
});
