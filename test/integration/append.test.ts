import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countsOf, type ClaimState, listSources, stateOf } from '../../src/counts/fold.ts';
import { inTransaction } from '../../src/db/pool.ts';
import { appendEntries } from '../../src/ledger/append.ts';
import { erasePost } from '../../src/ledger/erase.ts';
import { decodeHeader } from '../../src/ledger/fold-reader.ts';
import type { HeaderOf } from '../../src/ledger/header.ts';
import { deriveKeys } from '../../src/keys.ts';
import { tamper } from './tamper.ts';
import { ANNOTATOR, digest, type LedgerFixture, NOW, openLedger, report, review } from './ledger-fixture.ts';

let ledger: LedgerFixture;
beforeEach(async () => {
  ledger = await openLedger();
  await ledger.append(ANNOTATOR);
});
afterEach(() => ledger.close());

async function headerAt<T extends 'source' | 'claim'>(seq: number): Promise<HeaderOf<T>> {
  const found = await ledger.pool.query<{ header: Buffer }>('SELECT header FROM ledger_entry WHERE seq = $1', [seq]);
  return decodeHeader((found.rows[0] as { header: Buffer }).header) as HeaderOf<T>;
}

async function sizeOf(): Promise<number> {
  return (await ledger.pool.query<{ size: number }>('SELECT size FROM ledger_head')).rows[0]?.size as number;
}

async function counts() {
  return countsOf(await ledger.folds.foldAt(ledger.pool, 'semax'));
}

