import { describe, expect, it } from 'vitest';
import { bundledScope, mentionsOf } from '../../../src/annotators/list.ts';
import type { CompoundScope } from '../../../src/annotators/annotator.ts';

const scope: CompoundScope = {
  compounds: [{ id: 'semax', name: 'Semax', aliases: ['ACTH 4-10 analog'] }],
  lookalikes: [{ name: 'Adamax', of: 'semax', note: 'another compound' }],
};

function found(text: string, more: Readonly<Record<string, string>> = {}): string[] {
  return mentionsOf({ id: 'x', platform: 'reddit', text, ...more }, scope).map(
    ({ where, start, end }) => `${where}:${{ text, ...more }[where as 'text']?.slice(start, end)}`,
  );
}

describe('mentionsOf', () => {
  it('whole words in any case, with hyphens or spaces', () => {
    expect(found('SEMAX, semax. Semaxing? ACTH-4-10 analog')).toEqual(['text:SEMAX', 'text:semax', 'text:ACTH-4-10 analog']);
  });
  it('text, title and parent apart', () => {
    expect(found('it works', { title: 'Semax?', parent: 'try semax' })).toEqual(['title:Semax', 'parent:semax']);
  });
  it('a lookalike is another compound', () => {
    expect(found('N-Acetyl Semax, NA-Semax amidate and Adamax')).toEqual([]);
    expect(found('N-Acetyl Semax is stronger than Semax')).toEqual(['text:Semax']);
  });
  it('reads digits and letters apart: bpc157 is BPC-157', () => {
    const mentions = mentionsOf({ id: 'x', platform: 'reddit', text: 'bpc157 and BPC 157' }, bundledScope());
    expect(mentions.map(({ compound }) => compound)).toEqual(['BPC-157', 'BPC-157']);
  });
  it('an abbreviation that is also a word counts only beside the full name', () => {
    const names = (text: string): string[] => mentionsOf({ id: 'x', platform: 'reddit', text }, bundledScope()).map(({ compound }) => compound);
    expect(names('the ash from the fire')).toEqual([]);
    expect(names('Ashwagandha? ash made me sleepy')).toEqual(['Ashwagandha', 'Ashwagandha']);
  });
});
