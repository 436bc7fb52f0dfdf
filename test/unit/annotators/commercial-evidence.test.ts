import { describe, expect, it } from 'vitest';
import { commercialEvidence } from '../../../src/annotators/embedded/commercial-evidence.ts';
import { annotateLine, loadAnnotator } from '../../../src/annotators/list.ts';

const annotator = await loadAnnotator();

describe('commercial evidence', () => {
  it.each([
    ['Semax spray, use code SAVE15 at the till.', 'coupon', 'use code'],
    ['20% off until Friday!', 'coupon', '20% off'],
    ['Our products are tested, free shipping.', 'seller wording', 'Our products'],
    ['Get it at https://vendor.example/products/semax today', 'shop link', 'https://vendor.example/products/'],
  ])('of %j is its %s', async (text, kind, quote) => {
    expect(commercialEvidence({ text })).toContainEqual({ kind, quote });
    expect(text).toContain(quote);
    const annotation = await annotateLine({ id: 'a', platform: 'reddit', text, compounds: ['Semax'] }, annotator);
    expect(annotation).toMatchObject({ flags: expect.arrayContaining(['commercial']) as unknown });
  });
  it('is the address of a shop, and its title', () => {
    const evidence = commercialEvidence({ text: 'Semax, 30 ml.', title: 'Semax for sale', url: 'https://shop.example/semax' });
    expect(evidence).toEqual([
      { kind: 'shop title', quote: 'for sale' },
      { kind: 'address of a shop', quote: 'https://shop.example/semax' },
    ]);
  });
  it.each(['I bought it twice and it did nothing.', 'My order took two weeks.', 'Semax helped my focus.'])('there is none in %j', (text) => {
    expect(commercialEvidence({ text })).toEqual([]);
  });
});
