/**
 * The embedded annotator: offline, free, deterministic. Small pure steps: language -> sentences -> names -> kind of text ->
 * effects with direction -> tier and sentiment -> main claim -> summary -> calibrated confidence -> flags.
 * Labels as defined in docs/labelling-guide.md; accuracy in docs/accuracy.md.
 * Proved by test/unit/annotators, test/property/annotator.test.ts and test/conformance/annotators.test.ts.
 */
import { flagSource } from '../../flags/list.ts';
import type { Annotation, Claim } from '../../model/annotation.ts';
import type { AnnotateInput } from '../../model/post.ts';
import { collectEffectClaims, findMainQuote, type EffectClaim } from './claims.ts';
import { decideCommercial, decideDocumentType, decideFirstPerson, decideSentiment, decideStudyDesign, decideTier, onlyAsks, type Scored } from './decide.ts';
import { detectLanguage } from './language.ts';
import { calibrate, type Calibration, type Models } from './models.ts';
import type { ReadingTools } from './reading.ts';
import { laterVector, predictDocument, prepare, scoreCandidates, type Prepared } from './stages.ts';
import { summarize } from './summary.ts';
import type { DocumentType, EvidenceTier, Sentiment } from '../../model/labels.ts';

export interface EmbeddedTools extends ReadingTools {
  readonly models: Models;
  readonly calibration: Calibration;
  readonly annotatorId: string;
}

/** Labels and claims with raw scores: what calibration is measured on. */
export interface Judgement {
  readonly type: Scored<DocumentType>;
  readonly tier: Scored<EvidenceTier>;
  readonly sentiment: Scored<Sentiment>;
  readonly firstPerson: boolean;
  readonly commercial: boolean;
  readonly subject: string;
  readonly claims: readonly EffectClaim[];
}

export function judge(prepared: Prepared, tools: Omit<EmbeddedTools, 'calibration' | 'annotatorId'>): Judgement {
  const { models } = tools;
  const document = predictDocument(prepared, models);
  const likely = decideDocumentType(prepared, document, tools.names);
  const scored =
    likely.label === 'off_topic' || likely.label === 'registry_record' ? [] : scoreCandidates(prepared, document.output, { effect: models.effect, tools });
  const later = laterVector(prepared, document.output, scored);
  const subject = findSubjectOfText(prepared, tools);
  const found = collectEffectClaims(prepared.reading, scored, subject);
  const onlyAsked = (likely.label === 'first_person_report' || likely.label === 'question') && onlyAsks(prepared, found);
  const asks = onlyAsked && likely.label === 'first_person_report';
  const type: Scored<DocumentType> = asks ? { label: 'question', score: likely.score / 2 } : likely;
  const claims = asks ? [] : found;
  return {
    type,
    tier: asks ? { label: 'none', score: likely.score / 2 } : decideTier(prepared, type.label, { models, later }),
    sentiment: asks ? { label: 'neutral', score: likely.score / 2 } : decideSentiment(prepared, type.label, { models, later, claims }),
    firstPerson: !onlyAsked && type.label !== 'off_topic' && decideFirstPerson(prepared, document),
    commercial: decideCommercial(prepared, document),
    subject,
    // a compound that the scope does not hold has no place in its ledger
    claims: claims.filter((claim) => tools.names.scopeNames.has(claim.compound) || claim.compound === subject),
  };
}

