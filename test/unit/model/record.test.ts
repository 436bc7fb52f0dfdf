import { describe, expect, it } from 'vitest';
import { readRecord, withReadableRecord } from '../../../src/model/record.ts';

const LISTED = { pmid: '123', publication_types: ['Journal Article', 'Randomized Controlled Trial'], mesh: ['Humans', 'Anxiety'] };

describe('readRecord', () => {
  it('leaves a record in the project’s own form as it is', () => {
    const own = {
      pmid: '1',
      nct: 'NCT00000001',
      doi: '10.1000/x.y(1)',
      journal: 'Made-up Journal',
      year: 2020,
      publication_types: ['Clinical Trial, Phase II'],
      mesh: ['Rats, Wistar'],
      medline_status: 'MEDLINE',
      notices: [{ kind: 'retraction', record: 'pmid:2' }],
      study_type: 'INTERVENTIONAL',
      phases: ['PHASE2', 'PHASE3'],
      allocation: 'RANDOMIZED',
      status: 'COMPLETED',
      has_results: false,
      enrollment: 0,
      conditions: ['Stroke; acute'],
      interventions: ['Semax'],
    };
    expect(readRecord(own)).toEqual(own);
  });
  it.each([
    [{ pmid: 123, publicationTypes: LISTED.publication_types, mesh_terms: 'Humans; *Anxiety/drug therapy' }, LISTED],
    [{ PMID: 'PMID: 123', pubtypes: 'Journal Article; Randomized Controlled Trial', MH: ['Humans', '*Anxiety/drug therapy'] }, LISTED],
    [
      { pmid: 'pmid:123', PT: ['Journal Article', 'Randomized Controlled Trial'], meshHeadings: [{ descriptorName: 'Humans' }, { descriptorName: 'Anxiety' }] },
      LISTED,
    ],
    [
      {
        pmid: '123',
        pubTypeList: { pubType: LISTED.publication_types },
        meshHeadingList: { meshHeading: [{ descriptorName: 'Humans' }, { descriptorName: 'Anxiety' }] },
      },
      LISTED,
    ],
    [
      {
        MedlineCitation: {
          PMID: { '#text': '123', Version: '1' },
          Article: { PublicationTypeList: { PublicationType: [{ '#text': 'Journal Article', UI: 'D016428' }, { '#text': 'Randomized Controlled Trial' }] } },
          MeshHeadingList: { MeshHeading: [{ DescriptorName: { '#text': 'Humans' } }, { DescriptorName: { '#text': 'Anxiety' } }] },
        },
      },
      LISTED,
    ],
    [{ pubtype: 'Review' }, { publication_types: ['Review'] }],
    [{ pubtype: 'Journal Article, Clinical Trial, Phase II' }, { publication_types: ['Journal Article', 'Clinical Trial, Phase II'] }],
    [
      { uid: '123', fulljournalname: 'Made-up Journal', pubdate: '2021 Mar 4' },
      { pmid: '123', journal: 'Made-up Journal', year: 2021 },
    ],
    [
      {
        pmid: 123,
        articleids: [
          { idtype: 'pubmed', value: '123' },
          { idtype: 'doi', value: '10.1000/abc' },
        ],
      },
      { pmid: '123', doi: '10.1000/abc' },
    ],
    [
      { PMID: '123', LID: '10.1000/abc [doi]', DP: '1999 Winter' },
      { pmid: '123', doi: '10.1000/abc', year: 1999 },
    ],
    [
      { pmid: '123', journal: { title: 'Made-up Journal' }, year: '2020' },
      { pmid: '123', journal: 'Made-up Journal', year: 2020 },
    ],
    [
      { pmid: '123', status: 'PubMed-not-MEDLINE' },
      { pmid: '123', medline_status: 'PubMed-not-MEDLINE' },
    ],
    [
      { nctId: 'nct00000001', studyType: 'INTERVENTIONAL', phases: 'Phase 2/Phase 3', overallStatus: 'COMPLETED', hasResults: 'true', enrollment: '40' },
      { nct: 'NCT00000001', study_type: 'INTERVENTIONAL', phases: ['PHASE2', 'PHASE3'], status: 'COMPLETED', has_results: true, enrollment: 40 },
    ],
    [
      { nct_id: 'NCT00000001', phase: 2, condition: 'Stroke' },
      { nct: 'NCT00000001', phases: ['PHASE2'], conditions: ['Stroke'] },
    ],
    ['PMID:123', { pmid: '123' }],
    [123, { pmid: '123' }],
    ['https://clinicaltrials.gov/study/NCT00000001', { nct: 'NCT00000001' }],
  ])('%j', (given, expected) => {
    expect(readRecord(given)).toEqual(expected);
  });
  it('reads a ClinicalTrials.gov study as fetched', () => {
    const study = {
      protocolSection: {
        identificationModule: { nctId: 'NCT00000001', briefTitle: 'A made-up trial' },
        statusModule: { overallStatus: 'COMPLETED', startDateStruct: { date: '2018-05' }, studyFirstPostDateStruct: { date: '2019-01-02', type: 'ACTUAL' } },
        conditionsModule: { conditions: ['Stroke'] },
        designModule: {
          studyType: 'INTERVENTIONAL',
          phases: ['PHASE2'],
          designInfo: { allocation: 'RANDOMIZED' },
          enrollmentInfo: { count: 40, type: 'ACTUAL' },
        },
        armsInterventionsModule: {
          interventions: [
            { type: 'DRUG', name: 'Semax' },
            { type: 'DRUG', name: 'Placebo' },
          ],
        },
      },
      derivedSection: { conditionBrowseModule: { meshes: [{ term: 'Other' }] } },
      hasResults: true,
    };
    expect(readRecord(study)).toEqual({
      nct: 'NCT00000001',
      year: 2019,
      study_type: 'INTERVENTIONAL',
      phases: ['PHASE2'],
      allocation: 'RANDOMIZED',
      status: 'COMPLETED',
      has_results: true,
      enrollment: 40,
      conditions: ['Stroke'],
      interventions: ['Semax', 'Placebo'],
    });
  });
  it.each([[undefined], [null], [true], [[]], [{}], [{ pmid: 'abc' }], ['no id'], [{ mesh: 7 < 3 }]])('nothing in %j', (given) => {
    expect(readRecord(given)).toBeUndefined();
  });
  it('drops the field that cannot be read and keeps the others', () => {
    expect(readRecord({ pmid: 12, year: 'last spring', nct: 'NCT1', publication_types: 5, mesh: null, enrollment: -3, notices: 'none' })).toMatchObject({
      pmid: '12',
    });
    expect(readRecord({ pmid: 12, year: 'last spring', nct: 'NCT1', mesh: null, enrollment: -3, notices: 'none' })).toEqual({ pmid: '12' });
  });
  it('stays small on deep and wide objects', () => {
    let deep: unknown = { pmid: '1' };
    for (let level = 0; level < 5_000; level += 1) deep = { inner: deep };
    expect(readRecord(deep)).toBeUndefined();
    expect(readRecord({ pmid: '1', list: Array.from({ length: 50_000 }, (_, index) => ({ [`k${index}`]: index })) })).toEqual({ pmid: '1' });
  });
});

describe('withReadableRecord', () => {
  it('takes null for absent', () => {
    expect(withReadableRecord({ id: 'a', title: null, record: null })).toEqual({ id: 'a' });
  });
});
