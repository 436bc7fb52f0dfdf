/** What a topic's compounds are called, and which of them a stored post is about: the gate of design section 2. */
import type { CompoundScope } from '../annotators/annotator.ts';
import { mentionsOf } from '../annotators/list.ts';
import type { AnnotateInput, LiteratureRecord } from '../model/post.ts';
import type { Topic } from '../model/topic.ts';

const scopes = new WeakMap<Topic, CompoundScope>();

/** One object per topic: annotators index its names once. */
export function scopeOf(topic: Topic): CompoundScope {
  const known = scopes.get(topic);
  if (known) return known;
  const scope = { compounds: topic.compounds, lookalikes: topic.lookalikes };
  scopes.set(topic, scope);
  return scope;
}

export interface GateInput {
  readonly input: AnnotateInput;
  /** Names the file says the record or thread is about. */
  readonly named: readonly string[];
}

/** Names of the topic's compounds that the post, its thread or its record is about; empty = off topic. */
export function relevantCompounds(topic: Topic, { input, named }: GateInput): string[] {
  const scope = scopeOf(topic);
  const found = new Set(mentionsOf(input, scope).map((mention) => mention.compound));
  const labels = [...named, ...recordNames(input.record)];
  for (const mention of mentionsOf({ ...input, text: labels.join('\n'), title: undefined, parent: undefined }, scope)) found.add(mention.compound);
  return topic.compounds.map((compound) => compound.name).filter((name) => found.has(name));
}

function recordNames(record: LiteratureRecord | undefined): readonly string[] {
  return record?.interventions ?? [];
}
