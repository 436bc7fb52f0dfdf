/**
 * Study design and what a literature record was measured in. The record's own metadata comes first (publication types, MeSH check
 * tags); a record without MeSH is unknown, not human, and its text decides: by the model of designs, where the text is long enough for one.
 * MeSH check tags and publication types: https://www.nlm.nih.gov/bsd/indexing/training/CHK_010.html and PUB_010.html.
 * Proved by test/unit/annotators/study-design.test.ts.
 */
import type { EvidenceTier, StudyDesign } from '../../model/labels.ts';
import type { AnnotateInput, LiteratureRecord } from '../../model/post.ts';
import { findAddressKind } from './commercial.ts';
import { HUMAN_DESIGNS, likeliest, type DesignReading, type ModelDesign } from './design-model.ts';

const ANIMALS =
  /\b(?:rats?|mice|mouse|murine|rodents?|rabbits?|pigs?|piglets?|dogs?|canine|monkeys?|macaques?|zebrafish|drosophila|elegans|hamsters?|guinea pigs?|sheep|chicks?|sprague|wistar|c57bl|balb|animal models?|animals|in vivo|knockout|primates?|lab animals)\b/giu;
const CELLS =
  /\b(?:in vitro|cell lines?|cultured|cells|fibroblasts?|cardiomyocytes|hek293|pc12|sh-sy5y|hepg2|isolated (?:cells|neurons|tissue)|organoids?|ex vivo)\b/giu;
const PEOPLE =
  /\b(?:patients?|participants?|volunteers?|humans?|men|women|adults?|children|adolescents|healthy (?:subjects|individuals|controls)|clinical trials?|randomi[sz]ed|placebo|double.blind|open.label|phase (?:[1-4]|i{1,3}v?)|cohort|meta.analysis|outpatients?|subjects)\b/giu;

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

type Subjects = 'human' | 'animal' | 'in_vitro';

/** What a text speaks of having measured in; undefined where it does not say. */
export function readSubjects(text: string): Subjects | undefined {
  const sample = text.slice(0, 20_000);
  const animals = count(sample, ANIMALS);
  const cells = count(sample, CELLS);
  const people = count(sample, PEOPLE);
  if (animals === 0 && cells === 0 && people === 0) return undefined;
  if (people > animals + cells) return 'human';
  if (animals >= cells && animals > 0) return 'animal';
  return cells > 0 ? 'in_vitro' : 'human';
}

function hasAny(values: readonly string[] | undefined, pattern: RegExp): boolean {
  return values?.some((value) => pattern.test(value)) ?? false;
}

/** True for PubMed, Europe PMC and registry records, and for pages that are such records. */
export function isLiterature(input: AnnotateInput): boolean {
  if (input.platform === 'pubmed' || input.platform === 'europepmc' || input.platform === 'clinicaltrials') return true;
  return input.platform === 'web' && findAddressKind(input.url) === 'study';
}

const REGISTRY_TEXT =
  /\bNCT\d{8}\b[\s\S]{0,600}\b(?:COMPLETED|RECRUITING|NOT_YET_RECRUITING|TERMINATED|WITHDRAWN|UNKNOWN|ACTIVE_NOT_RECRUITING|ENROLLING_BY_INVITATION|SUSPENDED)\b/u;

export function isRegistryRecord(input: AnnotateInput): boolean {
  if (input.platform === 'clinicaltrials') return true;
  if (input.record?.nct && !input.record.pmid) return true;
  return findAddressKind(input.url) === 'registry' || (input.platform !== 'reddit' && REGISTRY_TEXT.test(input.text.slice(0, 3_000)));
}

export type RecordKind = 'primary_study' | 'review_article' | 'opinion' | 'news';

/** People took part: by publication type. Veterinary types are named apart since 2019. */
function isHumanByType(types: readonly string[] | undefined): boolean {
  return types?.some((type) => /trial|observational study|case reports/iu.test(type) && !/veterinary/iu.test(type)) ?? false;
}

