import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCitedRecords, MAX_CITED, mergeCited } from '../../../src/normalize/cited-records.ts';

describe('findCitedRecords', () => {
  it.each([
    ['https://pubmed.ncbi.nlm.nih.gov/12345678/', ['pmid:12345678']],
    ['http://www.ncbi.nlm.nih.gov/pubmed/990001?dopt=Abstract', ['pmid:990001']],
    ['see https://www.ncbi.nlm.nih.gov/m/pubmed/990001/.', ['pmid:990001']],
    ['https://europepmc.org/article/MED/990001', ['pmid:990001']],
    ['<a href="https://pubmed.ncbi.nlm.nih.gov/7">here</a>', ['pmid:7']],
    ['[a trial](https://pubmed.ncbi.nlm.nih.gov/990001)', ['pmid:990001']],
    ['Ivanov 2001, PMID: 990001. PMID 990002; pmid:0990003 (PMID#990004)', ['pmid:990001', 'pmid:990002', 'pmid:990003', 'pmid:990004']],
    ['https://clinicaltrials.gov/study/NCT99000001', ['nct:NCT99000001']],
    ['https://clinicaltrials.gov/ct2/show/nct99000001?term=x', ['nct:NCT99000001']],
    ['(https://doi.org/10.1000/AbC.12).', ['doi:10.1000/abc.12']],
    ['https://dx.doi.org/10.1000%2Fabc', ['doi:10.1000/abc']],
    ['https://doi.org/10.1016/S0000-0000(01)00001-2', ['doi:10.1016/s0000-0000(01)00001-2']],
    ['https://doi.org/10.1000/abc?utm_source=x', ['doi:10.1000/abc']],
  ])('finds in %j', (text, expected) => {
    expect(findCitedRecords(text)).toEqual(expected);
  });

  it.each([
    // Shortened for display: the number is cut.
    'https://pubmed.ncbi.nlm.nih.gov/1234…',
    'www.ncbi.nlm.nih.gov/pubmed/1234...',
    'https://doi.org/10.1000/abc…',
    'https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/',
    'https://pubmed.ncbi.nlm.nih.gov/?term=12345678',
    'https://pubmed.ncbi.nlm.nih.gov/1234567890/',
    'https://pubmed.ncbi.nlm.nih.gov/0',
    'PMID 3',
    'NCT990000011',
    'https://doi.org/',
    'https://doi.org/10.1000/%00',
  ])('finds nothing in %j', (text) => {
    expect(findCitedRecords(text)).toEqual([]);
  });

  it('names each record once, sorted, however it is written', () => {
    expect(findCitedRecords('PMID: 990002 PMID: 990001', 'https://pubmed.ncbi.nlm.nih.gov/990002/ NCT99000001')).toEqual([
      'nct:NCT99000001',
      'pmid:990001',
      'pmid:990002',
    ]);
  });

  it('keeps so many at most, those first that can be looked up', () => {
    const dois = Array.from({ length: 300 }, (_, at) => `https://doi.org/10.1000/${at}`).join(' ');
    const pmids = Array.from({ length: MAX_CITED - 1 }, (_, at) => `PMID: ${990_000 + at}`).join(' ');
    const found = findCitedRecords(`${dois} ${pmids}`);
    expect(found).toHaveLength(MAX_CITED);
    expect(found.filter((name) => name.startsWith('pmid:'))).toHaveLength(MAX_CITED - 1);
    expect(mergeCited(['b', 'a'], ['a'])).toEqual(['a', 'b']);
  });

  it('gives clean names for any text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('PMID:', 'doi.org/10.1234/', 'pubmed.ncbi.nlm.nih.gov/', '%E0%A4%A', '\0', ')', '9999'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        for (const name of findCitedRecords(pieces.join(''))) expect(name).toMatch(/^(?:pmid:[1-9]\d{0,8}|nct:NCT\d{8}|doi:10\.\d{4,9}\/[^\s\p{Cc}]{1,200})$/u);
      }),
    );
  });
});
