/** What communities have covered, through real crawls of stand-ins: gaps open and close, nothing found is a fact, failures are kept by code. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createApp } from '../../src/api/app.ts';
import { createLogReader } from '../../src/api/database-reader.ts';
import { runCli } from '../../src/cli/run.ts';
import { createPool } from '../../src/db/pool.ts';
import { DEMO_CREDENTIALS } from '../../src/demo/outside-world.ts';
import { startRedditStandIn } from '../../src/demo/standins/reddit.ts';
import { startWebStandIn } from '../../src/demo/standins/web.ts';
import type { AppDeps } from '../../src/api/deps.ts';
import { type CommunityCoverage, readCoverage } from '../../src/pipeline/read-coverage.ts';
import { readMetrics } from '../../src/pipeline/read-metrics.ts';
import { submission } from '../fixtures/reddit/things.ts';
import { createEdge, type TestEdge } from './edge.ts';

const DAY = 86_400_000;
const HOST = 'blog.example';
const bundled = path.resolve(import.meta.dirname, '../../topics/semax.yaml');

let edge: TestEdge;
let dir: string;
let client: pg.Client;
let site: Awaited<ReturnType<typeof startWebStandIn>>;
let reddit: Awaited<ReturnType<typeof startRedditStandIn>>;
/** What the blog answers to every request for its feed. */
let feedStatus = 200;

beforeEach(async () => {
  feedStatus = 200;
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-coverage-'));
  const topicsDir = path.join(dir, 'topics');
  await mkdir(topicsDir);
  const communities = [
    { source: 'feed', query: { url: `https://${HOST}/feed` }, schedule: { every: '6h' } },
    { source: 'reddit', query: { subreddit: 'ExamplePlace' }, schedule: { every: '6h' }, budget: { posts_per_run: 100 } },
  ];
  await writeFile(path.join(topicsDir, 'semax.yaml'), stringify({ ...(parse(await readFile(bundled, 'utf8')) as object), communities }));
  site = await startWebStandIn(feedOf([]), {
    fault: ({ path: asked }) => (asked === '/feed' && feedStatus !== 200 ? { status: feedStatus, body: '' } : undefined),
  });
  reddit = await startRedditStandIn({ things: Array.from({ length: 250 }, (_, n) => submission(n + 1, { title: `Semax ${n}` })) });
  const hosts = [...site.hosts.map((host) => `${host}=${site.url}`), ...reddit.hosts.map((host) => `${host}=${reddit.url}`)];
  edge = await createEdge({ topicsDir, env: { ...DEMO_CREDENTIALS, HEARSAY_ROUTES: hosts.join(',') } });
  await runCli(['topic', 'list'], edge);
  // The first command of a database makes it.
  await runCli(['crawl', 'status'], edge);
  client = new pg.Client({ connectionString: edge.databaseUrl, options: '-c search_path=hearsay' });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await edge.close();
  await site.close();
  await reddit.close();
  await rm(dir, { recursive: true, force: true });
});

/** A feed whose entries are so many days old. */
function feedOf(ages: readonly number[]) {
  const items = ages.map(
    (age) =>
      `<item><title>Semax note</title><guid isPermaLink="false">${age}</guid><description>Note ${age} about Semax.</description><pubDate>${new Date(Date.now() - age * DAY).toUTCString()}</pubDate></item>`,
  );
  const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title><link>https://${HOST}/</link><description>-</description>${items.join('')}</channel></rss>`;
  return { sites: [{ host: HOST, pages: [{ path: '/feed', body, headers: { 'content-type': 'application/rss+xml' } }] }] };
}

async function run(...argv: string[]): Promise<string> {
  const { out } = edge.written;
  await runCli(argv, edge);
  return edge.written.out.slice(out.length);
}
const visit = (source: string): Promise<string> => run('crawl', 'semax', '--source', source, '--json');
async function statusOf(source: string): Promise<CommunityCoverage> {
  const { communities } = JSON.parse(await run('crawl', 'status', 'semax', '--json')) as { communities: CommunityCoverage[] };
  return communities.find((community) => community.source === source) as CommunityCoverage;
}
/** As if the last visit had been so many days ago. */
const lastVisit = (days: number) => client.query(`UPDATE coverage SET covered_until = now() - make_interval(days => $1)`, [days]);

