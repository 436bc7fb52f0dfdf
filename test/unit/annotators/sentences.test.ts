import { describe, expect, it } from 'vitest';
import { splitClauses, splitSentences } from '../../../src/annotators/embedded/sentences.ts';

function sentences(text: string): string[] {
  return splitSentences(text).map(({ start, end }) => text.slice(start, end));
}

describe('splitSentences', () => {
  it.each([
    ['It works. I sleep better! Really? yes', ['It works.', 'I sleep better!', 'Really?', 'yes']],
    ['approx. 3 wks (Dr. Smith said so) and 2.5 mg. Then nothing.', ['approx. 3 wks (Dr. Smith said so) and 2.5 mg.', 'Then nothing.']],
    ['- better sleep\n- less pain\n\nThat is all', ['better sleep', 'less pain', 'That is all']],
    ['wrapped in the\nmiddle of a line', ['wrapped in the\nmiddle of a line']],
    ['> quoted line\nanswer', ['quoted line\nanswer']],
    ['', []],
    ['   \n ', []],
  ])('%j', (text, expected) => {
    expect(sentences(text)).toEqual(expected);
  });
  it('cuts endless sentences, never inside a surrogate pair', () => {
    const text = '😀'.repeat(2_000);
    for (const { start, end } of splitSentences(text)) {
      expect(end - start).toBeLessThanOrEqual(602);
      expect(text.slice(start, end)).toBe(Buffer.from(text.slice(start, end)).toString());
    }
  });
});

describe('splitClauses', () => {
  it('at commas and contrasts, not inside numbers', () => {
    const text = 'I paid 1,000 for it, but it helped my sleep (a lot)';
    const parts = splitClauses(text, { start: 0, end: text.length }).map(({ start, end }) => text.slice(start, end));
    expect(parts).toEqual(['I paid 1,000 for it', 'but it helped my sleep', 'a lot']);
  });
});
