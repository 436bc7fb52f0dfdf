import { describe, expect, it } from 'vitest';
import { DARK, LIGHT, STYLESHEET, type Palette } from '../../../src/api/pages/stylesheet.ts';

/** Relative luminance and contrast: WCAG 2.2, definitions. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe.each<[string, Palette]>([
  ['light', LIGHT],
  ['dark', DARK],
])('colours, %s', (_, palette) => {
  it.each<[keyof Palette, keyof Palette]>([
    ['ink', 'ground'],
    ['ink', 'raised'],
    ['quiet', 'ground'],
    ['quiet', 'raised'],
    ['link', 'ground'],
    ['link', 'raised'],
    ['warning', 'warningGround'],
    ['ink', 'quote'],
    ['person', 'ground'],
    ['improves', 'ground'],
    ['worsens', 'ground'],
    ['same', 'ground'],
  ])('%s on %s is readable (4.5:1)', (ink, ground) => {
    expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it.each<keyof Palette>(['improves', 'worsens', 'same'])('bars in %s stand out (3:1)', (bar) => {
    expect(contrast(palette[bar], palette.raised)).toBeGreaterThanOrEqual(3);
  });
});

describe('the computation', () => {
  it('gives the known extremes', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  });
});

describe('dark', () => {
  it('is for screens: paper stays white', () => {
    expect(STYLESHEET.match(/prefers-color-scheme/g)).toHaveLength(1);
    expect(STYLESHEET).toContain('@media screen and (prefers-color-scheme:dark)');
  });
});
