/**
 * From a checked answer to an annotation. The summary is put together from the labels, as the embedded annotator's is: no sentence of the
 * model's is shown. Source and claims are `auto_generated`, so that a person decides on each (design section 5).
 */
import { flagSource } from '../../flags/list.ts';
import type { Annotation, Claim } from '../../model/annotation.ts';
import type { EvidenceTier, Flag } from '../../model/labels.ts';
import type { AnnotateInput } from '../../model/post.ts';
import { detectLanguage } from '../embedded/language.ts';
import { summarize } from '../embedded/summary.ts';
import type { CheckedAnswer } from './check.ts';
import { MAX_SENT_CHARS } from './prompt.ts';

/**
 * A model's own word for how sure it is has not been measured against anything: what is sure gets no more than an even chance, and the rest falls
 * below the threshold of `low_confidence`.
 */
const SURE = 0.5;
const UNSURE = 0.25;

export function annotationOf(answer: CheckedAnswer, input: AnnotateInput, annotator: string): Annotation {
  const sure = answer.certainty === 'high' && !answer.lowered;
  const confidence = sure ? SURE : UNSURE;
  const about = answer.document_type !== 'off_topic';
  const labels = {
    id: input.id,
    language: detectLanguage(input.text),
    document_type: answer.document_type,
    evidence_tier: answer.evidence_tier,
    sentiment: answer.sentiment,
    study_design: answer.study_design,
    first_person_use: answer.first_person_use,
    commercial_interest: answer.commercial_interest,
    confidence: { document_type: confidence, evidence_tier: confidence, sentiment: confidence, overall: confidence },
  };
  const rest = { summary: summaryOf(answer), claims: about ? [...mainClaim(answer, input, sure), ...effectClaims(answer, input, sure)] : [] };
  const cut: Flag[] = input.text.length > MAX_SENT_CHARS ? ['unreadable'] : [];
  const flags = [...new Set<Flag>([...flagSource(input, { ...labels, ...rest }), ...cut, 'auto_generated'])].sort();
  return { ...labels, flags, ...rest, annotator };
}

/** For a post that names no compound of the scope: nobody was asked. */
export function offTopic(input: AnnotateInput, annotator: string): Annotation {
  const answer: CheckedAnswer = {
    document_type: 'off_topic',
    evidence_tier: 'none',
    sentiment: 'neutral',
    study_design: 'none',
    first_person_use: false,
    commercial_interest: false,
    certainty: 'high',
    lowered: false,
    main: { compound: '', quote: null },
    effects: [],
  };
  const annotation = annotationOf(answer, input, annotator);
  return { ...annotation, flags: annotation.flags.filter((flag) => flag !== 'auto_generated') };
}

function summaryOf(answer: CheckedAnswer): string {
  const claims = answer.effects
    .filter(({ effect, quote }) => quote !== null && effect !== 'other')
    .map(({ compound, effect, direction, quote }) => ({
      compound,
      outside: false,
      effect,
      effectText: '',
      direction,
      score: 0,
      quote: quote ?? { start: 0, end: 0 },
    }));
  return summarize({ type: answer.document_type, tier: answer.evidence_tier, sentiment: answer.sentiment, compound: answer.main.compound, claims });
}

function mainClaim(answer: CheckedAnswer, input: AnnotateInput, sure: boolean): Claim[] {
  const tier = answer.evidence_tier;
  if (tier === 'none') return [];
  return [
    { kind: 'main', compound: answer.main.compound, effect: 'none', effect_text: '', direction: 'none', tier, ...grounds(answer.main.quote, input, sure) },
  ];
}

function effectClaims(answer: CheckedAnswer, input: AnnotateInput, sure: boolean): Claim[] {
  // An effect stated in a text whose main content offers nothing is a bare assertion.
  const tier: EvidenceTier = answer.evidence_tier === 'none' ? 'speculative' : answer.evidence_tier;
  return answer.effects.map(({ compound, effect, effect_text: named, direction, quote }) => ({
    kind: 'effect',
    compound,
    effect,
    effect_text: named === null ? '' : input.text.slice(named.start, named.end).replace(/\s+/gu, ' '),
    direction,
    tier,
    ...grounds(quote, input, sure),
  }));
}

function grounds(place: CheckedAnswer['main']['quote'], input: AnnotateInput, sure: boolean): Pick<Claim, 'quote' | 'start' | 'end' | 'confidence' | 'flags'> {
  const { start, end } = place ?? { start: 0, end: 0 };
  const flags: Flag[] = ['auto_generated', ...(sure ? [] : ['low_confidence' as const]), ...(place === null ? ['ungrounded' as const] : [])];
  return { quote: input.text.slice(start, end), start, end, confidence: sure ? SURE : UNSURE, flags };
}
