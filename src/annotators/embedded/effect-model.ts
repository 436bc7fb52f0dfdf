/**
 * Decides which candidates are claims and in which direction. The rule reading (outcome's polarity x more/less x negation) is one strong
 * feature among the words around the outcome, the kind of sentence and the kind of text; a linear model weighs them.
 */
import { addFeature, emptyVector, type FeatureVector } from './hashing.ts';
import type { EffectCandidate, EffectDirection } from './effect-candidates.ts';
import type { SentenceScores } from './document-features.ts';
import type { CueName, Lexicon } from './lexicon.ts';
import { countCues, plainWords, type CueCounts, type Reading } from './reading.ts';

export const EFFECT_CLASSES = ['none', 'improves', 'worsens', 'no_effect'] as const;

export interface EffectContext {
  readonly reading: Reading;
  readonly scores: SentenceScores;
  readonly lexicon: Lexicon;
  /** What the document models say: name -> probability. */
  readonly document: Readonly<Record<string, number>>;
}

/** Direction by rule alone: what more or less of this outcome means for the person, turned round by a negation. */
function readDirection(candidate: EffectCandidate, cues: CueCounts): EffectDirection | undefined {
  if (candidate.wording === 'overall') {
    const [first] = candidate.patternDirections;
    return candidate.patternDirections.includes('no_effect') ? 'no_effect' : first;
  }
  const { effect, wording } = candidate;
  if (!effect) return undefined;
  // "no more sneezing": it is gone, not absent from the start
  if (cues.gone > 0 && !effect.good) return 'improves';
  if (cues.negation > 0 && cues.up + cues.down + cues.helps === 0) return wording === 'less' ? 'improves' : 'no_effect';
  if (wording === 'name' && cues.blame > 0 && cues.praise === 0 && cues.negation === 0 && cues.down === 0) return 'worsens';
  if (wording === 'name' && cues.praise > 0 && cues.blame === 0 && cues.negation === 0 && cues.down === 0 && !effect.event) return 'improves';
  const helped = cues.helps > cues.causes && cues.down === 0;
  let more: boolean | undefined;
  if (wording === 'more') more = true;
  else if (wording === 'less') more = false;
  else if (cues.down > cues.up) more = false;
  else if (cues.up > 0) more = true;
  else if (effect.event || cues.causes > 0) more = true;
  if (cues.down > 0 && wording === 'more') more = false;
  if (helped && !effect.event && wording === 'name') return cues.negation > 0 ? 'no_effect' : 'improves';
  if (more === undefined) return undefined;
  if (cues.negation > 0 && wording === 'name') return 'no_effect';
  return more === effect.good ? 'improves' : 'worsens';
}

/** The cues a clause is asked for; the others speak of whole sentences. */
const CLAUSE_CUES: readonly CueName[] = [
  'up',
  'down',
  'gone',
  'helps',
  'causes',
  'negation',
  'hedge',
  'plan',
  'first_use',
  'hearsay',
  'instruct',
  'praise',
  'blame',
];

const WINDOW_BEFORE = 8;
const WINDOW_AFTER = 6;

const ASKS =
  /^(?:(?:and|so|but|also|or|hi|hey|hello|ok|well),? )*(?:does|do|did|is|are|was|were|has|have|had|can|could|would|will|should|anyone|any|what|which|who|why|how|where) (?:it|this|that|they|these|you|u|anyone|anybody|someone|there|c0mp|one|the|your|we|i)\b/u;

