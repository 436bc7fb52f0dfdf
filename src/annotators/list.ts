/**
 * The annotators, and the functions the rest of Hearsay uses of them: load one, say where compounds are named, annotate one line
 * of `hearsay annotate`. A new annotator is one file and one line here.
 * Proved by test/conformance/annotators.test.ts, which runs over ANNOTATORS.
 */
import { InvalidInputError } from '../errors.ts';
import { scopeOfLexicon } from './embedded/bundled.ts';
import { loadEmbedded } from './embedded/load.ts';
import type { Annotator, CompoundScope } from './annotator.ts';
import { loadLlm, type LlmSetup } from './llm/load.ts';
import { bundledLexicon } from './mentions-of.ts';

export { annotateLine } from './line.ts';
export { mentionsOf } from './mentions-of.ts';

/** What annotators take from outside; each says what it lacks. */
export interface AnnotatorSetup {
  readonly llm?: LlmSetup;
  /** Folder of the embedded annotator's weights; absent: the shipped ones. */
  readonly models?: string;
}
/** Those that a configuration may name. */
export type AnnotatorKind = Exclude<Annotator['kind'], 'person'>;

export const ANNOTATORS: readonly { readonly kind: AnnotatorKind; readonly load: (setup: AnnotatorSetup) => Promise<Annotator> }[] = [
  { kind: 'embedded', load: (setup) => loadEmbedded(setup) },
  { kind: 'llm', load: async ({ llm }) => loadLlm(llm ?? lacking('HEARSAY_LLM_URL and HEARSAY_LLM_MODEL')) },
];

function lacking(variables: string): never {
  throw new InvalidInputError('bad_config', `configuration: the annotator needs ${variables}`);
}

/** Default: embedded, offline, deterministic. Raises `bad_config`. */
export async function loadAnnotator(kind: AnnotatorKind = 'embedded', setup: AnnotatorSetup = {}): Promise<Annotator> {
  const found = ANNOTATORS.find((annotator) => annotator.kind === kind) as (typeof ANNOTATORS)[number];
  return found.load(setup);
}

/** Every compound of the bundled lexicon. */
export function bundledScope(): CompoundScope {
  return scopeOfLexicon(bundledLexicon());
}
