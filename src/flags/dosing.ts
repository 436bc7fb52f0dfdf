/**
 * `dosing`: the text tells others how much to take, how often, or gives a protocol. An own dose inside a report ("I took ... and slept better") is
 * not advice. Such sources are tallied apart, and their doses are masked wherever they are shown.
 */
import { DOSE_MASK, maskDoses } from '../normalize/mask-doses.ts';
import type { FlagRule } from './flag.ts';

const ADVICE =
  /(?:^|[.!?:;,\n]\s{0,3}|\b(?:just|always|not|then|and|to|should|please|must|can|could|i(?:'d| would)|recommend(?:ed)?|suggest|try|best to|need to|have to|want to|generally|usually)\s(?:\w+\s)?)(?:take|inject|use|dose|start|begin|run|pin|administer|spray|apply|titrate|increase|go|stick|split|mix|reconstitute|draw|add|do|drop|supplement|lower|cycle|consume|try|stay|keep|limit|exceed)\b/iu;
const RECOMMENDED =
  /\b(?:recommended|suggested|usual|standard|typical|common|effective|normal|ideal|optimal|maximum|minimum|max|starting|loading|maintenance|proper|correct|sweet spot|original|official)\s(?:\w+\s){0,2}(?:dos(?:e|es|age|ages|ing)|protocol|amount|course|cycle|schedule|approach)\b|\byou(?:'d| would| should| can| could| need| want| have to|'ll| will)\b|\byour\s(?:\w+\s)?(?:dose|dosage)\b|\bi(?:'d| would)\s(?:recommend|suggest)\b|\b(?:dosage|dosing|protocol)\s?(?:is|:|=)/iu;
/** Says how to go about a dose without naming one: an instruction at the head of its clause, or said to "you". */
const HOW = String.raw`(?:start(?:ing)?|begin(?:ning)?|go)\s(?:(?:very|really|off|out)\s)?(?:low|slow|small|with a (?:low|lower|small|tiny) (?:dose|amount))\b|(?:titrate|taper)\s(?:up|down|off|slowly|gradually|it|your)\b|(?:double|halve|split|increase|lower|raise|reduce|up|drop)\s(?:the|your)\s(?:dose|dosage)\b|(?:try|take|use|do)\s(?:a|the)\s(?:low|lower|high|higher|small|smaller|bigger|loading|double|half)\s?(?:dose|dosage|phase)\b|front-?load\b|cycle\s(?:it|off|on)\b|take\s(?:a\s)?(?:break|time off)\sbetween\scycles|(?:take|inject|use|dose|spray|apply)\s(?:it|this|them)\s(?:on an empty stomach|in the (?:morning|evening|afternoon)|at night|before (?:bed|sleep|meals)|with (?:food|water|a meal)|as needed|sublingually|sub-?q|intranasally)\b`;
/** Nothing of the above without one of these. */
const HOW_WORD =
  /\b(?:low|slow|small|titrate|taper|dose|dosage|front-?load|cycle|phase|stomach|morning|evening|afternoon|night|bed|sleep|meals?|food|water|needed|sublingually|sub-?q|intranasally)/iu;
const HOW_TO = new RegExp(
  `(?:^|[.!?:;,\\n]\\s{0,3}|\\b(?:please|just|always|then|and|you\\s(?:should|must|could|can|need to|have to|want to|might)|i(?:'d| would)|better to|best to|recommend(?:ed)? to|remember to)\\s)(?:${HOW})`,
  'iu',
);
const OWN = /\b(?:i|i'm|i've|i'd|me|my|we|our)\b/iu;
const TELLS_OTHERS = /\b(?:you|your|i(?:'d| would) (?:\w+ )?(?:take|start|recommend|suggest|use|go|try|do|stay|keep)|recommend|suggest)\b/iu;
/** A report that carries this many masked places is a protocol whatever its grammar. */
const PROTOCOL_MASKS = 8;
const SAMPLE_CHARS = 50_000;

/** The last text and its answer: labels and the flag ask in turn. */
let last = { text: '', advice: false };

export function givesDosingAdvice(text: string): boolean {
  if (last.text !== text) last = { text, advice: findDosingAdvice(text) };
  return last.advice;
}

function findDosingAdvice(text: string): boolean {
  const sample = text.slice(0, SAMPLE_CHARS);
  if (HOW_WORD.test(sample) && sentencesOf(sample).some((sentence) => HOW_TO.test(sentence) && !sentence.trimEnd().endsWith('?'))) return true;
  const masked = maskDoses(sample);
  if (!masked.includes(DOSE_MASK)) return false;
  const masks = masked.split(DOSE_MASK).length - 1;
  if (/\|[^\n]{0,300}\[dose hidden\][^\n]{0,300}\|/u.test(masked) && masks >= 3) return true;
  if (masks >= PROTOCOL_MASKS && /\b(?:protocol|week \d|schedule|cycle|reconstitut\w+|maintenance|loading)\b/iu.test(masked)) return true;
  return sentencesOf(masked).some(instructsDose);
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?])\s|\n+/u);
}

function instructsDose(sentence: string): boolean {
  if (!sentence.includes(DOSE_MASK) || sentence.trimEnd().endsWith('?')) return false;
  const own = OWN.test(sentence);
  if (own && !TELLS_OTHERS.test(sentence)) return false;
  return ADVICE.test(sentence) || RECOMMENDED.test(sentence);
}

export const dosingRule: FlagRule = {
  flag: 'dosing',
  why: 'The text tells others a dose, a schedule or a protocol.',
  onSource: ({ input, annotation }) =>
    // what the guard caught in the generated sentence is hidden there, and said here
    annotation.summary.includes(DOSE_MASK) ||
    (annotation.document_type !== 'primary_study' && annotation.document_type !== 'registry_record' && givesDosingAdvice(input.text)),
};
