/** Re-checks that cannot be paid for: not asked, owed, and seen to be owed until the month has money again. */
import { afterEach, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { readMetrics } from '../../src/pipeline/read-metrics.ts';
import { readRechecks } from '../../src/pipeline/read-rechecks.ts';
import { recheckPosts } from '../../src/pipeline/recheck.ts';
import { type CrawlFixture, openCrawl } from './crawl-fixture.ts';

const HOUR = 3_600_000;
const X = '{ source: x, query: { search: examplide }, schedule: { every: 1d } }';

let crawl: CrawlFixture;
afterEach(() => crawl.close());

async function status(...argv: string[]): Promise<string> {
  const before = crawl.edge.written.out.length;
  expect(await runCli(['crawl', 'status', ...argv], crawl.edge)).toBe(0);
  return crawl.edge.written.out.slice(before);
}

it('sends no look-up that might exceed the month, keeps the posts due, and says so', async () => {
  // 60 posts: $0.30 to read them, $0.30 for each look at all of them.
  crawl = await openCrawl({ communities: [X], posts: 60, env: { HEARSAY_USD_PER_MONTH: 'x=0.6' } });
  await crawl.crawl();
  const second = new Date('2026-06-02T02:00:00Z');
  crawl.clock.now = second;
  expect(await recheckPosts(crawl.hearsay, { source: 'x' })).toMatchObject({ checked: 60, failures: [] });
  expect(await readRechecks(crawl.hearsay.pool, crawl.clock.now)).toMatchObject([
    { source: 'x', kept: 60, due: 0, late: 0, last_round: { checked: 60, error: null } },
  ]);

  const asked = crawl.standIn.requests.length;
  crawl.clock.now = new Date(second.getTime() + 24.5 * HOUR);
  expect(await recheckPosts(crawl.hearsay, { source: 'x' })).toMatchObject({
    checked: 0,
    failures: [{ source: 'x', error: { code: 'budget_spent', message: expect.stringContaining('$0.60 of $0.60 a month for all of x') } }],
  });
  expect(crawl.standIn.requests).toHaveLength(asked);
  expect(await readRechecks(crawl.hearsay.pool, crawl.clock.now)).toMatchObject([{ due: 60, late: 0, last_round: { checked: 0 } }]);
  crawl.clock.now = new Date(second.getTime() + 26.5 * HOUR);
  expect(await readRechecks(crawl.hearsay.pool, crawl.clock.now)).toMatchObject([
    { due: 60, late: 60, oldest: second, because: expect.stringContaining('kept up to date with X') },
  ]);

  crawl.clock.now = new Date('2026-07-01T00:00:00Z');
  expect(await recheckPosts(crawl.hearsay, { source: 'x' })).toMatchObject({ checked: 60, failures: [] });
  expect(await readRechecks(crawl.hearsay.pool, crawl.clock.now)).toMatchObject([{ due: 0, late: 0, last_round: { checked: 60, error: null } }]);
});

it('is shown by the status of crawls and as numbers to alert on', async () => {
  crawl = await openCrawl({ communities: [X], posts: 5, env: { HEARSAY_USD_PER_MONTH: 'x=0.5' } });
  await crawl.crawl();
  await crawl.ask('UPDATE post SET checked_at = now()');
  expect(await status()).not.toContain('OWED');
  // By the clock of the commands: a month's money is gone, and the posts were not looked at for two days.
  crawl.clock.now = new Date();
  await crawl.ask(`UPDATE spending SET month = date_trunc('month', now() AT TIME ZONE 'UTC'), micro_usd = 500000`);
  await crawl.ask(`UPDATE post SET checked_at = now() - interval '2 days' WHERE id % 2 = 0`);
  await recheckPosts(crawl.hearsay, { source: 'x' });
  const late = (await crawl.ask('SELECT 1 FROM post WHERE id % 2 = 0')).length;
  const text = await status('semax');
  expect(text).toContain(`x: RE-CHECKS OWED for ${late} of 5 kept posts, ${late} of them late: due every 24 hours`);
  expect(text).toMatch(/asked about 0: budget_spent: The next request may cost \$0\.\d+; \$0\.50 of \$0\.50 a month for all of x are spent\./);
  expect(JSON.parse(await status('--json'))).toMatchObject({ rechecks: [{ source: 'x', kept: 5, due: late, late, every_hours: 24 }] });
  const metrics = await readMetrics(crawl.hearsay.pool);
  for (const name of ['hearsay_rechecks_due', 'hearsay_rechecks_late'])
    expect(metrics.find((metric) => metric.name === name)?.samples).toEqual([{ labels: { source: 'x' }, value: late }]);
});