/** What "it" is: what the caller says the text is about, else the scope's compound named first in text, title or parent, else the class word. */
function findSubjectOfText(prepared: Prepared, tools: ReadingTools): string {
  const { reading } = prepared;
  const inScope = (names: Prepared['reading']['names']): string | undefined => names.find((name) => name.kind === 'scope')?.compound;
  return tools.names.subject ?? inScope(reading.names) ?? inScope(reading.titleNames) ?? inScope(reading.parentNames) ?? reading.classWord ?? 'unknown';
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

export function annotateText(input: AnnotateInput, tools: EmbeddedTools): Annotation {
  const prepared = prepare(input, tools, tools.models);
  const judgement = judge(prepared, tools);
  const { calibration } = tools;
  const type = judgement.type.label;
  const tier = judgement.tier.label;
  const confidence = {
    document_type: round(calibrate(calibration.document_type, judgement.type.score)),
    evidence_tier: round(calibrate(calibration.evidence_tier, judgement.tier.score)),
    sentiment: round(calibrate(calibration.sentiment, judgement.sentiment.score)),
    overall: round(calibrate(calibration.main, overallScore(judgement))),
  };
  const draft = {
    id: input.id,
    language: detectLanguage(prepared.reading.text),
    document_type: type,
    evidence_tier: tier,
    sentiment: judgement.sentiment.label,
    study_design: decideStudyDesign(prepared, { type, tier }, tools.models),
    first_person_use: judgement.firstPerson,
    commercial_interest: judgement.commercial,
    confidence,
    summary: summarize({
      type,
      tier,
      sentiment: judgement.sentiment.label,
      compound: judgement.subject,
      claims: judgement.claims.filter((claim) => isSure(claim, calibration)),
      uncertain: judgement.claims.some((claim) => !claim.outside && !isSure(claim, calibration)),
    }),
    claims:
      type === 'off_topic'
        ? []
        : [...makeMainClaim(prepared, judgement, tools), ...judgement.claims.map((claim) => makeEffectClaim(input, claim, { tier, calibration }))],
  };
  return { ...orderAnnotation({ ...draft, flags: flagSource(input, draft, calibration.thresholds.source), annotator: tools.annotatorId }) };
}

/** Counted without a person's look: what a summary may name. */
function isSure(claim: EffectClaim, { effect, thresholds }: Calibration): boolean {
  return round(calibrate(effect, claim.score)) >= thresholds.effect;
}

/** A main claim is right when kind of text and tier are: the weaker of the two decides. */
export function overallScore(judgement: Judgement): number {
  return Math.min(judgement.type.score, judgement.tier.score);
}

function makeMainClaim(prepared: Prepared, judgement: Judgement, tools: EmbeddedTools): Claim[] {
  const tier = judgement.tier.label;
  if (tier === 'none') return [];
  const { text } = prepared.reading.input;
  const quote = findMainQuote(prepared.reading, judgement.claims, tier);
  const confidence = round(calibrate(tools.calibration.main, overallScore(judgement)));
  const flags: Claim['flags'] = confidence < tools.calibration.thresholds.main ? ['low_confidence'] : [];
  if (!quote) flags.push('ungrounded');
  const { start, end } = quote ?? { start: 0, end: 0 };
  return [
    {
      kind: 'main',
      compound: judgement.subject,
      effect: 'none',
      effect_text: '',
      direction: 'none',
      tier,
      quote: text.slice(start, end),
      start,
      end,
      confidence,
      flags,
    },
  ];
}

function makeEffectClaim(input: AnnotateInput, claim: EffectClaim, options: { readonly tier: EvidenceTier; readonly calibration: Calibration }): Claim {
  const confidence = round(calibrate(options.calibration.effect, claim.score));
  return {
    kind: 'effect',
    compound: claim.compound,
    effect: claim.effect,
    effect_text: claim.effectText,
    direction: claim.direction,
    tier: tierOfEffect(options.tier),
    quote: input.text.slice(claim.quote.start, claim.quote.end),
    start: claim.quote.start,
    end: claim.quote.end,
    confidence,
    flags: isSure(claim, options.calibration) ? [] : ['low_confidence'],
  };
}

/** An effect stated in a text whose main content offers nothing (a question that mentions one) is a bare assertion. */
function tierOfEffect(tier: EvidenceTier): EvidenceTier {
  return tier === 'none' ? 'speculative' : tier;
}

/** Keys in the order the contract prints them: equal annotations are equal bytes. */
function orderAnnotation(annotation: Annotation): Annotation {
  const {
    id,
    language,
    document_type,
    evidence_tier,
    sentiment,
    study_design,
    first_person_use,
    commercial_interest,
    confidence,
    flags,
    summary,
    claims,
    annotator,
  } = annotation;
  return {
    id,
    language,
    document_type,
    evidence_tier,
    sentiment,
    study_design,
    first_person_use,
    commercial_interest,
    confidence,
    flags,
    summary,
    claims,
    annotator,
  };
}
