/**
 * Study design and what a literature record was measured in. The record's own metadata comes first (publication types, MeSH check
 * tags); a record without MeSH is unknown, not human, and its text decides.
 * MeSH check tags and publication types: https://www.nlm.nih.gov/bsd/indexing/training/CHK_010.html and PUB_010.html.
 */
import type { EvidenceTier, StudyDesign } from '../../model/labels.ts';
import type { AnnotateInput, LiteratureRecord } from '../../model/post.ts';
import { findAddressKind } from './commercial.ts';

const ANIMALS =
  /\b(?:rats?|mice|mouse|murine|rodents?|rabbits?|pigs?|piglets?|dogs?|canine|monkeys?|macaques?|zebrafish|drosophila|elegans|hamsters?|guinea pigs?|sheep|chicks?|sprague|wistar|c57bl|balb|animal models?|animals|in vivo|knockout|primates?|lab animals)\b/giu;
const CELLS =
  /\b(?:in vitro|cell lines?|cultured|cells|fibroblasts?|cardiomyocytes|hek293|pc12|sh-sy5y|hepg2|isolated (?:cells|neurons|tissue)|organoids?|ex vivo)\b/giu;
const PEOPLE =
  /\b(?:patients?|participants?|volunteers?|humans?|men|women|adults?|children|adolescents|healthy (?:subjects|individuals|controls)|clinical trials?|randomi[sz]ed|placebo|double.blind|open.label|phase (?:[1-4]|i{1,3}v?)|cohort|meta.analysis|outpatients?|subjects)\b/giu;

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** What a text speaks of having measured in; undefined where it does not say. */
export function readSubjects(text: string): 'human' | 'animal' | 'in_vitro' | undefined {
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

/** Kind of a literature record by its publication types, else by its title and text. */
export function readRecordKind(input: AnnotateInput): RecordKind {
  const types = input.record?.publication_types;
  if (hasAny(types, /^(?:systematic review|meta-analysis|review|scoping review|network meta-analysis)$/iu)) return 'review_article';
  if (hasAny(types, /^(?:comment|editorial|letter)$/iu) && !hasAny(types, /trial|observational|case reports/iu)) return 'opinion';
  if (hasAny(types, /^(?:news|newspaper article)$/iu)) return 'news';
  if (hasAny(types, /trial|observational study|case reports|comparative study/iu)) return 'primary_study';
  const title = input.title ?? '';
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

export function readStudyDesign(input: AnnotateInput, subjects: ReturnType<typeof readSubjects>): StudyDesign {
  if (isRegistryRecord(input)) return 'registry';
  const types = input.record?.publication_types;
  const head = `${input.title ?? ''}\n${input.text.slice(0, 8_000)}`;
  if (hasAny(types, /systematic review|meta-analysis/iu) || /\b(?:systematic review|meta-analys[ie]s)\b/iu.test(input.title ?? '')) return 'systematic_review';
  if (readRecordKind(input) === 'review_article') return /\bmeta-analys[ie]s|inclusion and exclusion criteria\b/iu.test(head) ? 'systematic_review' : 'review';
  if (hasAny(types, /^clinical trial protocol$/iu) || /\b(?:study protocol|trial protocol|protocol for a)\b/iu.test(input.title ?? '')) return 'protocol';
  if (hasAny(types, /randomi[sz]ed controlled trial/iu)) return 'rct';
  if (hasAny(types, /clinical trial/iu)) return 'human_trial';
  if (hasAny(types, /observational study|cohort/iu)) return 'observational';
  if (hasAny(types, /case reports/iu)) return 'case_report';
  const measured = subjectsFromMesh(input.record) ?? subjects;
  if (measured === 'animal') return 'animal';
  if (measured === 'in_vitro') return 'in_vitro';
  if (measured === undefined) return 'none';
  if (/\brandomi[sz]ed\b|\bdouble.blind\b|\bplacebo.controlled\b/iu.test(head) && !/\bnon.?randomi[sz]ed\b/iu.test(head)) return 'rct';
  if (/\b(?:a case of|case reports?|case series|we report (?:a|the) case)\b/iu.test(head)) return 'case_report';
  if (/\b(?:cohort|cross.sectional|retrospective|observational|survey|registry data|case.control|questionnaire|epidemiolog\w+)\b/iu.test(head))
    return 'observational';
  if (/\b(?:trial|open.label|phase (?:[1-4]|i{1,3}v?)|treated with|administ\w+|treatment)\b/iu.test(head)) return 'human_trial';
  return 'none';
}

/** Humans without Animals: people; Animals without Humans: animals; both: the text decides; no MeSH: unknown. */
function subjectsFromMesh(record: LiteratureRecord | undefined): 'human' | 'animal' | 'in_vitro' | undefined {
  const mesh = record?.mesh;
  if (!mesh || mesh.length === 0) return undefined;
  const humans = hasAny(mesh, /^humans$/iu);
  const animals = hasAny(mesh, /^(?:animals|mice|rats|mice, inbred.*|rats, (?:wistar|sprague-dawley).*|rabbits|dogs|swine)$/iu);
  if (humans && !animals) return 'human';
  if (animals && !humans) return 'animal';
  if (!humans && !animals && hasAny(mesh, /^(?:in vitro techniques|cell line.*|cells, cultured|hek293 cells|.* cells)$/iu)) return 'in_vitro';
  return undefined;
}

/** Tier of a literature or registry record; undefined where neither metadata nor text says. */
export function readRecordTier(input: AnnotateInput, subjects: ReturnType<typeof readSubjects>): EvidenceTier | undefined {
  if (isRegistryRecord(input)) return input.record?.has_results === true && /\b(?:improv|reduc|increas|differ|result)/iu.test(input.text) ? 'human' : 'none';
  const types = input.record?.publication_types;
  const review = readRecordKind(input) === 'review_article';
  if (!review && (hasAny(types, /trial|observational study|case reports/iu) || input.record?.nct !== undefined)) return 'human';
  const measured = subjectsFromMesh(input.record) ?? subjects;
  if (measured === 'human') return 'human';
  if (measured === 'animal' || measured === 'in_vitro') return 'preclinical';
  return undefined;
}