/** Who or what the clause speaks of besides the compound's effect on somebody. */
const SITUATIONS: readonly (readonly [string, RegExp])[] = [
  [
    'condition',
    /\b(?:i|who|she|he|they) (?:\w+ )?(?:have|has|had|suffer\w*|struggl\w*|deal\w*|diagnosed|got) (?:\w+ ){0,3}(?:anxiety|depression|adhd|insomnia|pain|fatigue|disorder|syndrome|issues|problems|injury|disease)\b/u,
  ],
  [
    'before',
    /\b(?:used to|before (?:i|taking|starting|that)|prior to|always (?:had|been)|for years|all my life|since (?:i was|childhood)|natural(?:ly)?|history of|since (?:covid|the accident|then))\b/u,
  ],
  [
    'stopped',
    /\b(?:stopp(?:ed|ing)|quit(?:ting)?|came off|coming off|come off|went off|withdraw\w*|wore off|wears off|when it wears|after stopping|without it|off it)\b/u,
  ],
  [
    'aim',
    /\b(?:want(?:ed|ing)? (?:to|it|something)|looking (?:for|to)|hop(?:e|ed|ing)|trying to|tried to|in order to|take it for|took it for|using it for|use it for|bought|supposed|expect\w*|thought it would|goal|need)\b/u,
  ],
  ['if', /\b(?:if|unless|whether|in case|depend(?:s|ing)|assuming)\b/u],
  ['may', /\b(?:may|might|could|can|would|will|should|potential\w*|possibl\w*|likely|probably|maybe)\b/u],
  ['other person', /\b(?:he|she|they|people|some|others|users|wife|husband|friend|mother|mom|dad|father|patients?|you|your|someone|everyone|his|her|their)\b/u],
  ['own', /\b(?:i|i'm|i've|me|my|myself)\b/u],
  [
    'told',
    /\b(?:made me|makes me|making me|gave me|gives me|giving me|helps? me|helped me|i feel|i felt|i feel like|i noticed|i notice|i got|i get|i had|i have|i was|i am|i'm|caused|causes)\b/u,
  ],
  ['instead', /\b(?:than|instead|compared|versus|vs|unlike|rather|whereas|better than|worse than)\b/u],
  ['reading', /\b(?:read|heard|said|says|told|claim\w*|report\w*|according|stud(?:y|ies)|research|evidence|trial\w*)\b/u],
  ['same', /\b(?:too|also|same|as well|likewise)\b/u],
];

export function effectVector(candidate: EffectCandidate, context: EffectContext): FeatureVector {
  const { reading, scores, lexicon, document } = context;
  const { sentence, effect } = candidate;
  const vector = emptyVector();
  const polarity = effect ? (effect.good ? 'good' : 'bad') : 'whole';
  const kind = `${polarity} ${candidate.wording}${effect?.event ? ' event' : ''}`;
  const cues = countCues(lexicon, plainPart(reading, candidate), CLAUSE_CUES);
  const rule = readDirection(candidate, cues);
  const add = (feature: string, value = 0.5): void => addFeature(vector, feature, value);
  add(`kind ${kind}`, 1);
  add(`effect ${effect?.id ?? 'overall'}`, 0.7);
  add(`rule ${rule ?? 'unsure'}`, 1);
  add(`rule ${rule ?? 'unsure'} ${kind}`, 1);
  for (const pattern of candidate.patterns) add(`pattern ${pattern}`, 0.8);
  const before = plainWords(reading, Math.max(sentence.from, candidate.from - WINDOW_BEFORE), candidate.from);
  const after = plainWords(reading, candidate.to, Math.min(sentence.to, candidate.to + WINDOW_AFTER));
  const inside = plainWords(reading, candidate.from, candidate.to);
  for (const [index, word] of before.entries()) {
    const near = before.length - index;
    add(`before ${polarity} ${word}`, near <= 3 ? 0.6 : 0.35);
    add(`before ${word}`, 0.35);
    if (index > 0) add(`before ${before[index - 1]} ${word}`, 0.4);
    if (near === 1) add(`at -1 ${polarity} ${word}`, 0.7);
    if (near === 2) add(`at -2 ${polarity} ${word} ${before[index + 1]}`, 0.6);
  }
  for (const [index, word] of after.entries()) {
    add(`after ${polarity} ${word}`, index < 3 ? 0.5 : 0.3);
    add(`after ${word}`, 0.3);
    if (index > 0) add(`after ${after[index - 1]} ${word}`, 0.4);
    if (index === 0) add(`at +1 ${polarity} ${word}`, 0.6);
    if (index === 1) add(`at +2 ${polarity} ${after[0]} ${word}`, 0.5);
  }
  add(`hit ${inside.join(' ')}`, 0.6);
  if (candidate.wording === 'overall') {
    for (const [index, word] of inside.entries()) {
      add(`in ${word}`, 0.5);
      if (index > 0) add(`in ${inside[index - 1]} ${word}`, 0.5);
    }
  }
  add(`starts ${plainWords(reading, sentence.from, Math.min(sentence.to, sentence.from + 2)).join(' ')}`, 0.4);
  for (const name of ['up', 'down', 'gone', 'helps', 'causes', 'negation', 'hedge', 'plan', 'first_use', 'hearsay', 'instruct', 'praise', 'blame'] as const) {
    if (cues[name] > 0) {
      add(`clause ${name}`, 0.5);
      add(`clause ${name} ${polarity}`, 0.6);
    }
    if (sentence.cues[name] > 0) add(`sentence ${name}`, 0.5);
  }
  for (const name of ['study', 'mechanism', 'second_use', 'sells', 'praise', 'blame', 'guide_words'] as const)
    if (sentence.cues[name] > 0) add(`sentence ${name}`, 0.4);
  for (const stem of stemsOfClause(candidate, reading)) {
    add(`stem ${stem}`, 0.3);
    add(`stem ${polarity} ${stem}`, 0.3);
  }
  const asks = sentence.question || ASKS.test(sentence.plain);
  add(`asks ${asks}`, 0.8);
  const previous = reading.sentences[sentence.index - 1];
  if (previous) {
    add(`previous asks ${previous.question}`, 0.3);
    for (const name of ['first_use', 'second_use', 'plan', 'study'] as const) if (previous.cues[name] > 0) add(`previous ${name}`, 0.3);
  }
  const next = reading.sentences[sentence.index + 1];
  if (next?.question) add('next asks', 0.3);
  const clausePlain = reading.text.slice(candidate.clause.start, candidate.clause.end).toLowerCase().replaceAll('’', "'");
  for (const [name, pattern] of SITUATIONS) {
    if (pattern.test(clausePlain)) add(`situation ${name} ${polarity}`, 0.5);
    else if (pattern.test(sentence.plain)) add(`situation around ${name}`, 0.4);
  }
  add(`names compound ${sentence.plain.includes('c0mp')}`, 0.4);
  add(`names other ${reading.names.some((name) => name.kind !== 'scope' && name.from >= sentence.from && name.to <= sentence.to)}`, 0.4);
  add(`quoted ${sentence.quoted}`, 0.6);
  add(`conditional ${/^(?:if|when|unless|in case)\b/u.test(sentence.plain)}`, 0.5);
  add(`place ${sentence.index === 0 ? 'first' : sentence.index >= reading.sentences.length - 1 ? 'last' : 'middle'}`, 0.3);
  add(`sentences ${Math.min(6, reading.sentences.length)}`, 0.3);
  add(`others in sentence ${reading.effects.filter((match) => match.from >= sentence.from && match.from < sentence.to).length > 1}`, 0.3);
  const place = sentence.index;
  for (const name of ['adverse', 'effective', 'ineffective', 'positive', 'negative', 'good', 'benefit', 'harm'] as const) {
    const score = scores[name][place] ?? 0;
    add(`score ${name}`, score);
    add(`score ${name} ${polarity}`, score);
  }
  for (const [name, value] of Object.entries(document)) add(`document ${name}`, value);
  return vector;
}

const BAD_AFTER = new Set([
  'awful',
  'terrible',
  'horrible',
  'worse',
  'worst',
  'bad',
  'ruined',
  'destroyed',
  'garbage',
  'shit',
  'crap',
  'poor',
  'worsened',
  'suffered',
  'tanked',
  'declined',
]);

/** "my sleep is awful": said of the outcome itself, in the three words after it. A model that has not met the pair must not call it better. */
export function isCalledBad(candidate: EffectCandidate, reading: Reading): boolean {
  if (candidate.wording !== 'name') return false;
  const words = reading.tokens.slice(candidate.to, Math.min(candidate.to + 3, candidate.sentence.to)).filter((token) => token.start < candidate.clause.end);
  return words.some(({ word }) => BAD_AFTER.has(word)) && !words.some(({ word }) => word === 'not' || word === 'no' || word.endsWith("n't"));
}

/** "No side effects at all": there were none, whatever else its sentence says is gone or better. */
export function isDenied({ effect, from, sentence, hit }: EffectCandidate, reading: Reading): boolean {
  if (effect?.id !== SIDE_EFFECTS) return false;
  const before = reading.tokens.slice(Math.max(sentence.from, from - 3), from).filter((token) => hit.start - token.end < 40);
  const words = before.map(({ word }) => word);
  return words.some((word) => DENIES.has(word)) && !words.includes('more') && !words.includes('longer');
}

/** The lexicon's id for ill effects in general. */
export const SIDE_EFFECTS = 'side-effects';
const DENIES = new Set(['no', 'zero', 'without', 'never', "haven't", "didn't", "don't", 'not', 'nil']);

/** Beginnings of the clause's longer words: "improved", "improvements" and a misspelt "improvment" say the same, and the labelled texts are few. */
const STEM_CHARS = 5;
const MAX_STEM_WORDS = 40;

function stemsOfClause({ clause, sentence }: EffectCandidate, reading: Reading): string[] {
  let { from } = sentence;
  while (from < sentence.to && (reading.tokens[from]?.start ?? 0) < clause.start) from += 1;
  let to = from;
  while (to < sentence.to && (reading.tokens[to]?.start ?? 0) < clause.end) to += 1;
  const words = plainWords(reading, from, Math.min(to, from + MAX_STEM_WORDS));
  return words.filter((word) => word.length > STEM_CHARS).map((word) => word.slice(0, STEM_CHARS));
}

/** The clause with what comes before it in a short list ("better sleep, recovery, energy"), as cues read it. */
function plainPart(reading: Reading, candidate: EffectCandidate): string {
  const { clause, sentence, hit } = candidate;
  const short = clause.end - clause.start < 25;
  const start = short ? Math.max(sentence.start, clause.start - 80) : clause.start;
  const end = Math.min(clause.end, hit.end + 80);
  return reading.text
    .slice(Math.max(start, hit.start - 120), end)
    .toLowerCase()
    .replaceAll('’', "'");
}