describe('appending', () => {
  it('chains entries without holes and verifies', async () => {
    await ledger.append(report({ post: 'a' }), report({ post: 'b' }));
    expect(await sizeOf()).toBe(7);
    expect(await ledger.verify()).toMatchObject({ ok: true, size: 7, open: 6, quotes: { checked: 4, unchecked: 0 } });
    expect(await ledger.verify({ withContent: false })).toMatchObject({ ok: true, withheld: 6 });
  });

  it('changes nothing when the same request comes again, in one batch or another', async () => {
    const [first] = await ledger.append(report({ post: 'a' }));
    const again = await ledger.append(report({ post: 'a' }), report({ post: 'a' }));
    expect(again).toEqual([
      { outcome: 'existing', seq: 1 },
      { outcome: 'existing', seq: 1 },
    ]);
    expect(first).toEqual({ outcome: 'appended', seq: 1 });
    expect(await sizeOf()).toBe(4);
  });

  it('keeps every entry of eight racing writers, each once', async () => {
    const batches = Array.from({ length: 8 }, (_, writer) => Array.from({ length: 5 }, (_, nth) => report({ post: `w${(writer + nth) % 8}-${nth}` })));
    await Promise.all(batches.map((batch) => ledger.append(...batch)));
    const result = await ledger.verify();
    expect(result).toMatchObject({ ok: true, size: 1 + 40 * 3 });
  });

  it('leaves no trace of a transaction that was rolled back', async () => {
    await expect(
      inTransaction(ledger.pool, async (client) => {
        await appendEntries(client, { topic: 'semax', now: NOW, folds: ledger.folds }, [report({ post: 'a' })]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await ledger.append(report({ post: 'b' }));
    expect(await ledger.verify()).toMatchObject({ ok: true, size: 4 });
  });

  it('numbers sources, threads and experiences by the first of each', async () => {
    await ledger.append(report({ post: 'a', thread: 't', author: 'x' }), report({ post: 'b', thread: 't' }));
    await ledger.append(report({ post: 'c', author: 'x' }));
    expect(await headerAt(4)).toMatchObject({ number: 2, thread: 1, experience: 4, flags: [] });
    expect(await headerAt(7)).toMatchObject({ number: 3, thread: 7, experience: 1, flags: ['duplicate'] });
    expect(await counts()).toMatchObject({ posts: 3, threads: 2, experiences: 2, claims: { anecdotal: 2, apart: { duplicate: 1 } } });
  });

  it('links two groups that a later source shows to be one', async () => {
    await ledger.append(report({ post: 'a', author: 'x' }), report({ post: 'b', text: 'the very same words that somebody copied elsewhere' }));
    await ledger.append(report({ post: 'c', author: 'x', text: 'the very same words that somebody copied elsewhere' }));
    expect(await counts()).toMatchObject({ experiences: 1 });
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });
});

describe('a changed post', () => {
  it('supersedes its source and is not a repeat of itself', async () => {
    await ledger.append(report({ post: 'a', author: 'x' }));
    await ledger.append(report({ post: 'a', author: 'x', revision: 2, text: 'edit: it was worse for my focus' }));
    expect(await headerAt(4)).toMatchObject({ supersedes: 1, experience: 1, thread: 1, flags: [] });
    expect(await counts()).toMatchObject({ posts: 1, sources: { reddit: 1 }, set_aside: { superseded: 1 } });
  });

  it('keeps a human decision only on an equal claim, and flags the others', async () => {
    await ledger.append(report({ post: 'a' }));
    await ledger.append(review(3, { decision: 'reject' }));
    const text = 'a: it made my focus worse';
    await ledger.append(report({ post: 'a', revision: 2, text, direction: 'worsens' }));
    expect((await headerAt<'claim'>(7)).flags).toEqual(['changed']);
    await ledger.append(report({ post: 'b' }));
    await ledger.append(review(10, { decision: 'reject' }));
    await ledger.append(report({ post: 'b', revision: 2, text: 'b: it made my focus better, and more' }));
    const fold = await ledger.folds.foldAt(ledger.pool, 'semax');
    expect((await headerAt<'claim'>(14)).flags).toEqual([]);
    expect((stateOf(fold, 14) as ClaimState).state).toBe('rejected');
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });
});

describe('decisions', () => {
  it('are refused when stale and can be undone', async () => {
    await ledger.append(report({ post: 'a' }));
    const [accepted] = await ledger.append(review(3));
    expect(accepted).toEqual({ outcome: 'appended', seq: 4 });
    expect(await ledger.append(review(3, { decision: 'reject' }))).toMatchObject([{ outcome: 'refused', code: 'stale_decision' }]);
    await ledger.append(review(3, { decision: 'reject', expects: 4 }));
    expect(await counts()).toMatchObject({ effects: [], set_aside: { rejected_claims: 1 } });
    expect(await ledger.append({ type: 'undo', id: 'u1', ref: 4, reviewer: 'r-test' })).toMatchObject([{ outcome: 'refused' }]);
    await ledger.append({ type: 'undo', id: 'u2', ref: 5, reviewer: 'r-test' });
    expect((await counts()).effects).toHaveLength(1);
    expect(await ledger.append(review(99))).toMatchObject([{ outcome: 'refused', code: 'unknown_ref' }]);
  });

  it('are idempotent by the id their client minted', async () => {
    await ledger.append(report({ post: 'a' }));
    const once = review(3, { id: 'fixed' });
    expect(await ledger.append(once)).toEqual([{ outcome: 'appended', seq: 4 }]);
    expect(await ledger.append(once)).toEqual([{ outcome: 'existing', seq: 4 }]);
  });
});

describe('visibility', () => {
  it('withholds, restores and withholds again', async () => {
    await ledger.append(report({ post: 'a' }));
    const withhold = { type: 'withhold', postKey: digest('post:a'), reason: 'removed_on_platform' } as const;
    expect(await ledger.append(withhold)).toMatchObject([{ outcome: 'appended' }]);
    expect(await ledger.append(withhold)).toEqual([{ outcome: 'nothing' }]);
    expect(await counts()).toMatchObject({ posts: 0, claims: { total: 0 }, set_aside: { withheld: 1, reasons: { removed_on_platform: 1 } } });
    await ledger.append({ ...withhold, type: 'restore', reason: 'back_on_platform' });
    expect(await counts()).toMatchObject({ posts: 1, claims: { anecdotal: 1 }, set_aside: { withheld: 0 } });
    await ledger.append(withhold);
    expect(await counts()).toMatchObject({ set_aside: { withheld: 1 } });
    expect(await ledger.verify()).toMatchObject({ ok: true, open: 3 });
  });

  it('erases content and notes for good, and keeps every revision out', async () => {
    await ledger.append(report({ post: 'a', text: 'canary-7 words that must go away for good' }), report({ post: 'b' }));
    await ledger.append(review(2, { note: 'canary-7 seen' }));
    await ledger.append(report({ post: 'a', revision: 2, text: 'canary-7 edited words that must go as well' }));
    const told = await inTransaction(ledger.pool, (client) =>
      erasePost(client, { postKey: digest('post:a'), reason: 'source_deleted' }, { now: NOW, folds: ledger.folds, keys: deriveKeys(Buffer.alloc(32, 7)) }),
    );
    expect(told).toEqual(['semax']);
    const left = await ledger.pool.query(`SELECT 1 FROM ledger_content WHERE convert_from(content, 'UTF8') LIKE '%canary-7%'`);
    expect(left.rowCount).toBe(0);
    expect(await ledger.append(report({ post: 'a', revision: 3 }))).toMatchObject([{ outcome: 'refused', code: 'erased_before' }]);
    expect(await counts()).toMatchObject({ posts: 1, set_aside: { erased: 2 } });
    const result = await ledger.verify();
    expect(result).toMatchObject({ ok: true });
    expect(await ledger.verify({ withContent: false })).toMatchObject({ ok: true });
  });

  it('makes verification fail when content is gone without a tombstone', async () => {
    await ledger.append(report({ post: 'a' }));
    await tamper(ledger.url, 'ledger_content', 'DELETE FROM ledger_content WHERE seq = 2');
    await expect(ledger.verify()).rejects.toThrow('no tombstone');
  });
});

describe('races', () => {
  it('erase a source that is being appended at that moment, and keep it out', async () => {
    await ledger.pool.query(`INSERT INTO post (post_key, platform, native_id) VALUES ($1, 'reddit', 't3_a')`, [digest('post:a')]);
    await ledger.pool.query(`INSERT INTO topic_post (topic, post_id) SELECT 'semax', id FROM post`);
    const context = { now: NOW, folds: ledger.folds, keys: deriveKeys(Buffer.alloc(32, 7)) };
    let erasing: Promise<string[]> | undefined;
    await inTransaction(ledger.pool, async (client) => {
      await appendEntries(client, { topic: 'semax', now: NOW, folds: ledger.folds }, [report({ post: 'a', text: 'canary-8 words that must go away' })]);
      erasing = inTransaction(ledger.pool, (other) => erasePost(other, { postKey: digest('post:a'), reason: 'request' }, context));
      await waitForLock(ledger);
    });
    expect(await erasing).toEqual(['semax']);
    expect((await ledger.pool.query('SELECT 1 FROM ledger_content')).rowCount).toBe(0);
    expect(await ledger.append(report({ post: 'a', revision: 2 }))).toMatchObject([{ outcome: 'refused', code: 'erased_before' }]);
    expect(await ledger.verify()).toMatchObject({ ok: true });
  });

  it('let two equal notices of one batch be one', async () => {
    const notice = { type: 'notice', postKey: digest('post:a'), kind: 'retraction', record: 'unknown' } as const;
    const outcomes = await ledger.append(report({ post: 'a' }), notice, notice);
    expect(outcomes.slice(1)).toEqual([
      { outcome: 'appended', seq: 4 },
      { outcome: 'existing', seq: 4 },
    ]);
  });

  it('never lose decisions where one batch supersedes a post twice', async () => {
    await ledger.append(report({ post: 'a' }));
    await ledger.append(review(2));
    await expect(ledger.append(report({ post: 'a', revision: 2 }), report({ post: 'a', revision: 3 }))).rejects.toThrow(
      expect.objectContaining({ code: 'bad_batch' }),
    );
    await ledger.append(report({ post: 'a', revision: 2 }));
    await ledger.append(report({ post: 'a', revision: 3 }));
    const fold = await ledger.folds.foldAt(ledger.pool, 'semax');
    const [source] = listSources(fold, { state: 'accepted' });
    expect((stateOf(fold, (source as number) + 1) as ClaimState).review).toBeDefined();
  });
});

/** Until some statement waits for another's lock. */
async function waitForLock({ pool }: LedgerFixture): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    const { rowCount } = await pool.query(`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
    if (rowCount) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('nothing waits');
}
