/** One run of a community at a time: within a process, between processes, after a kill, and when the lock's connection is lost. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { holdCommunity } from '../../src/pipeline/community-lock.ts';
import { type CrawlFixture, openCrawl } from './crawl-fixture.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

const PROCESS = path.join(import.meta.dirname, 'lock-process.ts');

describe('the lock', () => {
  let database: TestDatabase;
  let pool: Pool;
  let children: ChildProcess[];
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url, { applicationName: 'test-lock-main', max: 3 });
    children = [];
  });
  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    await pool.end();
    await database.drop();
  });

  /** Resolves with what the other process says first. */
  async function startOther(id: number): Promise<{ child: ChildProcess; said: string }> {
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), PROCESS, database.url, String(id)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [chunk] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
    return { child, said: chunk.toString().trim() };
  }

  const take = (id: number): Promise<string | undefined> => holdCommunity(pool, id, async () => 'mine');

  /** The server gives the locks of a dead or ended connection back in its own time: a backend that is terminated says so to its client first. */
  async function takeWhenFreed(id: number): Promise<string | undefined> {
    for (let tries = 0; tries < 200; tries++) {
      const taken = await take(id);
      if (taken !== undefined) return taken;
      await sleep(25);
    }
    return undefined;
  }

  it('keeps another process out for as long as it is held, and only from that community', async () => {
    await startOther(7);
    expect(await take(7)).toBeUndefined();
    expect(await take(8)).toBe('mine');
    const said = await holdCommunity(pool, 9, async () => (await startOther(9)).said);
    expect(said).toBe('busy');
  });

  it('ends with the process that held it, however that ended', async () => {
    const { child, said } = await startOther(7);
    expect(said).toBe('held');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await takeWhenFreed(7)).toBe('mine');
  });

  it('keeps the same process out too, and is free again afterwards, whatever was thrown', async () => {
    const failing = holdCommunity(pool, 7, async () => {
      expect(await take(7)).toBeUndefined();
      expect(await take(8)).toBe('mine');
      throw new Error('from the work');
    });
    await expect(failing).rejects.toThrow('from the work');
    expect(await take(7)).toBe('mine');
  });

  it('holds any number of communities with one connection', async () => {
    const running = Array.from({ length: 20 }, (_, id) => holdCommunity(pool, id + 1, () => sleep(200, 'mine')));
    await sleep(50);
    expect(pool.totalCount - pool.idleCount).toBe(1);
    expect(new Set(await Promise.all(running))).toEqual(new Set(['mine']));
  });

  it('tells the work when it is lost', async () => {
    const lost = holdCommunity(pool, 7, async (signal) => {
      await pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      await sleep(10_000, undefined, { signal });
    });
    await expect(lost).rejects.toMatchObject({ name: 'TransientError', code: 'database_unavailable' });
    expect(await takeWhenFreed(7)).toBe('mine');
  });
});

describe('crawls', () => {
  let crawl: CrawlFixture;
  beforeEach(async () => {
    crawl = await openCrawl({ communities: ['{ source: x, query: { search: examplide }, schedule: { every: 1d } }'], posts: 250 });
  });
  afterEach(() => crawl.close());

  it('skip a community that is being crawled, asking nothing', async () => {
    const during: unknown[] = [];
    const report = await crawl.crawl(undefined, {
      async onRevisions() {
        if (during.length === 0) during.push(await crawl.crawl());
      },
    });
    expect(report).toMatchObject({ status: 'done', pages: 3 });
    expect(during).toMatchObject([{ status: 'skipped', why: { code: 'crawl_running' }, pages: 0 }]);
    expect(crawl.standIn.requests).toHaveLength(3);
    expect(await crawl.ask('SELECT status FROM crawl')).toEqual([{ status: 'done' }]);
  });

  it('store nothing once another run has taken over', async () => {
    let pages = 0;
    const replaced = crawl.crawl(undefined, {
      async onRevisions() {
        pages++;
        // As the next run does with what a lost one left behind.
        await crawl.ask(`UPDATE crawl SET status = 'failed'`);
      },
    });
    await expect(replaced).rejects.toMatchObject({ code: 'run_replaced' });
    expect(pages).toBe(1);
    expect(await crawl.ask('SELECT count(*)::int AS posts FROM post')).toEqual([{ posts: 100 }]);
  });

  it('do not end a run that another has taken over after its last page', async () => {
    let pages = 0;
    const replaced = crawl.crawl(undefined, {
      async onRevisions() {
        if (++pages === 3) await crawl.ask(`UPDATE crawl SET status = 'failed', error = 'interrupted: the process ended'`);
      },
    });
    await expect(replaced).rejects.toMatchObject({ code: 'run_replaced' });
    expect(await crawl.ask('SELECT status, error_code FROM crawl')).toEqual([{ status: 'failed', error_code: 'interrupted' }]);
  });

  it('give way after their turn and go on from there, within one budget', async () => {
    const first = await crawl.crawl(undefined, { turnMs: 0 });
    expect(first).toMatchObject({ status: 'stopped', pages: 1, requests: 1, why: { code: 'turn_over' } });
    const [community] = await crawl.communities();
    if (!community) throw new Error('no community');
    const second = await crawl.crawl(
      { ...community, budget: { posts_per_run: 200 } },
      { turnMs: 60_000, used: { posts: first.tally.seen, requests: first.requests } },
    );
    expect(second).toMatchObject({ status: 'stopped', pages: 1, why: { code: 'run_budget' } });
    expect(await crawl.crawl()).toMatchObject({ status: 'done', tally: { newPosts: 50 } });
  });
});
