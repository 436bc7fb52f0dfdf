/**
 * From model scores to labels: what rules know for certain (registries, literature records, encyclopaedias, shops) stands before what
 * the models think likely.
 */
import type { DocumentType, EvidenceTier, Sentiment, StudyDesign } from '../../model/labels.ts';
import type { EffectClaim } from './claims.ts';
import { findAddressKind, isCommercialAddress, isCommercialText } from './commercial.ts';
import { readDesign } from './design-model.ts';
import { OTHERS_USED } from './document-features.ts';
import type { FeatureVector } from './hashing.ts';
import { detectLanguage } from './language.ts';
import { predict } from './linear-model.ts';
import type { NameIndex } from './mentions.ts';
import { plainWord, valenceVector } from './outcome-features.ts';
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

/** On topic: a compound of the scope or its class is named somewhere, or the caller says what "it" is and nothing speaks against it. */
function isOnTopic(prepared: Prepared, names: NameIndex): boolean {
  const { reading } = prepared;
  const named = [...reading.names, ...reading.titleNames, ...reading.parentNames];
  if (named.some((name) => name.kind === 'scope') || (names.everything && reading.classWord !== undefined)) return true;
  if (names.subject === undefined) return false;
  // only its lookalikes are named: those are other compounds
  if (named.some((name) => name.kind === 'lookalike')) return named.some((name) => name.kind === 'outside');
  return reading.classWord !== undefined || named.length > 0 || !isAboutSomethingElse(prepared);
}

