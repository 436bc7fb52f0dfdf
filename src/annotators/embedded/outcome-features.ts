/** Features of a sentence or a whole text for the auxiliary models: words, pairs and negated words; of a whole text, parts of words too. */
import { addFeature, emptyVector, type FeatureVector } from './hashing.ts';
import type { Token } from './tokens.ts';

export const VALENCES = ['negative', 'neutral', 'positive'] as const;

/** Numbers are one word, and nothing is longer than 30 letters. */
export function plainWord({ word }: Token): string {
  return /^\p{N}/u.test(word) ? '#' : word.slice(0, 30);
}

const NEGATIONS = new Set([
  'no',
  'not',
  'never',
  'without',
  "didn't",
  "don't",
  "doesn't",
  "isn't",
  "wasn't",
  "haven't",
  "hasn't",
  "can't",
  "couldn't",
  "won't",
  'nothing',
  'zero',
  'hardly',
  'barely',
]);

export function sentenceVector(words: readonly string[]): FeatureVector {
  const vector = emptyVector();
  const value = 1 / Math.sqrt(Math.max(4, words.length));
  let negated = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] as string;
    addFeature(vector, `w ${word}`, value);
    if (index > 0) addFeature(vector, `p ${words[index - 1]} ${word}`, value);
    if (index > 1) addFeature(vector, `t ${words[index - 2]} ${words[index - 1]} ${word}`, value);
    if (negated > 0) addFeature(vector, `n ${word}`, value);
    negated = NEGATIONS.has(word) ? 4 : negated - 1;
  }
  addFeature(vector, `length ${Math.min(6, Math.floor(Math.log2(words.length + 1)))}`, 0.3);
  return vector;
}

/** Words beyond this place do not turn a text's tone. */
const MAX_WORDS = 500;
const PART_CHARS = [3, 4, 5] as const;

/** Of a whole text, for its valence. Parts of words read what is misspelt, stretched or made of known pieces ("soooo goood", "unhelpful"). */
export function valenceVector(words: readonly string[]): FeatureVector {
  const first = words.slice(0, MAX_WORDS);
  const vector = sentenceVector(first);
  const value = 0.5 / Math.sqrt(Math.max(4, first.length));
  for (const word of first) {
    const framed = `<${word}>`;
    for (const length of PART_CHARS) {
      for (let start = 0; start + length <= framed.length; start += 1) addFeature(vector, `c ${framed.slice(start, start + length)}`, value);
    }
  }
  return vector;
}
