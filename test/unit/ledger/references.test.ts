/** What entries may say of each other, and how a quote is looked up. */
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

describe('what an entry names', () => {
  /** One of each type; seq 11 is next. */
  const TYPES = ['annotator', 'source', 'claim', 'review', 'undo', 'link', 'withhold', 'restore', 'tombstone', 'notice', 'question'] as const;
  const REFS: Readonly<Record<(typeof TYPES)[number], object>> = {
    annotator: {},
    source: { number: 1, thread: 1, experience: 1 },
    claim: { source: 1, flags: ['ungrounded'] },
    review: { ref: 2, expects: -1 },
    undo: { ref: 3 },
    link: { from: 1, to: 1 },
    withhold: { refs: [1] },
    restore: { refs: [1] },
    tombstone: { refs: [1, 2] },
    notice: { ref: 1 },
    question: { number: 1 },
  };
  const NEXT = { source: { number: 2, thread: 11, experience: 11 }, question: { number: 2 } };
  const headerAt = (seq: number, type: (typeof TYPES)[number], more: object = {}) => entryOf({ seq, type, ...REFS[type], ...more }, { presence: 'none' });
  const checkAfterAll = (entry: CheckedEntry): void => {
    const checker = new ReferenceChecker();
    for (const [seq, type] of TYPES.entries()) checker.check(headerAt(seq, type));
    checker.check(entry);
  };

  it.each([
    ['source', 'thread', ['source']],
    ['source', 'experience', ['source']],
    ['source', 'supersedes', ['source']],
    ['claim', 'source', ['source']],
    ['review', 'ref', ['source', 'claim']],
    ['review', 'expects', ['review', 'undo']],
    ['undo', 'ref', ['review']],
    ['link', 'from', ['source']],
    ['link', 'to', ['source']],
    ['notice', 'ref', ['source']],
    ['withhold', 'refs', ['source', 'claim', 'review', 'question']],
    ['restore', 'refs', ['source', 'claim', 'review', 'question']],
    ['tombstone', 'refs', ['source', 'claim', 'review', 'question']],
  ] as const)('the %s, with its %s, is a %s before it', (type, key, allowed) => {
    for (let seq = 0; seq <= 12; seq++) {
      const target = TYPES[seq];
      const isOwn = seq === 11 && (key === 'thread' || key === 'experience');
      const entry = headerAt(11, type, { ...(type === 'source' ? NEXT.source : {}), [key]: key === 'refs' ? [seq] : seq });
      if (isOwn || (target !== undefined && (allowed as readonly string[]).includes(target))) expect(() => checkAfterAll(entry), `${target}`).not.toThrow();
      else {
        const why = expect.stringMatching(new RegExp(`^${key} names entry ${seq}\\b.*${target ?? 'not before'}`));
        expect(() => checkAfterAll(entry), `${target}`).toThrow(expect.objectContaining({ name: 'IntegrityError', code: 'bad_reference', message: why }));
      }
    }
  });

  it('counts the numbers it has seen', () => {
    const checker = new ReferenceChecker();
    expect(checker.numbers).toEqual({ sources: 0, questions: 0 });
    for (const [seq, type] of TYPES.entries()) checker.check(headerAt(seq, type));
    checker.check(headerAt(11, 'source', NEXT.source));
    expect(checker.numbers).toEqual({ sources: 2, questions: 1 });
  });

  it('is nothing, where a review is the first decision it knows of', () => {
    expect(() => checkAfterAll(headerAt(11, 'review', { expects: -1 }))).not.toThrow();
  });

  it.each(['source', 'question'] as const)('a %s is numbered on', (type) => {
    expect(() => checkAfterAll(headerAt(11, type, NEXT[type]))).not.toThrow();
    for (const number of [0, 1, 3]) {
      const entry = headerAt(11, type, { ...NEXT[type], number });
      expect(() => checkAfterAll(entry)).toThrow(expect.objectContaining({ code: 'bad_reference', message: expect.stringContaining(`${number}`) }));
    }
  });
});
