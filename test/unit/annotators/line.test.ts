import { describe, expect, it } from 'vitest';
import { annotateLine, loadAnnotator } from '../../../src/annotators/list.ts';

const annotator = await loadAnnotator();

describe('annotateLine', () => {
  it.each([
    [null, null, 'not_an_object'],
    [[1], null, 'not_an_object'],
    ['text', null, 'not_an_object'],
    [{ text: 'x', platform: 'reddit' }, null, 'missing_id'],
    [{ id: 7, text: 'x', platform: 'reddit' }, null, 'missing_id'],
    [{ id: 'a', platform: 'reddit' }, 'a', 'missing_text'],
    [{ id: 'a', text: 5, platform: 'reddit' }, 'a', 'missing_text'],
    [{ id: 'a', text: 'x', platform: 'myspace' }, 'a', 'bad_line'],
    [{ id: 'a', text: 'x', platform: 'reddit', compounds: 'Semax' }, 'a', 'bad_line'],
    [{ id: 'a', text: 'x'.repeat(1_048_577), platform: 'reddit' }, 'a', 'text_too_large'],
  ])('refuses %#', async (value, id, code) => {
    expect(await annotateLine(value, annotator)).toMatchObject({ id, error: { code, message: expect.any(String) } });
  });
  it('reads a record in whatever form it was fetched, and never refuses a line for it', async () => {
    const line = { id: 'a', platform: 'pubmed', title: 'Semax', text: 'Semax was given for ten days. Recovery was faster.' };
    for (const record of [
      { pmid: 12, publicationTypes: 'Randomized Controlled Trial', mesh_terms: 'Humans; Male' },
      { PMID: 'PMID: 12', PT: ['Randomized Controlled Trial'], MH: ['Humans', 'Male'] },
      { pmid: '12', publication_types: ['Randomized Controlled Trial'], mesh: ['Humans'], year: 'last spring', notices: 7 },
    ]) {
      expect(await annotateLine({ ...line, record }, annotator)).toMatchObject({ document_type: 'primary_study', evidence_tier: 'human', study_design: 'rct' });
    }
    for (const record of [null, 'none', 7, [], { pmid: {} }]) expect(await annotateLine({ ...line, record }, annotator)).not.toHaveProperty('error');
    const study = { protocolSection: { identificationModule: { nctId: 'NCT00000001' }, statusModule: { overallStatus: 'COMPLETED' } }, hasResults: false };
    expect(await annotateLine({ ...line, platform: 'web', record: study }, annotator)).toMatchObject({
      document_type: 'registry_record',
      evidence_tier: 'none',
    });
  });
  it('takes null for an absent field', async () => {
    expect(await annotateLine({ id: 'a', platform: 'reddit', text: 'Semax', title: null, compounds: null, url: null }, annotator)).not.toHaveProperty('error');
  });
  it('gives the same bytes for the same line, in the contract’s key order', async () => {
    const line = { id: 'a', platform: 'reddit', text: 'Semax improved my focus.', title: 'Semax' };
    const first = JSON.stringify(await annotateLine(line, annotator));
    expect(JSON.stringify(await annotateLine({ ...line }, annotator))).toBe(first);
    expect(Object.keys(JSON.parse(first) as object)).toEqual(
      'id language document_type evidence_tier sentiment study_design first_person_use commercial_interest confidence flags summary claims annotator'.split(
        ' ',
      ),
    );
  });
});
