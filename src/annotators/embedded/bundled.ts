/** Names to look for when a line brings its own list, or none: the list first, then every compound of the bundled lexicon. */
import type { CompoundScope } from '../annotator.ts';
import type { Lexicon } from './lexicon.ts';
import { indexNames, type NameIndex } from './mentions.ts';

/** The bundled compounds as a scope. */
export function scopeOfLexicon(lexicon: Lexicon): CompoundScope {
  return { compounds: lexicon.compounds.map(({ id, name, aliases }) => ({ id, name, aliases })), lookalikes: lexicon.lookalikes.map((lookalike) => ({ ...lookalike })) };
}

/** A scope of exactly the names given; spellings of known ones are added by the index. */
export function scopeOfNames(names: readonly string[]): CompoundScope {
  return {
    compounds: names.map((name) => ({ id: name.toLowerCase().replace(/[^a-z0-9]+/gu, '-').replace(/^-+|-+$/gu, '') || 'compound', name, aliases: [] })),
    lookalikes: [],
  };
}

const cache = new WeakMap<Lexicon, Map<string, NameIndex>>();
/** Different lists kept; a batch usually repeats a few. */
const CACHE_SIZE = 256;

export function bundledNames(lexicon: Lexicon, names: readonly string[] | undefined): NameIndex {
  const known = cache.get(lexicon) ?? new Map<string, NameIndex>();
  cache.set(lexicon, known);
  const key = names ? JSON.stringify(names) : '';
  const found = known.get(key);
  if (found) return found;
  const made = indexNames(names && names.length > 0 ? scopeOfNames(names) : scopeOfLexicon(lexicon), lexicon);
  if (known.size >= CACHE_SIZE) known.clear();
  known.set(key, made);
  return made;
}
