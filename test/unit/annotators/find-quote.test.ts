import { describe, expect, it } from 'vitest';
import { findQuote } from '../../../src/annotators/llm/find-quote.ts';

describe('findQuote', () => {
  it.each([
    ['letter by letter', 'It helped. My focus got better.', 'My focus got better.', 'My focus got better.'],
    ['in another case', 'MY FOCUS got better', 'my focus got better', 'MY FOCUS got better'],
    ['over other white space', 'my\n\n  focus\tgot better', 'my focus got better', 'my\n\n  focus\tgot better'],
    ['with other quotation marks and dashes', 'it didn’t help — “at all”', 'it didn\'t help - "at all"', 'it didn’t help — “at all”'],
    ['past signs without width', 'my fo\u200bcus got better', 'my focus got better', 'my fo\u200bcus got better'],
    ['in full width', 'ｍｙ ｆｏｃｕｓ better', 'my focus', 'ｍｙ ｆｏｃｕｓ'],
    ['behind signs outside the basic plane', '😀😀 my  focus', 'My focus', 'my  focus'],
    ['with space around it', 'my focus', '  my focus\n', 'my focus'],
  ])('finds a quote %s', (_how, text, quote, stretch) => {
    const found = findQuote(text, quote);
    expect(found && text.slice(found.start, found.end)).toBe(stretch);
  });

  it.each([
    ['invented', 'my focus got better', 'my memory got better'],
    ['put together from two places', 'focus is good, memory is bad', 'focus is bad'],
    ['empty', 'my focus', '  '],
    ['without a readable sign', 'my focus', '\u200b'],
  ])('finds none that is %s', (_what, text, quote) => {
    expect(findQuote(text, quote)).toBeUndefined();
  });
});
