/** Study design of literature: metadata first, then the text. */
import { describe, expect, it } from 'vitest';
import { readRecordTier, readStudyDesign } from '../../../src/annotators/embedded/study-design.ts';
import type { AnnotateInput } from '../../../src/model/post.ts';
import { annotate } from './tools.ts';

const TRIAL =
  'BACKGROUND: Whether the spray shortens recovery is unknown. METHODS: Sixty-four patients were randomly assigned to the drug or to placebo for ten days in a double-blind trial. RESULTS: Patients who received the drug recovered after 11 days and those on placebo after 16 (p < 0.01). CONCLUSIONS: The treatment was effective and well tolerated in these patients.';
const RATS =
  'Male Wistar rats received the peptide intraperitoneally (50 mg/kg) for seven days after injury. Control rats were given saline. Animals treated with the peptide had smaller lesions and moved sooner than control animals. Histology showed less inflammation in the tissue of treated rats. The peptide protects rats from injury.';
const CELLS =
  'The binding of the peptide was studied in vitro. Cultured fibroblasts and a human cell line were incubated with the peptide for 24 hours, and protein expression was measured by western blot assays. Expression of the receptor increased in transfected cells. The purified peptide bound to membranes of these cells with high affinity.';
const REVIEW =
  'Peptides have been proposed for many disorders. This article reviews what is known of their mechanisms, discusses how they may reach the brain, and summarizes controversies in the field. We discuss open questions of safety and of regulation. Future research should clarify which disorders may profit and why the concepts of the last decades have failed.';

const record = (fields: AnnotateInput['record'], text = TRIAL): AnnotateInput => ({
  id: 'r',
  platform: 'pubmed',
  title: 'Semax after injury',
  text,
  compounds: ['Semax'],
  record: fields,
});

describe('an abstract without metadata', () => {
  it.each([
    ['a trial', TRIAL, 'primary_study', 'human', 'rct'],
    ['animals', RATS, 'primary_study', 'preclinical', 'animal'],
    ['cells', CELLS, 'primary_study', 'preclinical', 'in_vitro'],
  ])('%s', async (_, text, document_type, evidence_tier, study_design) => {
    expect(await annotate(text, { platform: 'pubmed', title: 'Semax after injury', record: { pmid: '1' } })).toMatchObject({
      document_type,
      evidence_tier,
      study_design,
    });
  });

  it('a review is told from a study by its text', async () => {
    expect(await annotate(REVIEW, { platform: 'pubmed', title: 'Semax and its relatives', record: { pmid: '1' } })).toMatchObject({
      document_type: 'review_article',
      study_design: 'review',
    });
  });

  it('has its design even if it is about no compound', async () => {
    expect(await annotate(RATS.replaceAll('peptide', 'extract'), { platform: 'pubmed', title: 'Recovery after injury' })).toMatchObject({
      document_type: 'off_topic',
      study_design: 'animal',
    });
  });

  it('a case report that also reads the literature stays one', async () => {
    const text =
      'We report the case of a 41-year-old woman who developed a rash after the nasal spray. The patient was admitted with itching and swelling. She was treated with antihistamines and recovered within three days. A search of the literature found two similar cases. Physicians should be aware of this reaction in patients who use the spray.';
    expect(await annotate(text, { platform: 'pubmed', title: 'Rash after Semax: a case report and review of the literature' })).toMatchObject({
      document_type: 'primary_study',
      study_design: 'case_report',
    });
  });
});

describe('publication types', () => {
  it.each([
    [['Journal Article', 'Randomized Controlled Trial'], RATS, 'rct'],
    [['Journal Article', 'Clinical Trial Protocol'], TRIAL, 'protocol'],
    [['Journal Article', 'Meta-Analysis'], TRIAL, 'systematic_review'],
    [['Clinical Trial, Veterinary'], TRIAL, 'animal'],
    [['Editorial'], TRIAL, 'none'],
    // a publisher's word says nothing of the design
    [['Journal Article'], TRIAL, 'rct'],
    // an indexer has read it and did not call it a randomized trial
    [['Journal Article', "Research Support, Non-U.S. Gov't"], TRIAL, 'human_trial'],
  ])('%j', async (publication_types, text, study_design) => {
    expect(await annotate(text, { platform: 'pubmed', title: 'Semax after injury', record: { publication_types } })).toMatchObject({ study_design });
  });
});

describe('MeSH check tags', () => {
  it.each([
    [['Humans', 'Adult'], 'human'],
    [['Animals', 'Rats'], 'preclinical'],
    [['Humans', 'Animals', 'Mice'], 'preclinical'],
    [['Brain Injuries'], undefined],
  ])('%j of a record whose text says nothing', (mesh, tier) => {
    expect(readRecordTier(record({ mesh }, ''), undefined)).toBe(tier);
  });

  it('of people and animals both, a trial is one of people', () => {
    expect(readRecordTier(record({ mesh: ['Humans', 'Animals'], publication_types: ['Randomized Controlled Trial'] }), undefined)).toBe('human');
  });

  it('cells of human origin are no people', () => {
    const cells = record({ mesh: ['Humans', 'Cell Line, Tumor'] }, CELLS);
    expect(readRecordTier(cells, 'in_vitro')).toBe('preclinical');
    expect(readRecordTier(cells, 'human')).toBe('human');
  });

  it('animals alone stand before words of a trial', () => {
    expect(readStudyDesign(record({ mesh: ['Animals', 'Dogs'], publication_types: ['Clinical Trial'] }), 'human')).toBe('animal');
  });
});
