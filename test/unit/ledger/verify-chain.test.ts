/** The second half of verification on entries that passed the first: progress, and what is erased. References: references.test.ts. */
import { describe, expect, it } from 'vitest';
import { leafHashOf } from '../../../src/ledger/merkle.ts';
import { VerifiedChain } from '../../../src/ledger/verify-chain.ts';
import type { CheckedEntry } from '../../../src/ledger/verify-entry.ts';

it('progress is told every ten thousand entries', () => {
  const told: number[] = [];
  const chain = new VerifiedChain((entries) => told.push(entries));
  for (let seq = 0; seq < 20_001; seq++) chain.add(bareEntry(seq));
  expect(told).toEqual([10_000, 20_000]);
  expect(chain.size).toBe(20_001);
  expect(chain.head).toEqual(bareEntry(20_000).entry);
});

it('nobody needs to be told', () => {
  const chain = new VerifiedChain();
  for (let seq = 0; seq < 10_000; seq++) chain.add(bareEntry(seq));
  expect(chain.size).toBe(10_000);
});

describe('what is erased', () => {
  const erased = (seq: number): CheckedEntry => {
    const header = { v: 1, topic: 'semax', seq, day: '2026-01-02', type: 'question', commitment: 'a'.repeat(64), number: seq + 1 } as const;
    return { ...bareEntry(seq), header, presence: 'erased' };
  };
  const tombstone = (seq: number, refs: number[]): CheckedEntry => ({
    ...bareEntry(seq),
    header: { v: 1, topic: 'semax', seq, day: '2026-01-02', type: 'tombstone', refs, reason: 'request' },
  });

  it('is counted once, however many tombstones name it', () => {
    const chain = new VerifiedChain();
    for (const entry of [erased(0), erased(1), tombstone(2, [0, 1]), tombstone(3, [0])]) chain.add(entry);
    expect(chain.tally).toMatchObject({ open: 0, withheld: 0, erased: 2 });
    expect(chain.numbers).toEqual({ sources: 0, questions: 2 });
    expect(() => chain.requireTombstones()).not.toThrow();
  });

  it('has a tombstone, the first entry too', () => {
    const chain = new VerifiedChain();
    for (const entry of [erased(0), erased(1), tombstone(2, [1])]) chain.add(entry);
    expect(() => chain.requireTombstones()).toThrow(expect.objectContaining({ where: 'seq 0' }));
  });
});

function bareEntry(seq: number): CheckedEntry {
  const entry = new Uint8Array(32).fill(seq % 251);
  const header = { v: 1, topic: 'semax', seq, day: '2026-01-02', type: 'annotator', annotator: 'a', kind: 'person', digest: 'a'.repeat(64), adopt: 1 } as const;
  return { header, entry, leaf: leafHashOf(entry), presence: 'none' };
}
