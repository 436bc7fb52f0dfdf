/**
 * Features of an abstract for the model of study designs: stems and pairs of stems of title, text and first sentences, endings of long words
 * (drugs and operations are named by theirs), section headings, and the cues of abstract-cues.ts: alone, by place and two together.
 */
import { ABSTRACT_CUES } from './abstract-cues.ts';
import { addFeature, emptyVector, type FeatureVector } from './hashing.ts';
import { tokenize } from './tokens.ts';

/** Text beyond this is no abstract any more. */
const MAX_CHARACTERS = 6_000;
const STEM = 7;
const ENDING = 4;
const MANY = 3;
/** Sentences at the start (the question) and at the end (the conclusion) that are read apart. */
const EDGE = 2;
const SENTENCE_END = /(?<=[.!?])\s+(?=[A-Z[(])/u;
const SECTION = /\b([A-Z][A-Z ]{3,30}|[A-Z][a-z]+(?: [a-z]+)?):/gu;

const COUNTED = Object.entries(ABSTRACT_CUES).map(([name, pattern]) => ({ name, all: new RegExp(pattern.source, 'giu') }));

export function abstractVector(title: string, text: string): FeatureVector {
  const vector = emptyVector();
  const body = text.slice(0, MAX_CHARACTERS);
  const heading = wordsOf(title);
  const words = wordsOf(body);
  const all = [...heading, ...words];
  addBag(vector, [...gramsOf(heading), ...gramsOf(words)], { name: 'a', norm: 4 });
  addBag(vector, gramsOf(heading), { name: 't', norm: 2 });
  addBag(
    vector,
    all.filter((word) => word.length > ENDING + 2).map((word) => word.slice(-ENDING)),
    { name: 'end', norm: 2 },
  );
  const sentences = body.split(SENTENCE_END);
  const first = sentences.slice(0, EDGE).join(' ');
  addBag(vector, gramsOf(wordsOf(first)), { name: 'f', norm: 2 });
  addCues(vector, { title, body, first, last: sentences.slice(-EDGE).join(' ') });
  for (const [, section = ''] of body.matchAll(SECTION)) addFeature(vector, `section ${section.toLowerCase()}`, 0.5);
  addFeature(vector, `length ${Math.min(8, Math.floor(words.length / 40))}`);
  if (!/\d/u.test(body)) addFeature(vector, 'no number', 1.4);
  if (/\bn ?= ?\d|\bp ?[<=>]|%/iu.test(body)) addFeature(vector, 'figures');
  return vector;
}

interface Parts {
  readonly title: string;
  readonly body: string;
  readonly first: string;
  readonly last: string;
}

function addCues(vector: FeatureVector, { title, body, first, last }: Parts): void {
  const present: string[] = [];
  for (const { name, all: pattern } of COUNTED) {
    const inTitle = title.search(pattern) >= 0;
    if (inTitle) addFeature(vector, `title cue ${name}`, 1.4);
    const found = body.match(pattern)?.length ?? 0;
    if (found > 0 || inTitle) present.push(name);
    if (found > 0) addFeature(vector, `cue ${name}`);
    if (found >= MANY) addFeature(vector, `often ${name}`, 0.6);
    if (last.search(pattern) >= 0) addFeature(vector, `last cue ${name}`, 0.5);
    if (first.search(pattern) >= 0) addFeature(vector, `first cue ${name}`, 0.5);
  }
  // patients who were measured are one thing, patients who were measured and treated another: no sum of single cues tells them apart
  const pairs = present.flatMap((name, index) => present.slice(index + 1).map((other) => `${name} ${other}`));
  addBag(vector, pairs, { name: 'pair', norm: 2 });
}

function wordsOf(text: string): string[] {
  return tokenize(text).map(({ word }) => (/^\p{N}/u.test(word) ? '#' : word));
}

function gramsOf(words: readonly string[]): string[] {
  const stems = words.map((word) => word.slice(0, STEM));
  return stems.flatMap((stem, index) => (index === 0 ? [stem] : [stem, `${stems[index - 1]} ${stem}`]));
}

/** A bag of length `norm` whatever the number of its words: long abstracts do not speak louder. */
function addBag(vector: FeatureVector, grams: readonly string[], { name, norm }: { readonly name: string; readonly norm: number }): void {
  const distinct = [...new Set(grams)];
  for (const gram of distinct) addFeature(vector, `${name} ${gram}`, norm / Math.sqrt(distinct.length));
}
