/** What an append looks up is a few rows of many, also while nobody has counted the tables yet: a scan would make every append slower than the one before. */
import { expect, it } from 'vitest';
import { inTransaction } from '../../src/db/pool.ts';
import { appendEntries } from '../../src/ledger/append.ts';
import { ANNOTATOR, NOW, openLedger, report } from './ledger-fixture.ts';

it('reads no more sources than it asks for, without statistics', async () => {
  const ledger = await openLedger();
  try {
    const posts = (from: number, count: number) => Array.from({ length: count }, (_, nth) => report({ post: `p${from + nth}`, author: `a${from + nth}` }));
    await ledger.append(ANNOTATOR);
    for (let from = 0; from < 1_500; from += 500) await ledger.append(...posts(from, 500));
    const read = await inTransaction(ledger.pool, async (client) => {
      await appendEntries(client, { topic: 'semax', now: NOW, folds: ledger.folds }, posts(1_490, 20));
      const found = await client.query<{ rows: number }>(
        `SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS rows FROM pg_stat_xact_user_tables WHERE relname = 'ledger_source'`,
      );
      return found.rows[0]?.rows ?? 0;
    });
    // Ten of the twenty are known: each is found by its post, author and text, and then read.
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(300);
  } finally {
    await ledger.close();
  }
});
