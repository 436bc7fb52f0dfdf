/** Turns on real queues: a long crawl gives way to another community, both end, and nothing is lost, doubled or beyond its budget. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openQueues } from '../../jobs/open-queues.ts';
import { startWorkers } from '../../workers/start-workers.ts';
import { type CrawlFixture, openCrawl } from './crawl-fixture.ts';
import { redisUrlForTests } from './database.ts';

const X = (search: string, budget = '{}'): string => `{ source: x, query: { search: ${search} }, schedule: { every: 1d }, budget: ${budget} }`;
const redisUrl = await redisUrlForTests();

let crawl: CrawlFixture;
afterEach(() => crawl.close());

interface Turn {
  readonly community: number;
  readonly status: string;
  readonly code: string | null;
  readonly seen: number;
}

/** Crawls every community once, in turns of one page, until each has ended. */
async function crawlInTurns(options: { readonly redisUrl: string | undefined }): Promise<readonly Turn[]> {
  const prefix = `hearsay-turns-${randomBytes(6).toString('hex')}`;
  const backend = options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl, prefix };
  const queues = await openQueues({ ...backend, databaseUrl: crawl.edge.databaseUrl });
  const communities = await crawl.communities();
  for (const community of communities) await queues.addCrawl(community);
  const workers = await startWorkers(crawl.hearsay, queues, {
    scope: 'all',
    turnMs: 0,
    onFatal(error) {
      throw error;
    },
  });
  const readTurns = () => crawl.ask<Turn>('SELECT community_id AS community, status, error_code AS code, seen FROM crawl ORDER BY id');
  try {
    for (;;) {
      const turns = await readTurns();
      const hasEnded = (id: number): boolean => turns.some(({ community, status, code }) => community === id && status !== 'running' && code !== 'turn_over');
      const { active = 1, waiting = 1, delayed = 1 } = (await queues.depths()).get('crawl-x') ?? {};
      if (communities.every(({ id }) => hasEnded(id)) && active + waiting + delayed === 0) return await readTurns();
      await sleep(50);
    }
  } finally {
    await workers.close();
    await queues.close();
  }
}

describe.each([
  ['postgres', undefined],
  ['redis', redisUrl],
])('on %s', (backend, url) => {
  // Skipped only where no Redis answers and CI is not set.
  const test = it.skipIf(backend === 'redis' && url === undefined);

  test('a long crawl goes on behind the others of its queue, to its end', async () => {
    crawl = await openCrawl({ communities: [X('examplide'), X('post')], posts: 250 });
    const [long = 0, other = 0] = (await crawl.communities()).map(({ id }) => id);
    const turns = await crawlInTurns({ redisUrl: url });
    // Three pages each, and one crawl of the queue at a time.
    expect(turns.map(({ community }) => community)).toEqual([long, other, long, other, long, other]);
    for (const id of [long, other]) {
      const own = turns.filter(({ community }) => community === id);
      expect(own.slice(0, -1).every(({ status, code }) => status === 'stopped' && code === 'turn_over')).toBe(true);
      expect(own.at(-1)).toMatchObject({ status: 'done', code: null });
      expect(own.reduce((sum, { seen }) => sum + seen, 0)).toBe(250);
    }
    expect(await crawl.ask('SELECT count(*)::int AS posts, count(DISTINCT native_id)::int AS ids FROM post')).toEqual([{ posts: 250, ids: 250 }]);
    expect(await crawl.ask('SELECT max(revision) AS revision FROM post_revision')).toEqual([{ revision: 1 }]);
    const asked = crawl.standIn.requests.map(({ path }) => path);
    expect(asked).toHaveLength(6);
    expect(new Set(asked).size).toBe(6);
  });

  test('all turns of a run share its budget', async () => {
    crawl = await openCrawl({ communities: [X('examplide', '{ posts_per_run: 150 }'), X('post')], posts: 250 });
    const [limited = 0] = (await crawl.communities()).map(({ id }) => id);
    const turns = (await crawlInTurns({ redisUrl: url })).filter(({ community }) => community === limited);
    expect(turns).toMatchObject([
      { status: 'stopped', code: 'turn_over', seen: 100 },
      { status: 'stopped', code: 'run_budget', seen: 100 },
    ]);
  });
});
