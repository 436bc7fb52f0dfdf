/**
 * The port of an annotator: a versioned function post -> annotation. A new annotator is one file and
 * one line in src/annotators/list.ts; test/conformance/annotators.test.ts runs over that list.
 */
import type { Annotation } from '../model/annotation.ts';
import type { AnnotateInput } from '../model/post.ts';
import type { Compound, Topic } from '../model/topic.ts';

/** Names the annotator may look for. From the topic where one is known, else the bundled lexicon. */
export interface CompoundScope {
  readonly compounds: readonly Pick<Compound, 'id' | 'name' | 'aliases'>[];
  readonly lookalikes: Topic['lookalikes'];
}

export interface Annotator {
  /** `<kind>-<first 8 hex of digest>`; goes into every annotation and ledger header. */
  readonly id: string;
  readonly kind: 'embedded' | 'llm' | 'person';
  /** Sha-256 (hex) over code, lexicons, model and prompt. */
  readonly digest: string;
  /**
   * Always one annotation per input, in order, for valid input of any content: what cannot be read gets a flag.
   * A claim's `compound` is the spelling the scope gives as `name`.
   */
  annotate(inputs: readonly AnnotateInput[], scope: CompoundScope): Promise<readonly Annotation[]>;
}
