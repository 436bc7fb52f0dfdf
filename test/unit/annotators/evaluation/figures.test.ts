/** Figures on counts worked out by hand. */
import { describe, expect, it } from 'vitest';
import { resample } from '../../../../src/annotators/evaluation/bootstrap.ts';
import { calibrationError, gwetAc1, measureFigures, reliabilityTable } from '../../../../src/annotators/evaluation/figures.ts';
import type { Item } from '../../../../src/annotators/evaluation/item.ts';

function items(pairs: readonly (readonly [gold: string, said: string, times: number])[]): Item[] {
  return pairs.flatMap(([gold, said, times]) =>
    Array.from({ length: times }, (_, index) => ({ id: `${gold} ${said} ${index}`, gold, said, cluster: `${gold} ${said} ${index}` })),
  );
}

describe("Gwet's AC1", () => {
  it('of two labels: 80 of 100 agree, both shares are 0.85 and 0.15', () => {
    // pe = 2 x 0.85 x 0.15 = 0.255; (0.8 - 0.255) / 0.745
    const pairs = items([
      ['yes', 'yes', 75],
      ['yes', 'no', 10],
      ['no', 'yes', 10],
      ['no', 'no', 5],
    ]);
    expect(gwetAc1(pairs)).toBeCloseTo(0.545 / 0.745, 10);
  });
  it('is 1 for full agreement and 0 for agreement by chance', () => {
    expect(
      gwetAc1(
        items([
          ['a', 'a', 3],
          ['b', 'b', 4],
          ['c', 'c', 5],
        ]),
      ),
    ).toBe(1);
    const byChance = items([
      ['a', 'a', 1],
      ['a', 'b', 1],
      ['b', 'a', 1],
      ['b', 'b', 1],
    ]);
    expect(gwetAc1(byChance)).toBe(0);
  });
});

describe('calibration', () => {
  const stated = (confidence: number, right: number, wrong: number): Item[] =>
    items([
      ['a', 'a', right],
      ['a', 'b', wrong],
    ]).map((item) => ({ ...item, confidence }));

  it('weighs the distance of each bin by its texts', () => {
    const all = [...stated(0.95, 9, 1), ...stated(0.55, 3, 27)];
    expect(reliabilityTable(all).map(({ stated: at, right, count }) => [at.toFixed(2), right, count])).toEqual([
      ['0.55', 0.1, 30],
      ['0.95', 0.9, 10],
    ]);
    // 30/40 x 0.45 + 10/40 x 0.05
    expect(calibrationError(all)).toBeCloseTo(0.35, 10);
  });
  it('puts 1 into the last bin, and says nothing without confidence', () => {
    expect(reliabilityTable(stated(1, 2, 0))).toEqual([{ stated: 1, right: 1, count: 2 }]);
    expect(calibrationError(items([['a', 'a', 3]]))).toBeUndefined();
  });
});

describe('measureFigures', () => {
  it('leaves classes with fewer than ten texts out of macro-F1, yet counts their errors', () => {
    const { figure, accuracy, classes } = measureFigures({
      name: 'label',
      items: items([
        ['often', 'often', 20],
        ['rare', 'often', 5],
      ]),
    });
    expect(figure).toBeCloseTo(40 / 45, 10);
    expect(accuracy).toBe(0.8);
    expect(classes['rare']).toMatchObject({ f1: 0, count: 5 });
  });
  it('is the F1 of the positive class where there is one', () => {
    const { figure } = measureFigures({
      name: 'flag',
      positive: 'true',
      items: items([
        ['true', 'true', 3],
        ['true', 'false', 1],
        ['false', 'true', 2],
        ['false', 'false', 90],
      ]),
    });
    expect(figure).toBeCloseTo(6 / 9, 10);
  });
  it('gives an interval around the figure that is the same in every run, and wider where texts hang together', () => {
    const apart = items([
      ['a', 'a', 30],
      ['a', 'b', 10],
      ['b', 'b', 30],
      ['b', 'a', 10],
    ]);
    // eight threads of ten texts, each wholly right or wholly wrong
    const together = apart.map((item, index) => ({ ...item, cluster: `thread ${Math.floor(index / 10)}` }));
    const [low, high] = measureFigures({ name: 'label', items: apart }).interval;
    const [lowTogether, highTogether] = measureFigures({ name: 'label', items: together }).interval;
    expect(low).toBeLessThan(0.75);
    expect(high).toBeGreaterThan(0.75);
    expect(highTogether - lowTogether).toBeGreaterThan(high - low);
    expect(measureFigures({ name: 'label', items: apart }).interval).toEqual([low, high]);
  });
});

describe('resample', () => {
  it('leaves draws without a figure out', () => {
    expect(resample([1], () => undefined)).toEqual([0, 0]);
    expect(resample([2, 2, 2], ([first]) => first)).toEqual([2, 2]);
  });
});