/** A remark ("same here, back in stock") may be about anything: only a text that says a good deal, of other things, is not about the compound. */
const MIN_WORDS_ELSEWHERE = 10;
const MAY_REFER =
  /\b(?:i|i'm|i've|i'd|i’m|i’ve|me|my|we|us|our|you|he|she|his|her|yes|no|please|thanks?|agreed|same|lol|it|its|this|that|these|those|they|them|one|ones|stuff|yours?|mine|some|any|both|either|which|product|brand|vendor|source|tak\w*|took|us(?:e|ed|es|ing)|dos\w*|m?c?g|mg|ml|iu|inject\w*|spray\w*|nasal\w*|pill\w*|powder|capsul\w*|vial\w*|cycl\w*|stack\w*|drug\w*|med\w*|supplement\w*|nootropic\w*|peptid\w*|compound\w*|effects?|sides?|help\w*|work\w*|feel\w*|felt|tr(?:y|ied|ying)|receptor\w*|brain|body|doctor\w*|patient\w*|stud(?:y|ies)|trial\w*|research\w*|symptom\w*|treat\w*)\b/iu;

/** The caller gives a compound, yet a text that stands alone, in nobody's conversation, names neither it nor anything it could be meant by. */
function isAboutSomethingElse({ reading, candidates }: Prepared): boolean {
  const { input } = reading;
  if (input.title !== undefined || input.parent !== undefined) return false;
  if (reading.tokens.length < MIN_WORDS_ELSEWHERE || candidates.length > 0) return false;
  if (isLiterature(input) || isRegistryRecord(input) || input.record !== undefined) return false;
  if (MAY_REFER.test(input.text.slice(0, 20_000)) || reading.sentences.some((sentence) => sentence.question)) return false;
  // of another language the words above say nothing
  return detectLanguage(reading.text) === 'en';
}

/** `other` for a text without a single readable word: fragments, pictures, emoji. */
function isWordless(reading: Reading): boolean {
  return !reading.tokens.some((token) => /\p{L}{2}/u.test(token.word));
}

export function decideDocumentType(prepared: Prepared, document: DocumentPredictions, names: NameIndex): Scored<DocumentType> {
  const { reading } = prepared;
  const { input } = reading;
  if (!isOnTopic(prepared, names)) return { label: 'off_topic', score: BY_RULE };
  if (isRegistryRecord(input)) return { label: 'registry_record', score: BY_RULE };
  if (isLiterature(input)) return { label: readRecordKind(input, prepared.design), score: 0.9 };
  if (findAddressKind(input.url) === 'encyclopaedia') return { label: 'review_article', score: 0.85 };
  if (isWordless(reading)) return { label: 'other', score: 0.9 };
  const page = input.platform === 'web' && (document.output['use'] ?? 0) < 0.4 ? readPageKind(prepared) : undefined;
  if (page) return page;
  const best = Math.max(...document.type.probabilities);
  if (isExplainingPage(prepared, document)) return { label: 'guide', score: best };
  // off_topic is a matter of names, not of style: never by the model alone
  if (document.type.label === 'first_person_report' && (document.output['use'] ?? 1) < 0.5 && tellsOfOthers(prepared))
    return { label: 'second_hand_report', score: best };
  if (document.type.label === 'off_topic') return { label: 'other', score: best / 2 };
  return { label: document.type.label as DocumentType, score: best };
}

/**
 * A text that ends in a question and tells neither an own use nor an outcome of it only asks: "I get shaky before talks. Has anyone tried it?"
 * speaks of the author, not of what the compound did.
 */
export function onlyAsks({ reading }: Prepared, claims: readonly EffectClaim[]): boolean {
  if (!reading.sentences.at(-1)?.question) return false;
  const telling = reading.sentences.filter((sentence) => !sentence.question && !sentence.quoted);
  if (telling.some((sentence) => OWN_USE_TOLD.test(sentence.plain))) return false;
  // "it did nothing", "no side effects": said of something taken
  if (claims.some((claim) => claim.effect === 'overall' || claim.direction === 'no_effect')) return false;
  const claimed = claims.flatMap((claim) => telling.filter((sentence) => sentence.start <= claim.quote.start && claim.quote.start < sentence.end));
  return !claimed.some((sentence) => OWN_OUTCOME.test(sentence.plain) && /\b(?:c0mp|it|this|that|these|they|since)\b/u.test(sentence.plain));
}

/** A page outside any conversation in which nobody says "I" explains; opinions and asides are people's. */
function isExplainingPage({ reading: { input } }: Prepared, { type }: DocumentPredictions): boolean {
  if (input.platform !== 'web' || input.parent !== undefined || (type.label !== 'opinion' && type.label !== 'other')) return false;
  return !/\b(?:i|i['’]\w+|me|my|mine|we|our)\b/iu.test(input.text.slice(0, 20_000));
}

const OWN_OUTCOME = /\b(?:i|i'm|i've|my|me)\b/u;
const OWN_USE_TOLD =
  /\b(?:i|i've|i'm|i'd|we|we've) (?:\w+ ){0,3}(?:take|took|taking|taken|use|used|using|tried|inject\w*|been on|am on|was on|on it|started|finished|felt|notice\w*|ran|run|running|cycle\w*|dose\w*|dosing|pinn\w*|stopp\w*|stack\w*)\b|\b(?:made|makes|gave|gives|helped|helps|works? for|worked for|on) me\b|\bmy (?:dose|cycle|experience|protocol|first (?:dose|week|time))\b|^(?:just |also |yes,? |yeah,? )?(?:tried|took|used|got|had|felt|been|started|finished|taking|using|noticed)\b/u;

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
    const known = readRecordTier(input, readSubjects(`${input.title ?? ''}\n${input.text}`), prepared.design);
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
  prepared: Prepared,
  type: DocumentType,
  options: { readonly models: Models; readonly later: FeatureVector; readonly claims: readonly EffectClaim[] },
): Scored<Sentiment> {
  if (type === 'registry_record') return { label: 'neutral', score: BY_RULE };
  if (type === 'off_topic') {
    // about no compound: how it judges what it is about. It is in no count
    const valence = predict(options.models.valence, valenceVector(prepared.reading.tokens.map(plainWord)));
    return { label: valence.label as Sentiment, score: Math.max(...valence.probabilities) };
  }
  const prediction = predict(options.models.sentiment, options.later);
  const score = Math.max(...prediction.probabilities);
  const sure = options.claims.filter((claim) => !claim.outside && claim.score >= SURE_CLAIM);
  const said = new Set(sure.map((claim) => claim.direction));
  // "it did nothing for me" complains or does not, and praises nothing
  const didNothing = said.size === 1 && sure.some((claim) => claim.effect === 'overall' && claim.direction === 'no_effect');
  if (didNothing && (prediction.label === 'positive' || prediction.label === 'mixed')) return { label: 'neutral', score: score * 0.8 };
  if (prediction.label === 'negative' && said.has('improves')) return { label: said.has('worsens') ? 'mixed' : 'positive', score: score * 0.8 };
  if (prediction.label === 'positive' && said.has('worsens')) return { label: said.has('improves') ? 'mixed' : 'negative', score: score * 0.8 };
  return { label: prediction.label as Sentiment, score };
}

/** Own use from this probability on: the point of best F1 on texts not seen. */
const USE_SCORE = 0.38;

export function decideFirstPerson(prepared: Prepared, document: DocumentPredictions): boolean {
  const { input } = prepared.reading;
  if (isLiterature(input) || isRegistryRecord(input)) return false;
  return (document.output['use'] ?? 0) >= USE_SCORE;
}

export function decideCommercial(prepared: Prepared, document: DocumentPredictions): boolean {
  if (isLiterature(prepared.reading.input) || isRegistryRecord(prepared.reading.input)) return false;
  return isCommercialText(prepared.reading) || isCommercialAddress(prepared.reading) || document.commercial.label === 'true';
}

/**
 * What a text was measured in and how. Of a literature record this holds whatever it is about; of another text, where it is a study, a scholarly
 * review or passes on a result.
 */
export function decideStudyDesign(
  prepared: Prepared,
  labels: { readonly type: DocumentType; readonly tier: EvidenceTier },
  models: Pick<Models, 'study_design'>,
): StudyDesign {
  const { input } = prepared.reading;
  if (labels.type === 'registry_record') return 'registry';
  const subjects = readSubjects(`${input.title ?? ''}\n${input.text}`);
  if (isLiterature(input)) {
    const design = readStudyDesign(input, subjects, prepared.design);
    // with a compound in its title, a study of people is about what they were given, whatever else was measured
    const named = labels.type === 'primary_study' && labels.tier === 'human' && prepared.reading.titleNames.some(({ kind }) => kind === 'scope');
    return design === 'none' && named ? 'observational' : design;
  }
  if (labels.type === 'study_relay') return labels.tier === 'human' || labels.tier === 'preclinical' ? readStudyDesign(input, subjects) : 'none';
  if (labels.type !== 'primary_study' && labels.type !== 'review_article') return 'none';
  return readStudyDesign(input, subjects, readDesign(models.study_design, input.title ?? '', input.text));
}
