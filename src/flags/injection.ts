/**
 * `injection`: the text talks to the machine that reads it, or hides letters from the person who does. Labels are not changed by it;
 * a person decides. OWASP LLM01 names the class.
 */
import type { FlagRule } from './flag.ts';

const ADDRESSES_MACHINE: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\s(?:\w+\s){0,3}(?:previous|prior|above|earlier|preceding|all|your|system|the)\s(?:\w+\s){0,2}(?:instructions?|prompts?|rules|guidelines|directives|context|messages?)\b/iu,
  /\b(?:label|classify|mark|tag|annotate|categori[sz]e|rate|score|count|treat|record)\s(?:this|the|it)\s(?:\w+\s){0,4}as\s(?:an?\s)?(?:["'“])?(?:human|preclinical|anecdotal|positive|negative|primary[_ ]study|first[_ ]person|evidence|clinical|verified|accepted|high|rct|approved|trusted|not\sspam|a\sstudy)\b/iu,
  /\b(?:as|you are|you're|act as|pretend (?:to be|you are)|acting as)\s(?:now\s)?(?:an?\s)?(?:\w+\s)?(?:ai|a\.i\.|llm|language model|large language model|chatbot|annotator|classifier|assistant|chatgpt|gpt|claude)\b(?!\s(?:generated|slop|response|answer|girlfriend))/iu,
  /\b(?:dear|attention|note to|hey|hello|message (?:to|for)|instructions? (?:to|for))\s(?:the\s|any\s|all\s)?(?:ai|llms?|language models?|annotators?|classifiers?|bots?|crawlers?|models?|machines?|assistant|chatgpt|gpt)\b/iu,
  /\b(?:evidence_tier|document_type|first_person_use|commercial_interest|study_design)\b\s{0,3}[:=]/iu,
  /(?:<\|?\/?(?:system|im_start|im_end|endoftext|assistant|instructions?)\|?>|\[\/?INST\]|^#{2,4}\s?(?:system|instruction|assistant)\s?:?\s?$)/imu,
  /\b(?:system prompt|new instructions?\s?:|respond only with|output only|return only (?:the )?json|set (?:the )?(?:confidence|tier|label|sentiment) to|do not (?:flag|annotate|label) this)\b/iu,
];

/** Letters hidden in Unicode tag characters, or many zero-width marks between letters, are there for machines. */
const TAG_LETTERS = /[\u{E0020}-\u{E007E}]{4}/u;
const HIDDEN = /(?<=\p{L})[\u200B\u2060\u2062-\u2064\uFEFF\u00AD]+(?=\p{L})/gu;
const MAX_HIDDEN = 3;
const SAMPLE_CHARS = 100_000;

export function addressesMachine(text: string): boolean {
  const sample = text.slice(0, SAMPLE_CHARS);
  if (TAG_LETTERS.test(withoutFlags(sample)) || (sample.match(HIDDEN)?.length ?? 0) > MAX_HIDDEN) return true;
  const plain = sample
    .replace(/[\u200B-\u200F\u2060-\u2064\uFEFF\u00AD]/gu, '')
    .normalize('NFKC')
    .replace(/\s+/gu, (space) => (space.includes('\n') ? '\n' : ' '));
  const joined = plain.replaceAll('\n', ' ');
  return ADDRESSES_MACHINE.some((pattern) => pattern.test(joined) || (pattern.multiline && pattern.test(plain)));
}

/** Flags of regions (England, Texas) are spelt with tag characters after a black flag: ordinary emoji. */
function withoutFlags(text: string): string {
  return text.replace(/\u{1F3F4}[\u{E0020}-\u{E007E}]{1,8}\u{E007F}/gu, '');
}

export const injectionRule: FlagRule = {
  flag: 'injection',
  why: 'The text addresses the machine that reads it, or hides text from people.',
  onSource: ({ input }) => addressesMachine(input.text) || addressesMachine(input.title ?? ''),
};