/** Kind of a literature record by its publication types, else by its title and text. */
export function readRecordKind(input: AnnotateInput, reading?: DesignReading): RecordKind {
  const types = input.record?.publication_types;
  if (hasAny(types, /^(?:systematic review|meta-analysis|review|scoping review|network meta-analysis)$/iu)) return 'review_article';
  if (hasAny(types, /^(?:comment|editorial|letter)$/iu) && !hasAny(types, /trial|observational|case reports/iu)) return 'opinion';
  if (hasAny(types, /^(?:news|newspaper article)$/iu)) return 'news';
  if (hasAny(types, /trial|observational study|case reports|comparative study/iu)) return 'primary_study';
  if (reading !== undefined && /^(?:systematic_)?review$/u.test(likeliest(reading))) return 'review_article';
  const title = input.title ?? '';
  // a case is what such a paper adds, the literature what it is compared with
  if (/\bcase reports?\b/iu.test(title)) return 'primary_study';
  if (
    /\b(?:systematic review|meta-analysis|a review|review of|scoping review|narrative review|overview|an update|perspectives?|current (?:status|knowledge|state))\b/iu.test(
      title,
    )
  )
    return 'review_article';
  const text = input.text.slice(0, 5_000);
  if (
    /\b(?:this review|we review|in this (?:mini.?)?review|review (?:summari[sz]es|discusses|focuses|aims)|citations were obtained|we included \d+ (?:\w+ )?(?:studies|trials)|studies were included|literature search)\b/iu.test(
      text,
    )
  )
    return 'review_article';
  return 'primary_study';
}

/** By publication type; MEDLINE's own word stands before everything read from the text. */
function designByType(types: readonly string[] | undefined): StudyDesign | undefined {
  if (hasAny(types, /veterinary/iu)) return 'animal';
  if (hasAny(types, /^clinical trial protocol$/iu)) return 'protocol';
  if (hasAny(types, /^(?:equivalence trial|pragmatic clinical trial|randomi[sz]ed controlled trial)$/iu)) return 'rct';
  if (hasAny(types, /systematic review|meta-analysis/iu)) return 'systematic_review';
  return undefined;
}

/** The design a text tells of: a registry entry, a review, or how it was measured and in what. `reading`: the model's, absent for a short text. */
export function readStudyDesign(input: AnnotateInput, subjects: Subjects | undefined, reading?: DesignReading): StudyDesign {
  if (isRegistryRecord(input)) return 'registry';
  const types = input.record?.publication_types;
  const byType = designByType(types);
  if (byType) return byType;
  const kind = readRecordKind(input, reading);
  if (kind === 'opinion' || kind === 'news') return 'none';
  const title = input.title ?? '';
  if (/\b(?:study protocol|trial protocol|protocol for a)\b/iu.test(title)) return 'protocol';
  if (/\b(?:systematic review|meta-analys[ie]s)\b/iu.test(title)) return 'systematic_review';
  const head = `${title}\n${input.text.slice(0, 8_000)}`;
  if (kind === 'review_article') return isSystematic(head, reading) ? 'systematic_review' : 'review';
  if (subjectsFromMesh(input.record) === 'animal') return reading && likeliest(reading, ['animal', 'in_vitro']) === 'in_vitro' ? 'in_vitro' : 'animal';
  if (hasAny(types, /clinical trial|clinical study/iu)) return 'human_trial';
  if (hasAny(types, /observational study|cohort/iu)) return 'observational';
  if (hasAny(types, /case reports/iu)) return 'case_report';
  return reading ? designByModel(head, input.record, reading) : designByWords(head, subjectsFromMesh(input.record) ?? subjects);
}

function isSystematic(head: string, reading: DesignReading | undefined): boolean {
  if (reading) return likeliest(reading, ['systematic_review', 'review']) === 'systematic_review';
  return /\bmeta-analys[ie]s|inclusion and exclusion criteria\b/iu.test(head);
}

const OBSERVED =
  /\b(?:cohort|cross.sectional|retrospective(?:ly)?|observational|survey|registry data|case.control|questionnaire|epidemiolog\w+|medical records|chart review)\b/iu;
const TRIED = /\b(?:trial|open.label|phase (?:[1-4]|i{1,3}v?)|placebo)\b/iu;
const NOT_ANIMAL: readonly ModelDesign[] = ['none', 'rct', 'human_trial', 'case_report', 'protocol', 'systematic_review', 'review'];

