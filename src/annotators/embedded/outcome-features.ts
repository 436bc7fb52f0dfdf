/** Features of one sentence or short text for the three auxiliary models (outcome, tone, review): words, pairs and negated words. */
import { addFeature, emptyVector, type FeatureVector } from './hashing.ts';

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
