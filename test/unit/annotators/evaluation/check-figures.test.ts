import { describe, expect, it } from 'vitest';
import { checkFigures, findDrops } from '../../../../src/annotators/evaluation/check-figures.ts';
import type { Item } from '../../../../src/annotators/evaluation/item.ts';

const item = (index: number, right: boolean, fold: number): Item => ({
  id: String(index),
  gold: index % 2 ? 'a' : 'b',
  said: right === Boolean(index % 2) ? 'a' : 'b',
  cluster: String(index),
  fold,
});

describe('the figures that must not drop', () => {
  const texts = Array.from({ length: 120 }, (_, index) => item(index, index % 5 > 0, index % 3));

  it('are of the first two folds', () => {
    const { 'gold/label': all } = checkFigures('gold', { measures: [{ name: 'label', items: texts }] });
    const { 'gold/label': two } = checkFigures('gold', { measures: [{ name: 'label', items: texts.filter(({ fold }) => fold !== 2) }] });
    expect(all).toEqual(two);
    expect(all?.n).toBe(80);
  });
  it('are named when they fall below their interval, on the same number of texts', () => {
    const stored = checkFigures('gold', { measures: [{ name: 'label', items: texts }] });
    const worse = checkFigures('gold', { measures: [{ name: 'label', items: texts.map((one, index) => (index % 2 ? { ...one, said: 'b' } : one)) }] });
    expect(findDrops(stored, stored)).toEqual([]);
    expect(findDrops(stored, worse)).toHaveLength(1);
    expect(findDrops(stored, { 'gold/label': { figure: 0, low: 0, n: 79 } })).toEqual([]);
    expect(findDrops({}, worse)).toEqual([]);
  });
});
