import { describe, expect, it } from 'vitest';
import { recordSchema } from '../../../src/model/post.ts';
import { plainAbstract, plainTitle } from '../../../src/sources/literature/abstract-html.ts';
import { mapResult } from '../../../src/sources/literature/map-europepmc.ts';
import { link, medline, preprint, pprOf } from '../../fixtures/europepmc/records.ts';

const AT = '2026-06-01T00:00:00.000Z';

function postOf(value: unknown) {
  const mapped = mapResult(value, AT);
  if (!('post' in mapped)) throw new Error(JSON.stringify(mapped.refusal));
  expect(recordSchema.parse(mapped.post.record)).toEqual(mapped.post.record);
  return mapped.post;
}
const refusalOf = (value: unknown) => {
  const mapped = mapResult(value, AT);
  return 'refusal' in mapped ? mapped.refusal : undefined;
};

describe('mapResult', () => {
  it('makes a preprint a post of Europe PMC', () => {
    expect(postOf(preprint(1))).toEqual({
      platform: 'europepmc',
      nativeId: `ppr:${pprOf(1)}`,
      kind: 'record',
      title: 'Examplide and rest, part 1.',
      text: 'Background: Rest is short.\nMethods: Examplide was given to rats.',
      url: `https://europepmc.org/article/PPR/${pprOf(1)}`,
      createdAt: '2024-05-05T00:00:00.000Z',
      observedAt: AT,
      record: { doi: '10.99999/examplide.1', journal: 'inventRxiv', year: 2024, publication_types: ['Preprint'] },
    });
  });

  it("gives PubMed's record the identity that PubMed's own source gives it", () => {
    expect(postOf(medline(990_000_001))).toMatchObject({
      platform: 'pubmed',
      nativeId: 'pmid:990000001',
      url: 'https://pubmed.ncbi.nlm.nih.gov/990000001/',
      title: 'Examplide in Rattus invented.',
      text: 'Examplide did little (p < 0.05 and n > 3).',
      record: { pmid: '990000001', journal: 'Journal of invented results', mesh: ['Animals', 'Rats'] },
    });
    expect(postOf(preprint(1, { source: 'NBK', id: 'NBK1', pmid: '990000002' }))).toMatchObject({ platform: 'pubmed', nativeId: 'pmid:990000002' });
  });

  it('names a preprint and its journal article as one study', () => {
    const post = postOf(preprint(1, link('Preprint of')));
    expect(post.nativeId).toBe(`ppr:${pprOf(1)}`);
    expect(post.record).toMatchObject({ pmid: '900001' });
    expect(post.record?.notices).toBeUndefined();
    expect(postOf(preprint(1, link('Preprint of', { source: 'PPR', id: 'PPR1' }))).record?.pmid).toBeUndefined();
  });

  it('keeps the id of the first version, and refuses what is not the newest', () => {
    const versions = [2, 1].map((versionNumber) => ({ id: pprOf(versionNumber), source: 'PPR', versionNumber, firstPublishDate: `2024-0${versionNumber}-02` }));
    const second = postOf(preprint(2, { versionNumber: 2, versionList: { version: versions } }));
    expect(second).toMatchObject({ nativeId: `ppr:${pprOf(1)}`, url: `https://europepmc.org/article/PPR/${pprOf(2)}`, createdAt: '2024-01-02T00:00:00.000Z' });
    expect(refusalOf(preprint(1, { versionNumber: 1, versionList: { version: versions } }))).toMatchObject({ code: 'older_version', item: `ppr:${pprOf(1)}` });
  });

  it.each([
    ['Retraction in', 'retraction'],
    ['Retracted and republished in', 'retraction'],
    ['Partial retraction in', 'concern'],
    ['Expression of concern in', 'concern'],
    ['Erratum in', 'erratum'],
    ['Corrected and republished in', 'erratum'],
  ])('reads "%s" as %s', (type, kind) => {
    expect(postOf(medline(990_000_001, link(type))).record?.notices).toEqual([{ kind, record: 'pmid:900001' }]);
    expect(postOf(medline(990_000_001, link(type, { source: 'PPR' }))).record?.notices).toEqual([{ kind, record: 'J Invent Res. 2025;1:2' }]);
  });

  it.each(['Comment in', 'Retraction of', 'Erratum for', 'Update in'])('takes "%s" for no notice', (type) => {
    expect(postOf(medline(990_000_001, link(type))).record?.notices).toBeUndefined();
  });

  it('knows a retraction by the publication type alone, and once', () => {
    const types = { pubTypeList: { pubType: ['Journal Article', 'Retracted Publication'] } };
    expect(postOf(medline(990_000_001, types)).record?.notices).toEqual([{ kind: 'retraction', record: 'pmid:990000001' }]);
    expect(postOf(medline(990_000_001, { ...types, ...link('Retraction in') })).record?.notices).toEqual([{ kind: 'retraction', record: 'pmid:900001' }]);
    const withdrawn = postOf(preprint(1, { pubTypeList: { pubType: 'preprint-withdrawal' } }));
    expect(withdrawn.record?.notices).toEqual([{ kind: 'retraction', record: `ppr:${pprOf(1)}` }]);
  });

  it.each([
    ['nothing', null, { code: 'malformed_item' }],
    ['a list', [preprint(1)], { code: 'malformed_item' }],
    ['no id', preprint(1, { id: undefined }), { code: 'malformed_item', detail: expect.stringContaining('id is missing') }],
    ['an id that leads elsewhere', preprint(1, { id: '../x' }), { code: 'malformed_item' }],
    ['a PMID that is none', medline(1, { id: 'x', pmid: undefined }), { code: 'malformed_item' }],
    ['types of another shape', preprint(1, { pubTypeList: ['Preprint'] }), { code: 'malformed_item', item: `ppr:${pprOf(1)}` }],
    ['headings of another shape', preprint(1, { meshHeadingList: { meshHeading: [{ name: 'Rats' }] } }), { code: 'malformed_item' }],
    ['corrections of another shape', preprint(1, { commentCorrectionList: { commentCorrection: ['Retraction in'] } }), { code: 'malformed_item' }],
    ['no word', preprint(1, { title: ' <i></i>', abstractText: null }), { code: 'missing_text', item: `ppr:${pprOf(1)}` }],
    ['a patent', preprint(1, { source: 'PAT', id: 'EP1' }), { code: 'unsupported_item', item: 'pat:EP1' }],
  ])('refuses %s', (_name, value, refusal) => {
    expect(refusalOf(value)).toMatchObject(refusal);
  });

  it('never repeats what stands in a field', () => {
    expect(JSON.stringify(refusalOf(preprint(1, { doi: { secret: 'hush' }, title: 'hush' })))).not.toContain('hush');
  });
});

describe('plainAbstract, plainTitle', () => {
  it.each([
    ['<h4>Aim</h4><p>One.</p><p>Two.</p>', 'Aim: One.\nTwo.'],
    ['<jats:title>Abstract</jats:title><jats:p>CO<jats:sub>2</jats:sub> rises</jats:p><jats:p>p < 0.05.</jats:p>', 'CO2 rises\np < 0.05.'],
    ['n <b and c> d, <a href="https://x.example/?a=1&amp;b">here</a> &lt;i&gt; &amp;lt;', 'n <b and c> d, here <i> &lt;'],
    ['<H4>Results:</H4> None', 'Results: None'],
    ['plain\u0000 text', 'plain text'],
  ])('%s', (html, text) => {
    expect(plainAbstract(html)).toBe(text);
  });

  it('keeps a title on one line', () => {
    expect(plainTitle('A<br/>B <sup>1</sup>\n C')).toBe('A B 1 C');
  });

  it('reads hostile markup in linear time', () => {
    for (const piece of ['<', '<a ', '<a x="', '<h4>', "<p x='", '<a x="y" ', '&', '<h4></h4> '])
      expect(plainAbstract(piece.repeat(200_000 / piece.length)).length).toBeLessThanOrEqual(200_000);
  });
});
