/** Scopes and their name indexes, kept per scope and list of given names: batches repeat a few. */
import type { CompoundScope } from '../annotator.ts';
import type { Lexicon } from './lexicon.ts';
import { indexNames, type NameIndex } from './mentions.ts';

/** The bundled compounds as a scope. */
export function scopeOfLexicon(lexicon: Lexicon): CompoundScope {
  return {
    compounds: lexicon.compounds.map(({ id, name, aliases }) => ({ id, name, aliases })),
    lookalikes: lexicon.lookalikes.map((lookalike) => ({ ...lookalike })),
  };
}

/** The names a line gives, in their spelling, and after them every bundled compound they do not mean: nothing named is lost. */
export function scopeOfLine(lexicon: Lexicon, names: readonly string[] | undefined): CompoundScope {
  return cached(lineScopes, { owner: lexicon, key: JSON.stringify(names ?? []) }, () => {
    if (!names || names.length === 0) return scopeOfLexicon(lexicon);
    const given = [...new Set(names)].map((name) => ({ id: slugOf(name), name, aliases: [] }));
    const meant = indexNames({ compounds: given, lookalikes: [] }, { lexicon, given: names }).bundledIds;
    const rest = scopeOfLexicon(lexicon);
    return { compounds: [...given, ...rest.compounds.filter(({ id }) => !meant.has(id))], lookalikes: rest.lookalikes };
  });
}

/** Index of a scope for a text that names `given` as what it is about. */
export function namesOfScope(lexicon: Lexicon, scope: CompoundScope, given: readonly string[] | undefined): NameIndex {
  return cached(nameIndexes, { owner: scope, key: given ? JSON.stringify(given) : '' }, () => indexNames(scope, { lexicon, given }));
}

/** What training uses: the scope of the line itself. */
export function bundledNames(lexicon: Lexicon, names: readonly string[] | undefined): NameIndex {
  return namesOfScope(lexicon, scopeOfLine(lexicon, names), names);
}

function slugOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/gu, '-')
      .replace(/^-+|-+$/gu, '') || 'compound'
  );
}

const lineScopes = new WeakMap<object, Map<string, CompoundScope>>();
const nameIndexes = new WeakMap<object, Map<string, NameIndex>>();
const CACHE_SIZE = 256;

function cached<Value>(store: WeakMap<object, Map<string, Value>>, at: { readonly owner: object; readonly key: string }, make: () => Value): Value {
  const known = store.get(at.owner) ?? new Map<string, Value>();
  store.set(at.owner, known);
  const found = known.get(at.key);
  if (found !== undefined) return found;
  const made = make();
  if (known.size >= CACHE_SIZE) known.clear();
  known.set(at.key, made);
  return made;
}
