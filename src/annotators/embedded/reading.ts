/**
 * One text read once: sentences, clauses, words, names, outcomes and cues, each with its place. Every later step works on
 * this value only. Texts longer than MAX_READ_CHARS are read to that length.
 */
import { MAX_READ_CHARS, type AnnotateInput } from '../../model/post.ts';
import { withoutOrders } from '../../normalize/machine-orders.ts';
import { CUE_NAMES, type CueName, type EffectWording, type Lexicon } from './lexicon.ts';
import { findNames, namedInFull, type NameIndex, type TokenMention } from './mentions.ts';
import { findPhrases, type PhraseMatch } from './phrases.ts';
import { splitClauses, splitSentences, type Span } from './sentences.ts';
import { tokenize, type Token } from './tokens.ts';

export type CueCounts = Readonly<Record<CueName, number>>;

export interface SentenceReading extends Span {
  readonly index: number;
  /** Lower case; names are `c0mp`, addresses `l1nk`. What cues are matched against. */
  readonly plain: string;
  readonly question: boolean;
  readonly quoted: boolean;
  readonly clauses: readonly Span[];
  /** First token of the sentence and one past the last. */
  readonly from: number;
  readonly to: number;
  readonly cues: CueCounts;
}

export interface Reading {
  /** What was handed in, orders to the machine blanked to equal length: nothing reads those. */
  readonly input: AnnotateInput;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly sentences: readonly SentenceReading[];
  readonly names: readonly TokenMention[];
  readonly effects: readonly PhraseMatch<EffectWording>[];
  readonly titleTokens: readonly Token[];
  readonly titleNames: readonly TokenMention[];
  readonly parentNames: readonly TokenMention[];
  /** First word for the class ("peptides") in text, title or parent. */
  readonly classWord: string | undefined;
  readonly links: number;
}

const LINK = /https?:\/\/\S{1,2000}|\bwww\.\S{1,500}/giu;

export interface ReadingTools {
  readonly lexicon: Lexicon;
  readonly names: NameIndex;
}

export function readPost(given: AnnotateInput, tools: ReadingTools): Reading {
  const input = withoutOrders(given);
  const text = input.text.slice(0, MAX_READ_CHARS);
  const spaced = blankLinks(text);
  const tokens = tokenize(spaced);
  const titleTokens = tokenize((input.title ?? '').slice(0, 1_000));
  const parentTokens = tokenize((input.parent ?? '').slice(0, 5_000));
  const titleNames = findNames(tools.names, titleTokens);
  const parentNames = findNames(tools.names, parentTokens);
  const names = findNames(tools.names, tokens, namedInFull([...titleNames, ...parentNames]));
  return {
    input,
    text,
    tokens,
    sentences: readSentences(spaced, { text, tokens, names, lexicon: tools.lexicon }),
    names,
    effects: findPhrases(tools.lexicon.effectIndex, tokens),
    titleTokens,
    titleNames,
    parentNames,
    classWord: findClassWord(tools.lexicon, [tokens, titleTokens, parentTokens]),
    links: (text.match(LINK) ?? []).length,
  };
}

function findClassWord(lexicon: Lexicon, parts: readonly (readonly Token[])[]): string | undefined {
  return parts.map((tokens) => findPhrases(lexicon.classWords, tokens)[0]?.value).find((word) => word !== undefined);
}

/** Addresses hold words that mean nothing here; blanked in place, so offsets stay. */
function blankLinks(text: string): string {
  return text.includes('http') || text.includes('www.') ? text.replace(LINK, (link) => ' '.repeat(link.length)) : text;
}

interface SentenceContext {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly names: readonly TokenMention[];
  readonly lexicon: Lexicon;
}

function readSentences(spaced: string, context: SentenceContext): SentenceReading[] {
  const { text, tokens, names, lexicon } = context;
  let token = 0;
  let name = 0;
  return splitSentences(text).map((span, index) => {
    while (token < tokens.length && (tokens[token] as Token).start < span.start) token += 1;
    const from = token;
    while (token < tokens.length && (tokens[token] as Token).start < span.end) token += 1;
    while (name < names.length && (names[name] as TokenMention).from < from) name += 1;
    let plain = '';
    let at = span.start;
    for (let place = name; place < names.length; place += 1) {
      const mention = names[place] as TokenMention;
      if (mention.to > token) break;
      const start = (tokens[mention.from] as Token).start;
      plain += `${spaced.slice(at, start)}c0mp`;
      at = (tokens[mention.to - 1] as Token).end;
    }
    plain = (plain + spaced.slice(at, span.end)).toLowerCase().replaceAll('’', "'").replace(/\s+/gu, ' ');
    return {
      ...span,
      index,
      plain,
      question: text.slice(span.start, span.end).trimEnd().endsWith('?'),
      quoted: isQuotedLine(text, span.start),
      clauses: splitClauses(text, span),
      from,
      to: token,
      cues: countCues(lexicon, plain),
    };
  });
}

/** Reddit's `>` lines repeat what somebody else wrote. */
function isQuotedLine(text: string, start: number): boolean {
  const line = text.lastIndexOf('\n', start) + 1;
  return start - line <= 4 && />/u.test(text.slice(line, start));
}

const NO_CUES = Object.fromEntries(CUE_NAMES.map((name) => [name, 0])) as CueCounts;

/** How often each cue occurs; cues not asked for are 0. */
export function countCues(lexicon: Lexicon, plain: string, asked: readonly CueName[] = CUE_NAMES): CueCounts {
  const counts: Partial<Record<CueName, number>> = { ...NO_CUES };
  for (const name of asked) counts[name] = plain.match(lexicon.cues[name])?.length ?? 0;
  return counts as CueCounts;
}

/** Words of a stretch of tokens with names made equal: the compounds of the scope `c0mp`, others `0ther`, numbers `#`. */
export function plainWords(reading: Reading, from: number, to: number): string[] {
  const words: string[] = [];
  const names = reading.names;
  let name = 0;
  while (name < names.length && (names[name] as TokenMention).to <= from) name += 1;
  for (let place = from; place < to; ) {
    const mention = names[name];
    if (mention && mention.from <= place) {
      words.push(mention.kind === 'scope' ? 'c0mp' : '0ther');
      place = mention.to;
      name += 1;
      continue;
    }
    const word = (reading.tokens[place] as Token).word;
    words.push(/^\p{N}/u.test(word) ? '#' : word.slice(0, 30));
    place += 1;
  }
  return words;
}
