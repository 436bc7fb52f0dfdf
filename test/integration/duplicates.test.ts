/** Which sources count as one experience can be looked at, with the reason. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readBeginnings, readDuplicates } from '../../src/ledger/duplicates.ts';
import { encodeSignature } from '../../src/ledger/experience.ts';
import type { SourceRequest } from '../../src/ledger/request.ts';
import { minHash } from '../../src/normalize/min-hash.ts';
import { ANNOTATOR, digest, type LedgerFixture, openLedger, report } from './ledger-fixture.ts';

let ledger: LedgerFixture;
beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

const LONG = 'I took it for three weeks before exams and my focus got better, while my sleep stayed as bad as it had been in all of the months before that';

function telling(post: string, text: string, more: { author?: string; revision?: number } = {}): SourceRequest {
  const { signature, bands } = minHash(text);
  return { ...report({ post, text, ...more }), signature: encodeSignature(signature), bands };
}

it('names the nearest earlier source and what both have in common', async () => {
  const requests = [
    telling('a', LONG, { author: 'ann' }),
    telling('b', 'Something else entirely, about how the storage of a freeze dried powder should be done in summer heat when the fridge is broken', {
      author: 'ann',
    }),
    telling('c', `${LONG}, friends.`),
    telling('d', LONG),
    telling('e', 'Nobody has said this before: nothing came of it at all for me in the two months that I gave it, and the money was gone as well'),
  ];
  const outcomes = await ledger.append(ANNOTATOR, ...requests);
  const [a, b, c, d] = outcomes.slice(1).map((outcome) => (outcome as { seq: number }).seq) as [number, number, number, number];
  const pairs = await readDuplicates(ledger.pool, 'semax', { limit: 10 });
  expect(pairs.map(({ similarity: _, ...pair }) => pair)).toEqual([
    { later: b, earlier: a, because: 'same_author' },
    { later: c, earlier: a, because: 'near_duplicate' },
    { later: d, earlier: a, because: 'same_text' },
    { later: d, earlier: c, because: 'near_duplicate' },
  ]);
  expect(pairs.find((pair) => pair.because === 'same_text')?.similarity).toBe(1);
  for (const pair of pairs.filter(({ because }) => because === 'near_duplicate')) expect(pair.similarity).toBeGreaterThanOrEqual(0.7);
  expect((await readBeginnings(ledger.pool, 'semax', [a, b], 12)).get(a)).toBe('I took it fo');
  expect(await readDuplicates(ledger.pool, 'semax', { limit: 1, after: b })).toEqual(pairs.filter(({ later }) => later === c));
});

it('leaves out older revisions of the same post and what was erased', async () => {
  await ledger.append(telling('a', `${LONG} (edited)`, { author: 'ann', revision: 2 }));
  await ledger.append({ type: 'tombstone', postKey: digest('post:c'), reason: 'request' });
  const pairs = await readDuplicates(ledger.pool, 'semax', { limit: 10 });
  const { rows } = await ledger.pool.query<{ seq: number }>(`SELECT seq FROM ledger_source WHERE state IN ('live', 'withheld')`);
  const live = new Set(rows.map(({ seq }) => seq));
  expect(pairs.length).toBeGreaterThan(0);
  for (const { later, earlier } of pairs) expect([live.has(later), live.has(earlier)]).toEqual([true, true]);
});