function designByModel(head: string, record: LiteratureRecord | undefined, reading: DesignReading): StudyDesign {
  const design = subjectsFromMesh(record) === 'human' ? likeliest(reading, NOT_ANIMAL) : likeliest(reading);
  if (design === 'rct' && isIndexed(record)) return 'human_trial';
  return design === 'human_trial' && OBSERVED.test(head) && !TRIED.test(head) ? 'observational' : design;
}

/**
 * Somebody at MEDLINE has read it for its types: whoever notes the funding would have noted a randomized trial. `Journal Article` alone is what a
 * publisher sends.
 */
function isIndexed(record: LiteratureRecord | undefined): boolean {
  if (/^(?:completed-)?medline$/iu.test(record?.medline_status ?? '') || (record?.mesh?.length ?? 0) > 0) return true;
  return hasAny(record?.publication_types, /^(?!(?:journal article|english abstract|preprint|published erratum)$)./iu);
}

/** Of a text too short for the model. */
function designByWords(head: string, measured: Subjects | undefined): StudyDesign {
  if (measured === 'animal' || measured === 'in_vitro') return measured;
  if (measured === undefined) return 'none';
  if (/\brandomi[sz]ed\b|\bdouble.blind\b|\bplacebo.controlled\b/iu.test(head) && !/\bnon.?randomi[sz]ed\b/iu.test(head)) return 'rct';
  if (/\b(?:a case of|case reports?|case series|we report (?:a|the) case)\b/iu.test(head)) return 'case_report';
  if (OBSERVED.test(head)) return 'observational';
  return /\b(?:trial|open.label|phase (?:[1-4]|i{1,3}v?)|treated with|administ\w+|treatment)\b/iu.test(head) ? 'human_trial' : 'none';
}

const CELL_HEADING = /^(?:in vitro techniques|cell line.*|cells, cultured|hek293 cells|hep g2 cells|.* cells)$/iu;

/** Check tags: Humans without Animals, Animals without Humans; both, or neither: the text decides. No MeSH: unknown. */
function subjectsFromMesh(record: LiteratureRecord | undefined): Subjects | undefined {
  const mesh = record?.mesh;
  if (!mesh || mesh.length === 0) return undefined;
  const humans = hasAny(mesh, /^humans?$/iu);
  const animals = hasAny(mesh, /^animals?$/iu);
  if (humans !== animals) return humans ? 'human' : 'animal';
  if (humans) return undefined;
  if (hasAny(mesh, /^(?:mice|rats|mice, inbred.*|rats, (?:wistar|sprague-dawley).*|rabbits|dogs|swine)$/iu)) return 'animal';
  return hasAny(mesh, CELL_HEADING) ? 'in_vitro' : undefined;
}

/** Tier of a literature or registry record; undefined where neither metadata nor text says. */
export function readRecordTier(input: AnnotateInput, subjects: Subjects | undefined, reading?: DesignReading): EvidenceTier | undefined {
  const { record } = input;
  if (isRegistryRecord(input)) return record?.has_results === true && /\b(?:improv|reduc|increas|differ|result)/iu.test(input.text) ? 'human' : 'none';
  const tagged = subjectsFromMesh(record);
  // cells of human origin are tagged Humans too: https://www.nlm.nih.gov/bsd/indexing/training/CHK_010.html
  if (tagged === 'human') return hasAny(record?.mesh, CELL_HEADING) && (reading ? likeliest(reading) : subjects) === 'in_vitro' ? 'preclinical' : 'human';
  if (tagged !== undefined) return 'preclinical';
  if (readRecordKind(input, reading) !== 'review_article' && (isHumanByType(record?.publication_types) || record?.nct !== undefined)) return 'human';
  // people and animals both: people alone would be a trial or a case by its publication type
  if (hasAny(record?.mesh, /^animals?$/iu)) return 'preclinical';
  return tierByText(subjects, reading);
}

function tierByText(subjects: Subjects | undefined, reading: DesignReading | undefined): EvidenceTier | undefined {
  const design = reading ? likeliest(reading) : undefined;
  if (design === 'animal' || design === 'in_vitro') return 'preclinical';
  if (design !== undefined && HUMAN_DESIGNS.has(design)) return 'human';
  return subjects === undefined ? undefined : subjects === 'human' ? 'human' : 'preclinical';
}
