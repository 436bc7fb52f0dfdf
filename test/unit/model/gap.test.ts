import { describe, expect, it } from 'vitest';
import { findHole, reachOf } from '../../../src/model/gap.ts';
import { findSilence, type Visit } from '../../../src/model/silence.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 5, 1);
const at = (hours: number): Date => new Date(START + hours * HOUR);
/** One visit every `every` hours, each with what it found. */
const visits = (every: number, items: readonly number[]): Visit[] =>
  items.map((found, index) => ({ since: at(index * every), at: at((index + 1) * every), items: found }));
const times = (count: number, ...items: readonly number[]): number[] => Array.from({ length: count }, () => items).flat();

describe('findHole', () => {
  const listing = { begunAt: at(100), metKnown: false };
  it('is the time between what was covered and what a cut listing reached', () => {
    expect(findHole({ ...listing, ended: 'cap', oldestAt: at(60) }, at(50))).toEqual({ since: at(50), until: at(60) });
    expect(findHole({ ...listing, ended: 'budget', oldestAt: at(60) }, at(50))).toEqual({ since: at(50), until: at(60) });
  });
  it('is none where the listing reached what was covered, met it, or is the first', () => {
    expect(findHole({ ...listing, ended: 'cap', oldestAt: at(50) }, at(50))).toBeUndefined();
    expect(findHole({ ...listing, ended: 'end', oldestAt: at(60) }, at(50))).toBeUndefined();
    expect(findHole({ ...listing, ended: 'cap', oldestAt: at(60) }, undefined)).toBeUndefined();
  });
  it('goes by known items where items have no times', () => {
    expect(findHole({ ...listing, ended: 'cap' }, at(50))).toEqual({ since: at(50), until: at(100) });
    expect(findHole({ ...listing, ended: 'cap', metKnown: true }, at(50))).toBeUndefined();
  });
  it('is closed by what reaches below it', () => {
    expect(reachOf({ ...listing, ended: 'cap', oldestAt: at(60) })).toEqual(at(60));
    expect(reachOf({ ...listing, ended: 'end' })).toEqual(at(100));
  });
});

describe('findSilence', () => {
  it('tells a busy community that has gone quiet, from when on and what was to be expected', () => {
    expect(findSilence(visits(6, [...times(40, 5), 0, 0, 0, 0]))).toEqual({ since: at(240), expected: 20 });
  });
  it.each([
    ['before a day is over', visits(6, [...times(40, 5), 0, 0, 0])],
    ['seen once only', visits(48, [...times(40, 100), 0])],
    ['as soon as it found something', visits(6, [...times(40, 5), 0, 0, 0, 0, 1])],
    ['of a community that is always quiet', visits(6, times(500, 0))],
    ['of one that found something a few times', visits(6, [...times(4, 50), ...times(100, 0)])],
    ['that its rate makes likely', visits(24, [...times(20, 1, 0), ...times(15, 0)])],
    ['no longer than twice one before', visits(6, [...times(20, 20), ...times(20, 0), ...times(20, 20), ...times(39, 0)])],
    ['of a community without visits', []],
  ])('finds no silence %s', (_why, given) => {
    expect(findSilence(given)).toBeUndefined();
  });
  it('finds one that is twice as long as any before', () => {
    expect(findSilence(visits(6, [...times(20, 20), ...times(20, 0), ...times(20, 20), ...times(40, 0)]))).toMatchObject({ since: at(360) });
  });
});
