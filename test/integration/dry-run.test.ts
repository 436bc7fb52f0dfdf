/** `crawl --dry-run`: says what would be asked and what it could cost, asks nobody, and shows no secret. */
import { afterEach, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import type { DryRun } from '../../src/pipeline/dry-run.ts';
import { type CrawlFixture, openCrawl } from './crawl-fixture.ts';

let crawl: CrawlFixture;
afterEach(() => crawl.close());

const COMMUNITIES = [
  '{ source: x, query: { search: examplide }, schedule: { every: 1d }, budget: { usd_per_month: 2, posts_per_run: 250 } }',
  '{ source: reddit, query: { subreddit: examplides }, schedule: { every: 1d } }',
  '{ source: web, query: { urls: ["https://a.example/1", "https://a.example/2"] }, schedule: { every: 1d } }',
  '{ source: pubmed, query: { term: examplide }, schedule: { every: 1d }, budget: { requests_per_run: 9 } }',
  '{ source: youtube, query: { search: examplide }, schedule: { every: 1d } }',
];

async function plan(...argv: string[]): Promise<{ code: number; out: string }> {
  const before = crawl.edge.written.out.length;
  const code = await runCli(['crawl', ...argv, '--dry-run'], crawl.edge);
  return { code, out: crawl.edge.written.out.slice(before) };
}

it('says for each community what a run would ask, what it may cost, and what is missing', async () => {
  crawl = await openCrawl({
    communities: COMMUNITIES,
    posts: 5,
    env: { NCBI_API_KEY: 'ncbi-secret-key', YOUTUBE_API_KEY: 'youtube-secret-key', HEARSAY_REQUESTS_PER_DAY: 'web=100' },
  });
  await crawl.crawl();
  const asked = crawl.standIn.requests.length;
  const { code, out } = await plan('semax', '--json');
  expect(code).toBe(0);
  const [x, reddit, web, pubmed, youtube] = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as DryRun);
  expect(x).toMatchObject({
    first: { method: 'GET', url: expect.stringMatching(/^https:\/\/api\.x\.com\/2\/tweets\/search\/recent\?query=examplide.*max_results=100/) },
    // 250 posts are three pages of 100 at half a dollar each; five posts were paid for.
    requests: { least: 1, most: 3 },
    cost: { first: 500_000, most: 1_500_000, spentThisMonth: 0, left: 2_000_000 },
    credentials: expect.arrayContaining([{ env: 'X_BEARER_TOKEN', required: true, set: true }]),
  });
  expect(x).not.toHaveProperty('why');
  expect(reddit).toMatchObject({
    first: { method: 'POST', url: 'https://www.reddit.com/api/v1/access_token' },
    why: { code: 'missing_credentials', message: 'REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET, REDDIT_USER_AGENT not set' },
  });
  expect(web).toMatchObject({ first: { url: 'https://a.example/1' }, requests: { least: 2, most: 2 }, requestsToday: { made: 0, limit: 100 } });
  expect(pubmed).toMatchObject({ first: { method: 'POST', url: expect.stringMatching(/esearch\.fcgi$/) }, requests: { least: 1, most: 9 } });
  // A search is 100 units, and the community's own max_units is 1,000.
  expect(youtube).toMatchObject({ quota: { least: 100, most: 1_000, perDay: 10_000 } });
  expect(x).not.toHaveProperty('quota');
  expect(youtube).toMatchObject({ first: { url: expect.stringMatching(/[?&]key=YOUTUBE_API_KEY(&|$)/) } });
  expect(crawl.standIn.requests).toHaveLength(asked);
  expect(await crawl.ask('SELECT status FROM crawl')).toHaveLength(1);

  const text = (await plan()).out;
  expect(text).toContain('cost: at most $1.50, up to $0.50 a request; $0.00 spent this month (UTC), $2.00 left');
  expect(text).toContain("quota: 100 to 1000 units of the platform's 10000 a day by default");
  expect(text).toContain('credentials: none set; missing REDDIT_CLIENT_ID');
  for (const secret of ['ncbi-secret-key', 'youtube-secret-key', 'made-up-token']) expect(out + text).not.toContain(secret);
});

it('says when the next request would go over the budget, or the source is stopped', async () => {
  crawl = await openCrawl({ communities: ['{ source: x, query: { search: examplide }, schedule: { every: 1d }, budget: { usd_per_month: 0.2 } }'], posts: 5 });
  expect((await plan('semax')).out).toContain('would not run (budget_spent)');
  await runCli(['source', 'stop', 'x'], crawl.edge);
  expect((await plan('semax')).out).toContain('would not run (source_stopped): x is stopped by the operator');
});

it('says when the requests of the day are made', async () => {
  crawl = await openCrawl({ communities: [COMMUNITIES[0] as string], posts: 5, env: { HEARSAY_REQUESTS_PER_DAY: 'x=1' } });
  expect((await plan('semax')).out).not.toContain('would not run');
  crawl.clock.now = new Date();
  await crawl.crawl();
  expect((await plan('semax')).out).toContain('would not run (budget_spent): x has made its 1 requests of this UTC day');
});

it('is the only crawl without a topic', async () => {
  crawl = await openCrawl({ communities: COMMUNITIES, posts: 5 });
  expect(await runCli(['crawl'], crawl.edge)).toBe(2);
  expect(crawl.edge.written.talk).toContain('(bad_target)');
});
