/**
 * Where compounds are named: aliases as whole words, in any case, with or without hyphens and spaces. A lookalike (N-acetyl Semax)
 * is another compound: its longer name wins the place, so the compound inside it is not counted.
 * Proved by test/unit/annotators/mentions.test.ts.
 */
import type { AnnotateInput } from '../../model/post.ts';
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
export interface NamedThing {
  /** Spelling to report: the scope's name, or the bundled lexicon's for a compound outside the scope. */
  readonly compound: string;
  readonly kind: 'scope' | 'outside' | 'lookalike';
  /** An ordinary word too: counts only beside a full name. */
  readonly short: boolean;
}

export interface NameIndex {
  readonly index: PhraseIndex<NamedThing>;
  /** First name of the scope; what "it" stands for where the caller says so. */
  readonly first: string | undefined;
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

export function indexNames(scope: CompoundScope, lexicon: Lexicon): NameIndex {
  const phrases: [string, NamedThing][] = [];
  const lookalikes = [...scope.lookalikes, ...lexicon.lookalikes];
  for (const lookalike of lookalikes) phrases.push([lookalike.name, { compound: lookalike.name, kind: 'lookalike', short: false }]);
  const taken = new Set<string>();
  for (const compound of scope.compounds) {
    const thing: NamedThing = { compound: compound.name, kind: 'scope', short: false };
    const bundled = findBundled(lexicon, [compound.name, ...compound.aliases]);
    if (bundled) taken.add(bundled.id);
    const spellings = [compound.name, ...compound.aliases, ...(bundled ? [bundled.name, ...bundled.aliases] : [])];
    for (const spelling of spellings) for (const form of spellingsOf(spelling)) phrases.push([form, thing]);
    for (const spelling of bundled?.short ?? []) phrases.push([spelling, thing]);
  }
  for (const compound of lexicon.compounds) {
    if (taken.has(compound.id)) continue;
    for (const spelling of [compound.name, ...compound.aliases]) {
      for (const form of spellingsOf(spelling)) phrases.push([form, { compound: compound.name, kind: 'outside', short: false }]);
    }
    for (const spelling of compound.short) phrases.push([spelling, { compound: compound.name, kind: 'outside', short: true }]);
  }
  return { index: indexPhrases<NamedThing>(phrases), first: scope.compounds[0]?.name };
}

function findBundled(lexicon: Lexicon, spellings: readonly string[]): Lexicon['compounds'][number] | undefined {
  const keys = new Set(spellings.flatMap(spellingsOf).map(nameKey));
  return lexicon.compounds.find((compound) => [compound.name, ...compound.aliases].flatMap(spellingsOf).some((spelling) => keys.has(nameKey(spelling))));
}

export interface TokenMention extends NamedThing {
  readonly from: number;
  readonly to: number;
}

/** Names in a token list, lookalikes included (callers tell them apart by `kind`). */
export function findNames(names: NameIndex, tokens: readonly Token[]): TokenMention[] {
  const found = findPhrases(names.index, tokens).map((match) => ({ ...match.value, from: match.from, to: match.to }));
  const full = new Set(found.filter((mention) => !mention.short).map((mention) => mention.compound));
  return found.filter((mention) => !mention.short || full.has(mention.compound));
}

/** The scope's compounds in text, title and parent: what the relevance gate decides on. */
export function findMentions(input: AnnotateInput, names: NameIndex): Mention[] {
  const parts = [
    ['text', input.text],
    ['title', input.title ?? ''],
    ['parent', input.parent ?? ''],
  ] as const;
  return parts.flatMap(([where, part]) => {
    const tokens = tokenize(part);
    return findNames(names, tokens)
      .filter((mention) => mention.kind === 'scope')
      .map((mention) => ({ compound: mention.compound, start: (tokens[mention.from] as Token).start, end: (tokens[mention.to - 1] as Token).end, where }));
  });
}
