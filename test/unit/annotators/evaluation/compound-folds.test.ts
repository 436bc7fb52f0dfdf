import { describe, expect, it } from 'vitest';
import { compoundFolds, singleCompounds } from '../../../../src/annotators/evaluation/compound-folds.ts';

const text = (id: string, ...compounds: string[]): { id: string; compounds: string[] } => ({ id, compounds });

describe('singleCompounds', () => {
  it('takes a string of several apart, whatever the spelling', () => {
    expect(singleCompounds(text('1', 'CJC-1295 and ipamorelin'))).toEqual(['cjc1295', 'ipamorelin']);
    expect(singleCompounds(text('2', 'AOD-9604'))).toEqual(singleCompounds(text('3', 'aod9604')));
    expect(singleCompounds(text('4', 'Vasoactive Intestinal Peptide (VIP)'))).toEqual(['vasoactiveintestinalpeptide', 'vip']);
  });
  it('a text without one stands alone', () => {
    expect(singleCompounds({ id: '5' })).toEqual(['text 5']);
  });
});

describe('compoundFolds', () => {
  const texts = [
    ...Array.from({ length: 9 }, (_, index) => text(`semax ${index}`, 'Semax')),
    ...Array.from({ length: 4 }, (_, index) => text(`selank ${index}`, 'Selank')),
    text('both', 'Noopept and Kava'),
    text('noopept', 'noopept'),
    text('kava', 'Kava'),
    text('none', ''),
  ];

  it('has no compound in two folds, not even through a text on both', () => {
    const folds = compoundFolds(texts, 3);
    const foldsOf = (name: string): Set<number | undefined> =>
      new Set(texts.filter((one) => singleCompounds(one).includes(name)).map(({ id }) => folds.get(id)));
    for (const name of ['semax', 'selank', 'noopept', 'kava']) expect(foldsOf(name).size).toBe(1);
    expect(folds.get('noopept')).toBe(folds.get('kava'));
  });
  it('puts every text into a fold, the same in whatever order they come', () => {
    const folds = compoundFolds(texts, 3);
    expect([...folds.keys()].sort()).toEqual(texts.map(({ id }) => id).sort());
    expect(new Set(folds.values())).toEqual(new Set([0, 1, 2]));
    expect([...compoundFolds(texts.toReversed(), 3)].sort()).toEqual([...folds].sort());
  });
});
