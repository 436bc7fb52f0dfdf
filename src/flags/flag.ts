/**
 * The port of a flag rule: a machine reason for a person to look. Pure. A new rule is one file and one
 * line in src/flags/list.ts. Closed list and meaning: src/model/labels.ts.
 */
import type { Annotation } from '../model/annotation.ts';
import type { Flag } from '../model/labels.ts';
import type { AnnotateInput } from '../model/post.ts';

/** What a rule sees: the input and the annotation so far, claims included, without the rule's own flag. */
export interface FlagInput {
  readonly input: AnnotateInput;
  readonly annotation: Omit<Annotation, 'flags' | 'annotator'>;
}

export interface FlagRule {
  readonly flag: Flag;
  /** One sentence for reviewers: why this needs a look. */
  readonly why: string;
  /** True when the source as a whole gets the flag. */
  onSource(input: FlagInput): boolean;
}
