/**
 * The flag rules, in the order they are shown, and the one function that applies them. Rules are pure and look at the input and the finished
 * labels only; no rule changes a label. Closed list of flags: src/model/labels.ts; `ungrounded`, `auto_generated`, `changed`, `submitted`
 * and `duplicate` are set where they arise (claims, annotators, pipeline), not here.
 * Proved by test/unit/flags.
 */
import type { Flag } from '../model/labels.ts';
import type { AnnotateInput } from '../model/post.ts';
import { commercialRule } from './commercial.ts';
import { dosingRule } from './dosing.ts';
import type { FlagInput, FlagRule } from './flag.ts';
import { injectionRule } from './injection.ts';
import { languageRule } from './language.ts';
import { DEFAULT_SOURCE_THRESHOLD, lowConfidenceRule } from './low-confidence.ts';
import { unreadableRule } from './unreadable.ts';

export const FLAG_RULES: readonly FlagRule[] = [
  lowConfidenceRule(DEFAULT_SOURCE_THRESHOLD),
  commercialRule,
  dosingRule,
  injectionRule,
  languageRule,
  unreadableRule,
];

/** Flags of a source, sorted and without repeats. `sourceThreshold`: overall confidence below it is `low_confidence`. */
export function flagSource(input: AnnotateInput, annotation: FlagInput['annotation'], sourceThreshold: number = DEFAULT_SOURCE_THRESHOLD): Flag[] {
  const rules = sourceThreshold === DEFAULT_SOURCE_THRESHOLD ? FLAG_RULES : [lowConfidenceRule(sourceThreshold), ...FLAG_RULES.slice(1)];
  return rules
    .filter((rule) => rule.onSource({ input, annotation }))
    .map((rule) => rule.flag)
    .sort();
}
