import { describe, expect, it } from 'vitest';
import { BAND_COUNT, minHash, SIGNATURE_LENGTH, similarity } from '../../../src/normalize/min-hash.ts';

const text = 'I took it every morning for a month and my focus at work was clearly better than before, with no headaches and better sleep as well.';

function sharedBands(left: string, right: string): number {
  const bands = new Set(minHash(left).bands);
  return minHash(right).bands.filter((band) => bands.has(band)).length;
}

describe('minHash', () => {
  it('has 64 unsigned numbers and 16 keys that fit a signed 64-bit column', () => {
    const { signature, bands } = minHash(text);
    expect(signature).toHaveLength(SIGNATURE_LENGTH);
    expect(bands).toHaveLength(BAND_COUNT);
    expect(signature.every((value) => Number.isInteger(value) && value >= 0 && value <= 0xffffffff)).toBe(true);
    expect(bands.every((band) => BigInt.asIntN(64, band) === band)).toBe(true);
  });
  it('is stored, so it must never change', () => {
    const { signature, bands } = minHash('one two three four five six seven eight');
    expect(signature.slice(0, 3)).toMatchInlineSnapshot(`
      [
        1824111729,
        72600696,
        577775161,
      ]
    `);
    expect(bands[0]).toMatchInlineSnapshot(`-4032296667291721467n`);
  });
  it('finds a text again after small edits, and not another one', () => {
    expect(sharedBands(text, text.toUpperCase().replaceAll(' ', '  '))).toBe(BAND_COUNT);
    const edited = text.replace('clearly', 'noticeably');
    expect(sharedBands(text, edited)).toBeGreaterThan(0);
    expect(similarity(minHash(text).signature, minHash(edited).signature)).toBeGreaterThan(0.5);
    const other = 'The shop was out of stock again so I asked the seller for my money and he never answered any of my messages.';
    expect(sharedBands(text, other)).toBe(0);
    expect(similarity(minHash(text).signature, minHash(other).signature)).toBeLessThan(0.2);
  });
  it('has no bands for texts under eight words: short answers repeat among people', () => {
    expect(minHash('this works really well for me too')).toEqual({ signature: [], bands: [] });
    expect(similarity([], [])).toBe(0);
  });
});
