/**
 * From model scores to labels: what rules know for certain (registries, literature records, encyclopaedias, shops) stands before what
 * the models think likely.
 */
import type { DocumentType, EvidenceTier, Sentiment, StudyDesign } from '../../model/labels.ts';
import type { EffectClaim } from './claims.ts';
import { findAddressKind, isCommercialAddress, isCommercialText } from './commercial.ts';
import { OTHERS_USED } from './document-features.ts';
import type { FeatureVector } from './hashing.ts';
import { predict } from './linear-model.ts';
import type { NameIndex } from './mentions.ts';
import type { Models } from './models.ts';
import type { Reading } from './reading.ts';
import type { DocumentPredictions, Prepared } from './stages.ts';
import { isLiterature, isRegistryRecord, readRecordKind, readRecordTier, readStudyDesign, readSubjects } from './study-design.ts';

/** A label with the score it was chosen by, 0 to 1, before calibration. */
export interface Scored<Label> {
  readonly label: Label;
  readonly score: number;
}

/** Score of a label that a record's own metadata or address gives. */
const BY_RULE = 0.97;

/** On topic: a compound of the scope or its class is named somewhere, or the caller says what "it" is. */
function isOnTopic(reading: Reading, names: NameIndex): boolean {
  if (names.subject !== undefined || (names.everything && reading.classWord !== undefined)) return true;
  const named = [...reading.names, ...reading.titleNames, ...reading.parentNames];
  return named.some((name) => name.kind === 'scope');
}

/** `other` for a text without a single readable word: fragments, pictures, emoji. */
function isWordless(reading: Reading): boolean {
  return !reading.tokens.some((token) => /\p{L}{2}/u.test(token.word));
}

export function decideDocumentType(prepared: Prepared, document: DocumentPredictions, names: NameIndex): Scored<DocumentType> {
  const { reading } = prepared;
  const { input } = reading;
  if (!isOnTopic(reading, names)) return { label: 'off_topic', score: BY_RULE };
  if (isRegistryRecord(input)) return { label: 'registry_record', score: BY_RULE };
  if (isLiterature(input)) return { label: readRecordKind(input), score: 0.9 };
  if (findAddressKind(input.url) === 'encyclopaedia') return { label: 'review_article', score: 0.85 };
  if (isWordless(reading)) return { label: 'other', score: 0.9 };
  const page = input.platform === 'web' && (document.output['use'] ?? 0) < 0.4 ? readPageKind(prepared) : undefined;
  if (page) return page;
  const best = Math.max(...document.type.probabilities);
  // off_topic is a matter of names, not of style: never by the model alone
  if (document.type.label === 'first_person_report' && (document.output['use'] ?? 1) < 0.5 && tellsOfOthers(prepared))
    return { label: 'second_hand_report', score: best };
  if (document.type.label === 'off_topic') return { label: 'other', score: best / 2 };
  return { label: document.type.label as DocumentType, score: best };
}

/** Others' use, and no own one, told outside questions. */
function tellsOfOthers({ reading }: Prepared): boolean {
  const telling = reading.sentences.filter((sentence) => !sentence.question && !sentence.quoted);
  return telling.some((sentence) => OTHERS_USED.test(sentence.plain)) && !telling.some((sentence) => OWN_USE.test(sentence.plain));
}

