/** Where a text names a scope's compounds: what the pipeline's relevance gate decides on, with the annotator's own reading of names. */
import type { AnnotateInput } from '../model/post.ts';
import type { CompoundScope } from './annotator.ts';
import { namesOfScope } from './embedded/bundled.ts';
import { parseLexicon, readLexiconTexts, type Lexicon } from './embedded/lexicon.ts';
import { findMentions, type Mention } from './embedded/mentions.ts';

export type { Mention } from './embedded/mentions.ts';

const lexicon: Lexicon = parseLexicon(await readLexiconTexts());

/** Mentions in text, title and parent, in that order; a lookalike's name is no mention of the compound. */
export function mentionsOf(input: AnnotateInput, scope: CompoundScope): Mention[] {
  return findMentions(input, namesOfScope(lexicon, scope, undefined));
}

/** The bundled lexicon, read once per process. */
export function bundledLexicon(): Lexicon {
  return lexicon;
}
