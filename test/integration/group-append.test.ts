/** Group commit: outcomes of single requests that share transactions. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countsOf } from '../../src/counts/fold.ts';
import { GroupAppender } from '../../src/ledger/group-append.ts';
import { ANNOTATOR, digest, type LedgerFixture, NOW, openLedger, report, review } from './ledger-fixture.ts';

let ledger: LedgerFixture;
let appends: GroupAppender;
beforeEach(async () => {
  ledger = await openLedger();
  await ledger.append(ANNOTATOR, ...Array.from({ length: 10 }, (_, nth) => report({ post: `p${nth}` })));
  appends = new GroupAppender(ledger.pool, { folds: ledger.folds, now: () => NOW });
});
afterEach(() => ledger.close());

async function countTransactions(work: () => Promise<unknown>): Promise<number> {
  const count = async () => {
    const found = await ledger.pool.query<{ many: number }>(`SELECT count(DISTINCT xmin::text)::int AS many FROM ledger_entry`);
    return found.rows[0]?.many as number;
  };
  const before = await count();
  await work();
  return (await count()) - before;
}

describe('group commit', () => {
  it('puts what is asked at once into few transactions, each request once', async () => {
    const questions = Array.from({ length: 64 }, (_, nth) => ({ type: 'question' as const, id: `q${nth}`, text: `Question ${nth}?` }));
    const transactions = await countTransactions(async () => {
      const outcomes = await Promise.all([...questions, ...questions].map((question) => appends.append('semax', question)));
      expect(new Set(outcomes.slice(0, 64).map((outcome) => 'seq' in outcome && outcome.seq)).size).toBe(64);
      expect(outcomes.slice(64)).toEqual(outcomes.slice(0, 64).map((outcome) => ({ ...outcome, outcome: 'existing' })));
    });
    expect(transactions).toBeLessThanOrEqual(2);
    expect(countsOf(await ledger.folds.foldAt(ledger.pool, 'semax')).questions).toBe(64);
  });

  it('takes decisions on different entries together and those on one entry one after the other', async () => {
    const [first, second, third] = await Promise.all([
      appends.append('semax', review(1)),
      appends.append('semax', review(4)),
      appends.append('semax', review(1, { decision: 'reject' })),
    ]);
    expect(first).toMatchObject({ outcome: 'appended' });
    expect(second).toMatchObject({ outcome: 'appended' });
    // It had not seen the first one.
    expect(third).toMatchObject({ outcome: 'refused', code: 'stale_decision' });
  });

  it('refuses a decision on what the same moment erases', async () => {
    const [erased, decided] = await Promise.all([
      appends.append('semax', { type: 'tombstone', postKey: digest('post:p0'), reason: 'request' }),
      appends.append('semax', review(1)),
    ]);
    expect(erased).toMatchObject({ outcome: 'appended' });
    expect(decided).toMatchObject({ outcome: 'refused', code: 'not_reviewable' });
  });

  it('lets a request that cannot be sealed fail alone', async () => {
    const results = await Promise.allSettled([
      appends.append('semax', { type: 'question', id: 'good', text: 'Does it help?' }),
      appends.append('semax', { type: 'question', id: 'bad', text: 'half a \ud83d' }),
      appends.append('semax', { type: 'question', id: 'good too', text: 'Does it?' }),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });
});
