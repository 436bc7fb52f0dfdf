/**
 * The annotators, and the functions the rest of Hearsay uses of them: load one, say where compounds are named, annotate one line
 * of `hearsay annotate`. A new annotator is one file and one line here.
 * Proved by test/conformance/annotators.test.ts, which runs over ANNOTATORS.
 */
import { scopeOfLexicon } from './embedded/bundled.ts';
import { loadEmbedded } from './embedded/load.ts';
import type { Annotator, CompoundScope } from './annotator.ts';
import { bundledLexicon } from './mentions-of.ts';

export { annotateLine } from './line.ts';
export { mentionsOf } from './mentions-of.ts';

export const ANNOTATORS: readonly { readonly kind: Annotator['kind']; readonly load: () => Promise<Annotator> }[] = [{ kind: 'embedded', load: loadEmbedded }];

/** The default annotator: embedded, offline, deterministic. */
export function loadAnnotator(): Promise<Annotator> {
  return loadEmbedded();
}

/** Every compound of the bundled lexicon. */
export function bundledScope(): CompoundScope {
  return scopeOfLexicon(bundledLexicon());
}
