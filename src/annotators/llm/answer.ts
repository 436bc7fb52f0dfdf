/**
 * The answer a model is asked for: one schema for the server (`json_schema`, all keys required and no others, as strict mode wants it) and
 * one, in zod, that decides. What does not pass the second is told to the model, and asked again.
 */
import { z } from 'zod';
import { labelFields } from '../../model/annotation.ts';
import { DOCUMENT_TYPES, EVIDENCE_TIERS, SENTIMENTS, STUDY_DESIGNS } from '../../model/labels.ts';

const EFFECT_DIRECTIONS = ['improves', 'worsens', 'no_effect'] as const;
const CERTAINTIES = ['high', 'low'] as const;
/** More from one text are a list, not statements. */
const MAX_EFFECTS = 40;
/** Longest problem told back, in characters. */
const MAX_PROBLEM = 300;

const stretch = z.string().max(2_000);

export const answerLabels = { ...labelFields, certainty: z.enum(CERTAINTIES) };

export function answerSchema(effects: readonly string[]) {
  return z.object({
    ...answerLabels,
    main: z.object({ compound: stretch, quote: stretch }),
    effects: z
      .array(
        z.object({
          compound: stretch,
          effect: z.enum(effects as [string, ...string[]]),
          effect_text: stretch,
          direction: z.enum(EFFECT_DIRECTIONS),
          quote: stretch,
        }),
      )
      .max(MAX_EFFECTS),
  });
}
export type Answer = z.infer<ReturnType<typeof answerSchema>>;

/** The same for the server. Lengths are left out: strict mode knows none. */
export function answerJsonSchema(effects: readonly string[]): object {
  const text = { type: 'string' };
  return closed({
    document_type: oneOf(DOCUMENT_TYPES),
    evidence_tier: oneOf(EVIDENCE_TIERS),
    sentiment: oneOf(SENTIMENTS),
    study_design: oneOf(STUDY_DESIGNS),
    first_person_use: { type: 'boolean' },
    commercial_interest: { type: 'boolean' },
    certainty: oneOf(CERTAINTIES),
    main: closed({ compound: text, quote: text }),
    effects: {
      type: 'array',
      items: closed({ compound: text, effect: oneOf(effects), effect_text: text, direction: oneOf(EFFECT_DIRECTIONS), quote: text }),
    },
  });
}

function oneOf(values: readonly string[]): object {
  return { type: 'string', enum: values };
}

function closed(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** The answer, or what is wrong with it in words for the model. A code fence or a sentence around the object does no harm. */
export function readAnswer(content: string, schema: ReturnType<typeof answerSchema>): { readonly answer: Answer } | { readonly problem: string } {
  const [from, to] = [content.indexOf('{'), content.lastIndexOf('}')];
  if (from < 0 || to < from) return { problem: 'there is no JSON object in the answer' };
  let value: unknown;
  try {
    value = JSON.parse(content.slice(from, to + 1));
  } catch {
    return { problem: 'the JSON cannot be parsed; it may have been cut off' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { answer: parsed.data };
  const issue = parsed.error.issues[0];
  return { problem: `${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'not valid'}`.slice(0, MAX_PROBLEM) };
}
