import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistinctNames, DistinctSeqs } from '../../../src/counts/distinct.ts';
import { ExperienceGroups } from '../../../src/counts/experience-groups.ts';
import { createClaimLabels, createFlagSets, createSourceLabels } from '../../../src/counts/labels.ts';
import { MAX_SEQ, NONE, Table } from '../../../src/counts/table.ts';

/** Of several chunks. */
const ROWS = 3_001;

describe('a table', () => {
  it('keeps every cell of every row, over many chunks', () => {
    const table = new Table(3);
    for (let row = 0; row < ROWS; row += 1) {
      expect(table.add()).toBe(row);
      table.set(row, 0, row);
      table.set(row, 2, MAX_SEQ - row);
    }
    expect(table.size).toBe(ROWS);
    for (let row = 0; row < ROWS; row += 1) expect([table.get(row, 0), table.get(row, 1), table.get(row, 2)]).toEqual([row, NONE, MAX_SEQ - row]);
  });

  it('starts with the cells it is told to', () => {
    const table = new Table(1, 0);
    expect(table.get(table.add(), 0)).toBe(0);
  });
});

describe('interned values', () => {
  it('are one for equal labels and different for any that differ', () => {
    const names = fc.constantFrom('a', 'b', 'a b', 'b a', '1 a', '');
    const labels = fc.record({
      compound: names,
      effect: names,
      direction: fc.constantFrom('improves', 'worsens', 'none'),
      tier: fc.constantFrom('human', 'none'),
    });
    fc.assert(
      fc.property(fc.array(labels, { maxLength: 40 }), (all) => {
        const interner = createClaimLabels();
        const ids = all.map((one) => interner.idOf(one));
        for (const [index, id] of ids.entries()) expect(interner.at(id)).toEqual(all[index]);
        expect(new Set(ids).size).toBe(new Set(all.map((one) => JSON.stringify([one.compound, one.effect, one.direction, one.tier]))).size);
      }),
    );
  });

  it('hold the labels of a header and nothing else of it', () => {
    const interner = createSourceLabels();
    const labels = {
      document_type: 'news',
      tier: 'none',
      sentiment: 'mixed',
      study_design: 'none',
      language: 'en',
      first_person: 0,
      commercial: 1,
    } as const;
    const header = { ...labels, seq: 7 };
    expect(interner.at(interner.idOf(header))).toEqual(labels);
    expect(interner.idOf({ ...header, commercial: 0 } as unknown as typeof labels)).not.toBe(interner.idOf(labels));
  });

  it('know which flags wait', () => {
    const interner = createFlagSets();
    expect(interner.at(interner.idOf(['commercial', 'injection', 'language']))).toEqual({
      flags: ['commercial', 'injection', 'language'],
      waiting: ['injection', 'language'],
    });
    expect(interner.idOf([])).toBe(interner.idOf([]));
  });
});

describe('distinct keys', () => {
  it('are as many as have a source left, whatever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key: fc.nat(5), sign: fc.constantFrom(1, -1) }), { maxLength: 60 }), (steps) => {
        const table = new Table(2, 0);
        for (let row = 0; row < 6; row += 1) table.add();
        const [seqs, names] = [new DistinctSeqs(table, 1), new DistinctNames()];
        const sharing = new Map<number, number>();
        for (const { key, sign } of steps) {
          const before = sharing.get(key) ?? 0;
          if (before + sign < 0) continue;
          sharing.set(key, before + sign);
          seqs.add(key, sign as 1);
          names.add(`pmid:${key}`, sign as 1);
          const expected = [...sharing.values()].filter((count) => count > 0).length;
          expect([seqs.size, names.size]).toEqual([expected, expected]);
        }
      }),
    );
  });

  it('move to another key with all their sources', () => {
    const table = new Table(1, 0);
    for (let row = 0; row < 3; row += 1) table.add();
    const seqs = new DistinctSeqs(table, 0);
    for (const seq of [0, 1, 1]) seqs.add(seq, 1);
    seqs.move(1, 0);
    expect(seqs.size).toBe(1);
    for (let left = 3; left > 0; left -= 1) {
      expect(seqs.size).toBe(1);
      seqs.add(0, -1);
    }
    expect(seqs.size).toBe(0);
    seqs.move(2, 0);
    expect(seqs.size).toBe(0);
  });
});

describe('experience groups', () => {
  it('are found under their oldest seq, in whatever order they were linked', () => {
    const groups = new ExperienceGroups();
    expect(groups.join(8, 5)).toEqual({ older: 5, younger: 8 });
    expect(groups.join(9, 8)).toEqual({ older: 5, younger: 9 });
    expect(groups.join(3, 9)).toEqual({ older: 3, younger: 5 });
    expect(groups.join(5, 8)).toBeUndefined();
    expect([3, 5, 8, 9, 10].map((seq) => groups.find(seq))).toEqual([3, 3, 3, 3, 10]);
  });
});
