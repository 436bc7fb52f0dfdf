/** The gap rules over any history: src/model/gap.ts and silence.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findHole, type Listing } from '../../src/model/gap.ts';
import { findSilence, SILENCE, type Visit } from '../../src/model/silence.ts';

const moment = fc.integer({ min: 0, max: 4_000_000_000 }).map((ms) => new Date(ms));
const listing: fc.Arbitrary<Listing> = fc.record({
  ended: fc.constantFrom('end', 'cap', 'budget'),
  begunAt: moment,
  oldestAt: fc.option(moment, { nil: undefined }),
  metKnown: fc.boolean(),
});
/** Visits one after the other, up to four days apart. */
const history = fc.array(fc.record({ hours: fc.double({ min: 0.1, max: 96, noNaN: true }), items: fc.nat(200) }), { maxLength: 80 }).map((steps) => {
  let now = 0;
  return steps.map(({ hours, items }): Visit => {
    const since = new Date(now);
    now += hours * 3_600_000;
    return { since, at: new Date(now), items };
  });
});

describe('findHole', () => {
  it('is a time that begins at what was covered, and never of no length', () => {
    fc.assert(
      fc.property(listing, fc.option(moment, { nil: undefined }), (given, coveredUntil) => {
        const hole = findHole(given, coveredUntil);
        if (hole === undefined) return;
        expect(hole.since).toBe(coveredUntil);
        expect(hole.until.getTime()).toBeGreaterThan(hole.since.getTime());
      }),
    );
  });
  it('does not grow when the listing reaches further down', () => {
    fc.assert(
      fc.property(listing, moment, moment, (given, coveredUntil, lower) => {
        if (given.oldestAt === undefined || lower > given.oldestAt) return;
        const before = findHole(given, coveredUntil)?.until.getTime() ?? 0;
        expect(findHole({ ...given, oldestAt: lower }, coveredUntil)?.until.getTime() ?? 0).toBeLessThanOrEqual(before);
      }),
    );
  });
});

describe('findSilence', () => {
  it('is none while the last visit found something, whatever came before', () => {
    fc.assert(fc.property(history, (visits) => findSilence([...visits, { since: new Date(0), at: new Date(1), items: 1 }]) === undefined));
  });
  it('is none for a community that was never active', () => {
    fc.assert(fc.property(history, (visits) => findSilence(visits.map((visit) => ({ ...visit, items: 0 }))) === undefined));
  });
  it('does not end by itself: one more empty visit keeps it', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 2, max: 40 }), (visits, empty) => {
        const end = visits.at(-1)?.at.getTime() ?? 0;
        const silent = (count: number): Visit[] =>
          Array.from({ length: count }, (_, at) => ({ since: new Date(end + at * 86_400_000), at: new Date(end + (at + 1) * 86_400_000), items: 0 }));
        const before = findSilence([...visits, ...silent(empty)]);
        if (before === undefined) return;
        const after = findSilence([...visits, ...silent(empty + 1)]);
        expect(after?.since).toEqual(before.since);
        expect(after?.expected).toBeGreaterThan(before.expected);
      }),
    );
  });
  it('is always a day long, seen twice, and improbable', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 40 }), (visits, empty) => {
        const all = visits.map((visit, at) => (at >= visits.length - empty ? { ...visit, items: 0 } : visit));
        const silence = findSilence(all);
        if (silence === undefined) return;
        const silent = all.filter(({ since }) => since >= silence.since);
        expect(silent.length).toBeGreaterThanOrEqual(SILENCE.minEmptyVisits);
        expect((silent.at(-1) as Visit).at.getTime() - silence.since.getTime()).toBeGreaterThanOrEqual(SILENCE.minMs - 1_000);
        expect(silence.expected).toBeGreaterThanOrEqual(SILENCE.minExpected);
      }),
    );
  });
});
