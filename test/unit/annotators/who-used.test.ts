import { describe, expect, it } from 'vitest';
import { readActs } from '../../../src/annotators/embedded/who-used.ts';

/** Subject, act, manner and object of each, as `plainWords` would hand the sentence over. */
function acts(sentence: string, question = sentence.endsWith('?')): string[] {
  const words = sentence
    .toLowerCase()
    .replace(/[.,?!]/gu, '')
    .split(' ');
  return readActs(words, question).map(({ subject, verb, manner, object }) => `${subject} ${verb} ${manner} ${object}`);
}

describe('who is said to have used what', () => {
  it.each([
    ['I took c0mp for a month', 'i take told compound'],
    ['I have been taking it daily', 'i take told pronoun'],
    ["I've used 0ther before", 'i use told other'],
    ['I am on c0mp now', 'i be on told compound'],
    ["I've been on # mg", 'i be on told amount'],
    ['Tried it twice', 'open try told pronoun'],
    ['My wife took c0mp', 'others take told compound'],
  ])('told: %s', (sentence, expected) => {
    expect(acts(sentence)).toContain(expected);
  });

  it.each([
    ["I'd take c0mp with food", 'i take supposed compound'],
    ['If I take it at night', 'i take supposed pronoun'],
    ["I'm going to try c0mp", 'i try planned compound'],
    ['I want to try it', 'i try planned pronoun'],
    ["I've never tried c0mp", 'i try denied compound'],
    ['I have never really tried c0mp', 'i try denied compound'],
    ["I didn't take it", 'i take denied pronoun'],
    ["I won't take this", 'i take denied pronoun'],
    ['Have you tried c0mp?', 'you try asked compound'],
    ['Should I take it?', 'i take asked pronoun'],
  ])('not told: %s', (sentence, expected) => {
    expect(acts(sentence)).toContain(expected);
    expect(acts(sentence).filter((act) => / told /u.test(act))).toEqual([]);
  });

  it('takes an advice for none', () => {
    expect(acts('Mix it and take c0mp at night').filter((act) => act.startsWith('i '))).toEqual([]);
  });

  it('gives nothing for no words', () => {
    expect(readActs([], false)).toEqual([]);
  });
});