describe('a listing cut short', () => {
  it('is a gap when it ends above what was read before, and closed when a later one reaches below', async () => {
    site.setWorld(feedOf([2, 1]));
    await visit('feed');
    expect(await statusOf('feed')).toMatchObject({ outcome: 'found', seen: 2, fresh: 2, ended: 'cap', gaps: [] });

    await lastVisit(5);
    site.setWorld(feedOf([0.2, 0.1]));
    await visit('feed');
    const cut = await statusOf('feed');
    expect(cut.gaps).toMatchObject([{ kind: 'cap', closed_at: null }]);
    const [gap] = cut.gaps;
    expect(Math.round((Date.now() - Date.parse(String(gap?.since))) / DAY)).toBe(5);
    expect(Math.round(((Date.now() - Date.parse(String(gap?.until))) / DAY) * 10)).toBe(2);
    expect(await run('crawl', 'status')).toMatch(/GAP \d+ \(cap\) \S+ to \S+: the listing ended above/);

    await visit('feed');
    expect((await statusOf('feed')).gaps).toMatchObject([{ kind: 'cap', closed_at: null }]);
    site.setWorld(feedOf([6, 0.2]));
    await visit('feed');
    expect((await statusOf('feed')).gaps).toMatchObject([{ kind: 'cap', closed_at: expect.any(String) }]);
    expect(await run('crawl', 'status')).not.toContain('GAP');
  });

  it('by the budget is one until the run after it has read on to the end', async () => {
    await visit('reddit');
    expect(await statusOf('reddit')).toMatchObject({ outcome: 'stopped', seen: 100, gaps: [{ kind: 'stopped', since: null, closed_at: null }] });
    await visit('reddit');
    expect((await statusOf('reddit')).gaps).toMatchObject([{ kind: 'stopped', closed_at: null }]);
    await visit('reddit');
    expect(await statusOf('reddit')).toMatchObject({ ended: 'end', seen: 50, gaps: [{ kind: 'stopped', closed_at: expect.any(String) }] });
    const { rows } = await client.query('SELECT begun_at, covered_until FROM coverage');
    // What was written while three runs read one listing has not been seen yet.
    const { rows: first } = await client.query('SELECT min(started_at) AS at, max(started_at) AS last FROM crawl');
    expect(rows).toMatchObject([{ begun_at: null }]);
    expect(rows[0].covered_until.getTime()).toBeGreaterThanOrEqual(first[0].at.getTime());
    expect(rows[0].covered_until.getTime()).toBeLessThan(first[0].last.getTime());
  });
});

describe('silence', () => {
  it('of a busy community is a gap from its beginning on, and ends with the first find', async () => {
    await visit('feed');
    await client.query(
      `INSERT INTO crawl (topic, community_id, source, status, pages, seen, new_posts, fresh, fresh_since, listed_at)
       SELECT topic, id, source, 'done', 1, 5, 5, 5, now() - make_interval(days => 43 - n), now() - make_interval(days => 42 - n)
         FROM community, generate_series(1, 39) AS n WHERE source = 'feed'`,
    );
    await lastVisit(3);
    await visit('feed');
    expect((await statusOf('feed')).gaps).toEqual([]);
    await visit('feed');
    expect((await statusOf('feed')).gaps).toMatchObject([{ kind: 'quiet', until: null, closed_at: null }]);
    expect(await run('crawl', 'status')).toMatch(/GAP \d+ \(quiet\) \S+ to now: nothing new for longer/);
    await visit('feed');
    expect((await statusOf('feed')).gaps).toHaveLength(1);
    site.setWorld(feedOf([4, 0]));
    await visit('feed');
    expect((await statusOf('feed')).gaps).toMatchObject([{ kind: 'quiet', closed_at: expect.any(String) }]);
  });
});