const OWN_USE =
  /\b(?:i|i've|i'm|i'd) (?:\w+ ){0,3}(?:take|took|taking|taken|use|used|using|tried|try|trying|inject\w*|been on|am on|was on|started|feel|felt|notice\w*)\b/u;

const TELLS_RESULT =
  /\b(?:stud(?:y|ies)|trials?|research(?:ers)?)\b.{0,120}\b(?:found|show\w*|demonstrat\w*|report\w*|resulted|suggest\w*|attributed|associated)\b|\b(?:was associated with|resulted in|dose-dependently|compared (?:with|to) placebo|in (?:rats|mice|healthy adults|patients)|(?:in|de)creased the (?:number|expression))\b/iu;

/** A page nobody wrote about an own use: a shop's, a newspaper's, a survey's, one about a study, else an explainer. */
function readPageKind(prepared: Prepared): Scored<DocumentType> | undefined {
  const { reading } = prepared;
  const kind = findAddressKind(reading.input.url);
  if (kind === 'shop' || isCommercialText(reading)) return { label: 'promotion', score: 0.8 };
  if (kind === 'news') return { label: 'news', score: 0.7 };
  if (/\bsurvey\b/iu.test(reading.input.title ?? '')) return { label: 'primary_study', score: 0.7 };
  // a page on one study is short, or is told sentence by sentence in results
  const relayed = reading.sentences.filter((sentence) => TELLS_RESULT.test(sentence.plain)).length;
  if (relayed * 2 >= reading.sentences.length && relayed > 0) return { label: 'study_relay', score: 0.75 };
  return undefined;
}

export function decideTier(prepared: Prepared, type: DocumentType, options: { readonly models: Models; readonly later: FeatureVector }): Scored<EvidenceTier> {
  const { input } = prepared.reading;
  if (type === 'off_topic') return { label: 'none', score: BY_RULE };
  if (isLiterature(input) || isRegistryRecord(input)) {
    const known = readRecordTier(input, readSubjects(`${input.title ?? ''}\n${input.text}`));
    if (known) return { label: known, score: 0.92 };
  }
  // a relayed study's tier is what it was measured in, where the text says so
  const subjects = type === 'study_relay' ? readSubjects(input.text) : undefined;
  if (subjects) return { label: subjects === 'human' ? 'human' : 'preclinical', score: 0.8 };
  const prediction = predict(options.models.evidence_tier, options.later);
  return { label: prediction.label as EvidenceTier, score: Math.max(...prediction.probabilities) };
}

/** A claim this sure stands against the model's impression of the words. */
const SURE_CLAIM = 0.5;

/** Outcomes, not words: where the claims all point one way, "the pain is gone" cannot be negative nor "it gave me headaches" positive. */
export function decideSentiment(
  type: DocumentType,
  options: { readonly models: Models; readonly later: FeatureVector; readonly claims: readonly EffectClaim[] },
): Scored<Sentiment> {
  if (type === 'off_topic' || type === 'registry_record') return { label: 'neutral', score: BY_RULE };
  const prediction = predict(options.models.sentiment, options.later);
  const score = Math.max(...prediction.probabilities);
  const said = new Set(options.claims.filter((claim) => !claim.outside && claim.score >= SURE_CLAIM).map((claim) => claim.direction));
  if (prediction.label === 'negative' && said.has('improves')) return { label: said.has('worsens') ? 'mixed' : 'positive', score: score * 0.8 };
  if (prediction.label === 'positive' && said.has('worsens')) return { label: said.has('improves') ? 'mixed' : 'negative', score: score * 0.8 };
  return { label: prediction.label as Sentiment, score };
}

export function decideFirstPerson(prepared: Prepared, document: DocumentPredictions): boolean {
  const { input } = prepared.reading;
  if (isLiterature(input) || isRegistryRecord(input)) return false;
  return document.use.label === 'true';
}

export function decideCommercial(prepared: Prepared, document: DocumentPredictions): boolean {
  if (isLiterature(prepared.reading.input) || isRegistryRecord(prepared.reading.input)) return false;
  return isCommercialText(prepared.reading) || isCommercialAddress(prepared.reading) || document.commercial.label === 'true';
}

export function decideStudyDesign(prepared: Prepared, labels: { readonly type: DocumentType; readonly tier: EvidenceTier }): StudyDesign {
  const { input } = prepared.reading;
  if (labels.type === 'registry_record') return 'registry';
  const scientific =
    labels.type === 'primary_study' ||
    labels.type === 'review_article' ||
    (labels.type === 'study_relay' && (labels.tier === 'human' || labels.tier === 'preclinical'));
  return scientific ? readStudyDesign(input, readSubjects(`${input.title ?? ''}\n${input.text}`)) : 'none';
}
