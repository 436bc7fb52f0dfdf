/** A topic with one X search, crawled from a stand-in into a database of its own. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StandInOptions } from '../../src/demo/standins/stand-in.ts';
import { startXStandIn } from '../../src/demo/standins/x.ts';
import { type OpenedHearsay, openHearsay } from '../../src/cli/open-hearsay.ts';
import { type CommunityRow, type CrawlOptions, type CrawlReport, crawlCommunity } from '../../src/pipeline/crawl.ts';
import type { Hearsay } from '../../src/pipeline/hearsay.ts';
import { xPosts } from '../fixtures/x/posts.ts';
import { createEdge, type TestEdge } from './edge.ts';

export interface CrawlFixture {
  readonly edge: TestEdge;
  /** Its clock is `clock.now`. */
  readonly hearsay: Hearsay;
  readonly clock: { now: Date };
  readonly standIn: Awaited<ReturnType<typeof startXStandIn>>;
  /** In the order of the topic file. */
  communities(): Promise<readonly CommunityRow[]>;
  crawl(community?: CommunityRow, options?: Partial<CrawlOptions>): Promise<CrawlReport>;
  ask<Row extends object>(sql: string, ...values: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openCrawl(options: {
  /** YAML flow mappings, one by one: the communities of the topic. */
  readonly communities: readonly string[];
  readonly posts: number;
  readonly env?: Record<string, string>;
  readonly fault?: NonNullable<StandInOptions['fault']>;
}): Promise<CrawlFixture> {
  const standIn = await startXStandIn({ posts: xPosts(1, options.posts) }, options.fault ? { fault: options.fault } : {});
  const topicsDir = await mkdtemp(path.join(tmpdir(), 'hearsay-crawl-'));
  const semax = await readFile(path.join(import.meta.dirname, '../../topics/semax.yaml'), 'utf8');
  const communities = options.communities.map((community) => `  - ${community}\n`).join('');
  await writeFile(path.join(topicsDir, 'semax.yaml'), `${semax.slice(0, semax.indexOf('\ncommunities:'))}\ncommunities:\n${communities}`);
  const edge = await createEdge({
    topicsDir,
    env: { X_BEARER_TOKEN: 'made-up-token', HEARSAY_ROUTES: standIn.hosts.map((host) => `${host}=${standIn.url}`).join(','), ...options.env },
  });
  const opened: OpenedHearsay = await openHearsay(edge);
  // A minute after the newest post of the stand-in's world.
  const clock = { now: new Date(Date.parse('2026-06-01T00:00:00Z') + (options.posts + 1) * 60_000) };
  const hearsay: Hearsay = { ...opened.hearsay, now: () => clock.now };
  const ask = async <Row extends object>(sql: string, ...values: unknown[]): Promise<Row[]> => (await hearsay.pool.query<Row>(sql, values)).rows;
  const list = () => ask<CommunityRow>('SELECT id, topic, source, query, budget, cursor FROM community WHERE active ORDER BY id');
  return {
    edge,
    hearsay,
    clock,
    standIn,
    communities: list,
    ask,
    async crawl(community, crawlOptions) {
      const [first] = await list();
      return crawlCommunity(hearsay, community ?? (first as CommunityRow), { onRevisions: async () => undefined, ...crawlOptions });
    },
    async close() {
      await opened.close();
      await standIn.close();
      await edge.close();
      await rm(topicsDir, { recursive: true, force: true });
    },
  };
}
