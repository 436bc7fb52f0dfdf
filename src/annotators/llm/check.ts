/**
 * What is taken of a model's answer: labels as far as the text can carry them, claims on compounds the post names, and quotes only as places
 * in the text that code has found. Nothing the model wrote in its own words goes further: a checked answer holds labels, names of the scope
 * and offsets, so that one that is kept repeats nothing of a title or of a text replied to. Proved by test/unit/annotators/llm-check.test.ts.
 */
import { z } from 'zod';
import { DIRECTIONS, type EvidenceTier, type StudyDesign } from '../../model/labels.ts';
import type { AnnotateInput } from '../../model/post.ts';
import type { CompoundScope } from '../annotator.ts';
import { isLiterature, isRegistryRecord, readRecordTier, readStudyDesign, readSubjects } from '../embedded/study-design.ts';
import { type Answer, answerLabels } from './answer.ts';
import { findQuote } from './find-quote.ts';
import { findName } from './names.ts';

/** Shorter ones are found in any text. */
const MIN_QUOTE_CHARS = 8;
const MAX_QUOTE_CHARS = 300;
const MAX_EFFECT_TEXT_CHARS = 120;

const place = z.object({ start: z.number().int().nonnegative(), end: z.number().int().nonnegative() }).nullable();
export const checkedSchema = z.object({
  ...answerLabels,
  /** Labels that the text cannot carry were lowered. */
  lowered: z.boolean(),
  main: z.object({ compound: z.string(), quote: place }),
  effects: z.array(z.object({ compound: z.string(), effect: z.string(), effect_text: place, direction: z.enum(DIRECTIONS), quote: place })),
});
/** Places are UTF-16 offsets into the post's text; null: not found there. */
export type CheckedAnswer = z.infer<typeof checkedSchema>;

export interface Asked {
  readonly input: AnnotateInput;
  readonly scope: CompoundScope;
  /** Compounds the post may be about; at least one. */
  readonly names: readonly string[];
  /** The text with a sign that no quote has in the place of orders to the machine. */
  readonly quotable: string;
}

export function checkAnswer(answer: Answer, asked: Asked): CheckedAnswer {
  const { input, scope, names, quotable } = asked;
  const labels = limitLabels(answer, input);
  const about = answer.document_type !== 'off_topic';
  const effects = (about ? answer.effects : []).flatMap(({ compound, effect, effect_text, direction, quote }) => {
    const name = findName(compound, scope, names);
    return name === undefined ? [] : [{ compound: name, effect, effect_text: findShort(quotable, effect_text), direction, quote: findWhole(quotable, quote) }];
  });
  return {
    ...labels,
    first_person_use: about && answer.first_person_use,
    commercial_interest: answer.commercial_interest,
    certainty: answer.certainty,
    main: { compound: findName(answer.main.compound, scope, names) ?? (names[0] as string), quote: findWhole(quotable, answer.main.quote) },
    effects: withoutRepeats(effects),
  };
}

/** What a record's metadata says stands before the model; measured in people or animals is only a text that speaks of such. */
function limitLabels(answer: Answer, input: AnnotateInput): Pick<CheckedAnswer, 'document_type' | 'evidence_tier' | 'sentiment' | 'study_design' | 'lowered'> {
  const registry = isRegistryRecord(input);
  const type = registry ? 'registry_record' : answer.document_type;
  if (type === 'off_topic') return { document_type: type, evidence_tier: 'none', sentiment: 'neutral', study_design: 'none', lowered: false };
  const subjects = readSubjects(`${input.title ?? ''}\n${input.text}`);
  const recorded = registry || (isLiterature(input) && input.record !== undefined) ? readRecordTier(input, subjects) : undefined;
  const tier = recorded ?? limitTier(type, answer.evidence_tier, subjects);
  const unfounded = (type === 'primary_study' && subjects === undefined) || (answer.document_type === 'registry_record' && !registry);
  const study = designOf({ type, tier, input, subjects, said: answer.study_design });
  return {
    document_type: type,
    evidence_tier: tier,
    sentiment: answer.sentiment,
    study_design: study,
    lowered: unfounded || (recorded === undefined && tier !== answer.evidence_tier),
  };
}

function limitTier(type: Answer['document_type'], tier: EvidenceTier, subjects: ReturnType<typeof readSubjects>): EvidenceTier {
  if (tier !== 'human' && tier !== 'preclinical') return tier;
  if (type === 'first_person_report' || type === 'second_hand_report') return 'anecdotal';
  if (type === 'question') return 'speculative';
  return subjects === undefined ? 'speculative' : tier;
}

interface Design {
  readonly type: Answer['document_type'];
  readonly tier: EvidenceTier;
  readonly input: AnnotateInput;
  readonly subjects: ReturnType<typeof readSubjects>;
  readonly said: StudyDesign;
}

/** Which kinds of text have a design is the same rule as the embedded annotator's. */
function designOf({ type, tier, input, subjects, said }: Design): StudyDesign {
  if (type === 'registry_record') return 'registry';
  const scientific = type === 'primary_study' || type === 'review_article' || (type === 'study_relay' && (tier === 'human' || tier === 'preclinical'));
  if (!scientific) return 'none';
  return input.record?.publication_types !== undefined || input.record?.mesh !== undefined ? readStudyDesign(input, subjects) : said;
}

function findWhole(text: string, quote: string): z.infer<typeof place> {
  const length = quote.trim().length;
  if (length > MAX_QUOTE_CHARS || (length < MIN_QUOTE_CHARS && quote.trim() !== text.trim())) return null;
  return findQuote(text, quote) ?? null;
}

function findShort(text: string, words: string): z.infer<typeof place> {
  return words.length > MAX_EFFECT_TEXT_CHARS ? null : (findQuote(text, words) ?? null);
}

function withoutRepeats(effects: CheckedAnswer['effects']): CheckedAnswer['effects'] {
  const seen = new Set<string>();
  return effects
    .filter(({ compound, effect, direction }) => {
      const key = JSON.stringify([compound, effect, direction]);
      return !seen.has(key) && seen.add(key);
    })
    .sort((left, right) => (left.quote?.start ?? 0) - (right.quote?.start ?? 0));
}
