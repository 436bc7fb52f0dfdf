/** Scrubbing: what it cannot finish stays pending, and is told; the worker does it at most once a day. What it leaves in the files: drill.test.ts. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { markScrubPending, readLastScrub, readPendingScrub, scrub } from '../../src/db/scrub.ts';
import type { Hearsay } from '../../src/pipeline/hearsay.ts';
import { scrubWhenDue } from '../../src/pipeline/scrub-when-due.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, { applicationName: 'hearsay-test' });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

async function eraseSomething(): Promise<void> {
  await pool.query(`INSERT INTO refusal (topic, key, stage, code, source, item) SELECT slug, '\\x01', 'import', 'a', 'b', 'c' FROM topic`);
  await pool.query('DELETE FROM refusal');
  await markScrubPending(pool);
}

function hearsayAt(now: string, warned: string[]): Hearsay {
  const warn = (_fields: object, message: string): void => void warned.push(message);
  return { pool, adminUrl: database.url, now: () => new Date(now), log: { warn, info: warn, error: warn } } as unknown as Hearsay;
}

describe('scrub', () => {
  beforeEach(() => pool.query(`INSERT INTO topic (slug, title, document) VALUES ('a', 'a', '{}')`));

  it('does nothing where nothing was erased', async () => {
    expect(await scrub(database.url)).toEqual({ done: true, failed: [], left: [] });
    expect(await readLastScrub(pool)).toBeUndefined();
  });

  it('stays pending while an older transaction still sees what was deleted', async () => {
    await pool.query(`INSERT INTO refusal (topic, key, stage, code, source, item) VALUES ('a', '\\x01', 'import', 'a', 'b', 'c')`);
    const reader = new pg.Client(database.url);
    await reader.connect();
    try {
      await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM hearsay.topic');
      await pool.query('DELETE FROM refusal');
      await markScrubPending(pool);
      const since = (await readPendingScrub(pool))?.since;
      const held = await scrub(database.url);
      expect(held.done).toBe(false);
      expect(held.failed).toEqual(expect.arrayContaining([expect.stringMatching(/^hearsay\.refusal: an older transaction/)]));
      expect((await readPendingScrub(pool))?.since).toEqual(since);
      await reader.query('ROLLBACK');
      expect(await scrub(database.url)).toMatchObject({ done: true, failed: [] });
      expect(await readPendingScrub(pool)).toBeUndefined();
      expect(await readLastScrub(pool)).toBeInstanceOf(Date);
    } finally {
      await reader.end();
    }
  });

  it('leaves pending what is erased while it runs', async () => {
    await eraseSomething();
    let marked = false;
    const report = await scrub(database.url, () => {
      // Committed before the last table is rewritten; the scrub cannot know whether its table was already done.
      if (!marked) void markScrubPending(pool);
      marked = true;
    });
    expect(report.done).toBe(true);
    expect(await readPendingScrub(pool)).toBeDefined();
  });

  it('tells what a login that owns nothing cannot do, and ends', async () => {
    await eraseSomething();
    const name = 'hearsay_test_scrubber';
    await pool.query(`DO $$ BEGIN CREATE ROLE ${name} LOGIN PASSWORD 'hearsay-test' IN ROLE hearsay_app; EXCEPTION WHEN duplicate_object THEN NULL; END $$`);
    const url = new URL(database.url);
    url.username = name;
    url.password = 'hearsay-test';
    const report = await scrub(url.href);
    expect(report.left).toEqual(
      expect.arrayContaining([expect.stringMatching(/^hearsay\.ledger_content: only its owner/), expect.stringMatching(/^write-ahead log: /)]),
    );
  });

  it('runs in a worker only when something is pending, and at most once a day', async () => {
    const warned: string[] = [];
    expect(await scrubWhenDue(hearsayAt('2026-03-04T00:00:00Z', warned))).toBe(false);
    await eraseSomething();
    expect(await scrubWhenDue(hearsayAt('2026-03-04T00:00:00Z', warned))).toBe(true);
    const last = (await readLastScrub(pool)) as Date;
    await eraseSomething();
    expect(await scrubWhenDue(hearsayAt(new Date(last.getTime() + 23 * 3_600_000).toISOString(), warned))).toBe(false);
    expect(await scrubWhenDue(hearsayAt(new Date(last.getTime() + 25 * 3_600_000).toISOString(), warned))).toBe(true);
    expect(await readPendingScrub(pool)).toBeUndefined();
    expect(await scrubWhenDue({ ...hearsayAt('2030-01-01T00:00:00Z', warned) })).toBe(false);
    await eraseSomething();
    // A database that cannot be reached does not fail the sweep.
    expect(await scrubWhenDue({ ...hearsayAt('2030-01-01T00:00:00Z', warned), adminUrl: 'postgres://nobody@127.0.0.1:1/x' })).toBe(true);
    expect(warned.join()).toContain('does not answer');
  });
});