describe('what came of a visit', () => {
  it('tells nothing found from nothing new, from a failure and from no visit', async () => {
    expect(await statusOf('feed')).toMatchObject({ outcome: 'never', last_success_at: null });
    await visit('feed');
    expect(await statusOf('feed')).toMatchObject({ outcome: 'nothing_found', seen: 0, pages: 1 });
    expect(await run('crawl', 'status')).toContain('asked, found nothing');
    site.setWorld(feedOf([1]));
    await visit('feed');
    site.setWorld({ sites: [{ host: HOST, pages: [{ ...(feedOf([1]).sites[0]?.pages[0] as { path: string; body: string }), path: '/feed' }] }] });
    await client.query(`UPDATE community SET cursor = '{}'`);
    await visit('feed');
    expect(await statusOf('feed')).toMatchObject({ outcome: 'nothing_new', seen: 1, fresh: 0, unchanged: 1 });
    feedStatus = 503;
    await visit('feed');
    expect(await statusOf('feed')).toMatchObject({ outcome: 'failed', failures: [{ runs: 1, day: new Date().toISOString().slice(0, 10) }] });
    expect(await run('crawl', 'status')).toMatch(/failed runs in 30 days: 1 \w+; last on/);
  });

  it('accounts for every item that was met', async () => {
    site.setWorld(feedOf([3, 2, 1]));
    await visit('feed');
    site.setWorld(feedOf([2, 1, 0.5]));
    await visit('feed');
    await visit('reddit');
    const { rows } = await client.query('SELECT seen, new_posts + new_revisions + unchanged + gone + refused AS accounted FROM crawl');
    for (const { seen, accounted } of rows) expect(accounted).toBe(seen);
  });
});

describe('faces', () => {
  it('show outcomes, codes and gaps, and neither queries nor messages', async () => {
    feedStatus = 500;
    await visit('feed');
    await visit('reddit');
    const pool = createPool(edge.databaseUrl, { applicationName: 'hearsay-test' });
    try {
      const unused = () => {
        throw new Error('not asked here');
      };
      const app = createApp({
        ledger: new Proxy({} as AppDeps['ledger'], { get: unused }),
        logOf: createLogReader(pool),
        topics: new Map([['semax', {} as never]]),
        now: () => new Date(),
        policyOf: () => 'summary',
        ping: async () => {},
        coverage: (slug) => readCoverage(pool, slug),
        metrics: () => readMetrics(pool),
      });
      const answer = await app.request('/api/topics/semax/coverage');
      expect(answer.status).toBe(200);
      const body = await answer.text();
      expect(JSON.parse(body)).toMatchObject({
        communities: [
          { source: 'feed', outcome: 'failed', code: 'http_500', last_success_at: null, failures: [{ code: 'http_500', runs: 1 }], gaps: [] },
          { source: 'reddit', outcome: 'stopped', seen: 100, failures: [], gaps: [{ kind: 'stopped', until: null }] },
        ],
      });
      expect(body).not.toMatch(/blog\.example|ExamplePlace|error/);

      const metrics = await (await app.request('/metrics')).text();
      expect(metrics).toContain('hearsay_crawl_failures_total{code="http_500",source="feed"} 1\n');
      expect(metrics).toContain('hearsay_crawl_runs_total{source="reddit",status="stopped"} 1\n');
      expect(metrics).toContain('hearsay_crawl_items_total{result="new",source="reddit"} 100\n');
      expect(metrics).toMatch(/hearsay_gaps_open\{kind="stopped",topic="semax",source="reddit",community="\d+"\} 1\n/);
      expect(metrics).toMatch(/hearsay_crawl_last_success_age_seconds\{topic="semax",source="feed",community="\d+"\} \+Inf\n/);
      expect(metrics).toMatch(/hearsay_backlog\{stage="annotate"\} 0\n/);
      expect(metrics).not.toMatch(/blog\.example|ExamplePlace/);
    } finally {
      await pool.end();
    }
  });
});
