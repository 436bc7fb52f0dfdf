/**
 * Where compounds are named: aliases as whole words, in any case, with or without hyphens and spaces. A lookalike (N-acetyl Semax)
 * is another compound: its longer name wins the place, so the compound inside it is not counted.
 * Proved by test/unit/annotators/mentions.test.ts.
 */
import { MAX_READ_CHARS, type AnnotateInput } from '../../model/post.ts';
import type { CompoundScope } from '../annotator.ts';
import type { Lexicon } from './lexicon.ts';
import { findPhrases, indexPhrases, type PhraseIndex } from './phrases.ts';
import { tokenize, type Token } from './tokens.ts';

export interface Mention {
  /** The scope's `name`. */
  readonly compound: string;
  /** UTF-16 offsets into the part named by `where`. */
  readonly start: number;
  readonly end: number;
  readonly where: 'text' | 'title' | 'parent';
}

/** What a name in a text stands for. */
interface NamedThing {
  /** Spelling to report: the scope's name, or the bundled lexicon's for a compound outside the scope. */
  readonly compound: string;
  readonly kind: 'scope' | 'outside' | 'lookalike';
  /** An ordinary word too: counts only beside a full name. */
  readonly short: boolean;
}

export interface NameIndex {
  readonly index: PhraseIndex<NamedThing>;
  /** Names of the scope: claims about anything else are left out. */
  readonly scopeNames: ReadonlySet<string>;
  /** What "it" stands for where the caller says what the text is about. */
  readonly subject: string | undefined;
  /** Every bundled compound is looked for: naming the class is then enough to be on topic. */
  readonly everything: boolean;
  /** Bundled compounds that the scope means, under whatever spelling. */
  readonly bundledIds: ReadonlySet<string>;
}

/** Same compound under two spellings: letters and digits only. */
function nameKey(name: string): string {
  return tokenize(name.replace(/\([^)]{0,80}\)/gu, ' '))
    .map((token) => token.word)
    .join(' ');
}

/** All spellings of a name: as given, without a bracket, the bracket's content. */
function spellingsOf(name: string): string[] {
  const bracket = /\(([^)]{2,80})\)/u.exec(name)?.[1];
  return [name, name.replace(/\([^)]{0,80}\)/gu, ' '), ...(bracket ? [bracket] : [])];
}

/**
 * Index of a scope's names. With `given`, the scope's compounds among them are what the text is about (`scope`), the scope's others are
 * `outside`, like the bundled compounds the scope does not hold.
 */
export function indexNames(scope: CompoundScope, options: { readonly lexicon: Lexicon; readonly given: readonly string[] | undefined }): NameIndex {
  const { lexicon } = options;
  const phrases: [string, NamedThing][] = [];
  for (const lookalike of [...scope.lookalikes, ...lexicon.lookalikes])
    phrases.push([lookalike.name, { compound: lookalike.name, kind: 'lookalike', short: false }]);
  const meant = (names: readonly string[]): Set<string> => new Set(names.flatMap(spellingsOf).map(nameKey));
  const given = options.given ? meant(options.given) : undefined;
  const isGiven = (spellings: readonly string[]): boolean => given === undefined || spellings.some((spelling) => given.has(nameKey(spelling)));
  const bundledIds = new Set<string>();
  const primary: string[] = [];
  const entries = scope.compounds.map((compound) => {
    const bundled = findBundled(lexicon, [compound.name, ...compound.aliases]);
    if (bundled) bundledIds.add(bundled.id);
    const spellings = [compound.name, ...compound.aliases, ...(bundled ? [bundled.name, ...bundled.aliases] : [])].flatMap(spellingsOf);
    const about = isGiven(spellings);
    if (about) primary.push(compound.name);
    return { compound, spellings, about, short: bundled?.short ?? [] };
  });
  // nothing of what the caller gives is in the scope: the whole scope is looked for
  const wide = primary.length === 0;
  for (const { compound, spellings, about, short } of entries) {
    const kind = about || wide ? 'scope' : 'outside';
    for (const spelling of spellings) phrases.push([spelling, { compound: compound.name, kind, short: false }]);
    for (const spelling of short) phrases.push([spelling, { compound: compound.name, kind, short: given === undefined || kind === 'outside' }]);
  }
  for (const compound of lexicon.compounds) {
    if (bundledIds.has(compound.id)) continue;
    for (const spelling of [compound.name, ...compound.aliases].flatMap(spellingsOf))
      phrases.push([spelling, { compound: compound.name, kind: 'outside', short: false }]);
    for (const spelling of compound.short) phrases.push([spelling, { compound: compound.name, kind: 'outside', short: true }]);
  }
  return {
    index: indexPhrases<NamedThing>(phrases),
    scopeNames: new Set(scope.compounds.map((compound) => compound.name)),
    subject: given === undefined || wide ? undefined : primary[0],
    everything: given === undefined && bundledIds.size >= lexicon.compounds.length,
    bundledIds,
  };
}

