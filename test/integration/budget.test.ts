/** Budgets: a month's money is a hard stop, counted before it is spent, by rivals and over crashes; so is a day's number of requests. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Account, readUsed, reserve, settle } from '../../src/pipeline/spending.ts';
import { recheckPosts } from '../../src/pipeline/recheck.ts';
import { type CrawlFixture, openCrawl } from './crawl-fixture.ts';

let crawl: CrawlFixture;
afterEach(() => crawl.close());

const X = (usd: number, search = 'examplide'): string =>
  `{ source: x, query: { search: ${search} }, schedule: { every: 1d }, budget: { usd_per_month: ${usd} } }`;
const spent = async (): Promise<number[]> =>
  (await crawl.ask<{ micro_usd: number }>('SELECT micro_usd FROM spending ORDER BY month, community_id NULLS LAST')).map((row) => row.micro_usd);
const lastRun = async () => (await crawl.ask<{ status: string; error: string | null }>('SELECT status, error FROM crawl ORDER BY id DESC LIMIT 1'))[0];

describe('money of a community', () => {
  it('ends a run before the request that might exceed it, keeps what was read, and goes on next month', async () => {
    // A page may cost $0.50: the third would make it $1.50.
    crawl = await openCrawl({ communities: [X(1.2)], posts: 250 });
    const report = await crawl.crawl();
    expect(report).toMatchObject({ status: 'stopped', pages: 2, why: { code: 'budget_spent' }, tally: { newPosts: 200 } });
    expect(await lastRun()).toMatchObject({
      status: 'stopped',
      error: expect.stringContaining('budget_spent: The next request may cost $0.50; $1.00 of $1.20'),
    });
    expect(await spent()).toEqual([1_000_000]);

    expect(await crawl.crawl()).toMatchObject({ status: 'stopped', pages: 0 });
    expect(crawl.standIn.requests).toHaveLength(2);

    crawl.clock.now = new Date('2026-07-01T00:00:00Z');
    // The next page token still stands; what it gives is 50 posts, so half of what was feared is given back.
    expect(await crawl.crawl()).toMatchObject({ status: 'done', pages: 1, tally: { newPosts: 50 } });
    expect(await spent()).toEqual([1_000_000, 250_000]);
  });

  it('asks nothing at all with a budget of zero', async () => {
    crawl = await openCrawl({ communities: [X(0)], posts: 5 });
    expect(await crawl.crawl()).toMatchObject({ status: 'stopped', pages: 0, why: { code: 'budget_spent' } });
    expect(crawl.standIn.requests).toEqual([]);
  });

  it.each([
    ['stays counted in full when no answer comes', { status: 0, hangUp: true }, 500_000],
    ['stays counted in full on a server error', { status: 503 }, 500_000],
    ['is given back on a refusal', { status: 403, body: '{}' }, 0],
  ])('%s', async (_what, fault, microUsd) => {
    crawl = await openCrawl({ communities: [X(20)], posts: 5, fault: () => fault });
    await expect(crawl.crawl()).rejects.toThrow();
    expect(new Set(await spent())).toEqual(new Set([microUsd]));
  });

  it('counts nothing for what is not asked, because the platform rests', async () => {
    crawl = await openCrawl({ communities: [X(20)], posts: 5, fault: () => ({ status: 429, body: '{}' }) });
    for (let run = 0; run < 2; run++) await expect(crawl.crawl()).rejects.toMatchObject({ code: 'rate_limited' });
    expect(crawl.standIn.requests).toHaveLength(1);
    expect(await spent()).toEqual([0]);
  });

  it('counts what another community of the source spends apart, and both against the budget of the source', async () => {
    crawl = await openCrawl({ communities: [X(20), X(20, 'post')], posts: 150, env: { HEARSAY_USD_PER_MONTH: 'x=1.4' } });
    const [first, second] = await crawl.communities();
    expect(await crawl.crawl(first)).toMatchObject({ status: 'done', pages: 2 });
    expect(await crawl.crawl(second)).toMatchObject({
      status: 'stopped',
      pages: 1,
      why: { code: 'budget_spent', message: expect.stringContaining('all of x') },
    });
    expect(await spent()).toEqual([750_000, 500_000]);
  });

  it('holds up no re-check by the budget of a community or a number of requests, and counts them', async () => {
    crawl = await openCrawl({ communities: [X(0.6)], posts: 60, env: { HEARSAY_REQUESTS_PER_DAY: 'x=1' } });
    await crawl.crawl();
    // When posts were looked at last is Postgres' own time.
    crawl.clock.now = new Date(Date.now() + 60_000);
    for (const total of [300_000, 600_000]) {
      expect(await recheckPosts(crawl.hearsay, { all: true, source: 'x' })).toMatchObject({ checked: 60, failures: [] });
      expect(await spent()).toEqual([300_000, total]);
      crawl.clock.now = new Date(crawl.clock.now.getTime() + 60_000);
    }
    expect(await crawl.ask('SELECT purpose FROM spending ORDER BY purpose')).toEqual([{ purpose: 'crawl' }, { purpose: 'recheck' }]);
  });
});

describe('the accounts', () => {
  it('never let rivals spend the same dollar', async () => {
    crawl = await openCrawl({ communities: [X(20), X(20, 'post')], posts: 1 });
    const [first = 0, second = 0] = (await crawl.communities()).map(({ id }) => id);
    const accountOf = (communityId: number): Account => ({ source: 'x', spender: { purpose: 'crawl', communityId } });
    const now = new Date('2026-11-30T23:59:59Z');
    const asked = Array.from({ length: 40 }, (_, nth) =>
      reserve(crawl.hearsay.pool, accountOf(nth % 2 === 0 ? first : second), { microUsd: 500_000, limits: { ofSource: 5_000_000 }, now }),
    );
    const kinds = (await Promise.all(asked)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'reserved')).toHaveLength(10);
    expect(await readUsed(crawl.hearsay.pool, accountOf(first), now)).toMatchObject({ ofSource: 5_000_000 });
  });

  it('settle in the month that was charged, though it is over by then', async () => {
    crawl = await openCrawl({ communities: [X(20)], posts: 1 });
    const communityId = (await crawl.communities())[0]?.id ?? 0;
    const account: Account = { source: 'x', spender: { purpose: 'crawl', communityId } };
    const reserved = await reserve(crawl.hearsay.pool, account, { microUsd: 500_000, limits: {}, now: new Date('2026-11-30T23:59:59Z') });
    if (reserved.kind !== 'reserved') throw new Error('refused');
    await settle(crawl.hearsay.pool, account, { month: reserved.month, microUsd: -400_000 });
    expect(await crawl.ask('SELECT month::text, micro_usd FROM spending')).toEqual([{ month: '2026-11-01', micro_usd: 100_000 }]);
  });
});

describe('requests of a day', () => {
  it('end a run, and the next UTC day goes on', async () => {
    crawl = await openCrawl({ communities: [X(20)], posts: 250, env: { HEARSAY_REQUESTS_PER_DAY: 'x=2' } });
    expect(await crawl.crawl()).toMatchObject({
      status: 'stopped',
      pages: 2,
      why: { code: 'budget_spent', message: 'x has made its 2 requests of this UTC day.' },
    });
    expect(await crawl.crawl()).toMatchObject({ status: 'stopped', pages: 0 });
    crawl.clock.now = new Date(crawl.clock.now.getTime() + 86_400_000);
    expect(await crawl.crawl()).toMatchObject({ status: 'done', pages: 1 });
    expect(await crawl.ask('SELECT requests FROM request_day ORDER BY day')).toEqual([{ requests: 2 }, { requests: 1 }]);
  });
});