/** The first bundled compound that any of the spellings means. */
function findBundled(lexicon: Lexicon, spellings: readonly string[]): Lexicon['compounds'][number] | undefined {
  const places = bundledPlaces(lexicon);
  let first = Number.POSITIVE_INFINITY;
  for (const spelling of spellings.flatMap(spellingsOf)) first = Math.min(first, places.get(nameKey(spelling)) ?? first);
  return lexicon.compounds[first];
}

/** Place in the lexicon by name key, made once per lexicon: indexes are built for every new list of names. */
const placesOfLexicon = new WeakMap<Lexicon, ReadonlyMap<string, number>>();

function bundledPlaces(lexicon: Lexicon): ReadonlyMap<string, number> {
  const known = placesOfLexicon.get(lexicon);
  if (known) return known;
  const places = new Map<string, number>();
  lexicon.compounds.forEach((compound, place) => {
    for (const spelling of [compound.name, ...compound.aliases].flatMap(spellingsOf)) {
      const key = nameKey(spelling);
      if (!places.has(key)) places.set(key, place);
    }
  });
  placesOfLexicon.set(lexicon, places);
  return places;
}

export interface TokenMention extends NamedThing {
  readonly from: number;
  readonly to: number;
}

/** Names in a token list, lookalikes included (callers tell them apart by `kind`). */
export function findNames(names: NameIndex, tokens: readonly Token[], fullElsewhere: ReadonlySet<string> = new Set()): TokenMention[] {
  const found = findPhrases(names.index, tokens).map((match) => ({ ...match.value, from: match.from, to: match.to }));
  const full = new Set(found.filter((mention) => !mention.short).map((mention) => mention.compound));
  return found.filter((mention) => !mention.short || full.has(mention.compound) || fullElsewhere.has(mention.compound));
}

/** Compounds named in full: an abbreviation of one of them counts in the other parts too. */
export function namedInFull(mentions: readonly TokenMention[]): Set<string> {
  return new Set(mentions.filter((mention) => !mention.short).map((mention) => mention.compound));
}

/** The scope's compounds in text, title and parent: what the relevance gate decides on. */
export function findMentions(input: AnnotateInput, names: NameIndex): Mention[] {
  const parts = [
    ['text', input.text],
    ['title', input.title ?? ''],
    ['parent', input.parent ?? ''],
  ] as const;
  const read = parts.map(([where, part]) => ({ where, tokens: tokenize(part.slice(0, MAX_READ_CHARS)) }));
  const full = new Set(read.flatMap(({ tokens }) => [...namedInFull(findNames(names, tokens))]));
  return read.flatMap(({ where, tokens }) => {
    return findNames(names, tokens, full)
      .filter((mention) => mention.kind === 'scope')
      .map((mention) => ({ compound: mention.compound, start: (tokens[mention.from] as Token).start, end: (tokens[mention.to - 1] as Token).end, where }));
  });
}
