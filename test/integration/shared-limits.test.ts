/** The limits of platforms, kept by what stands for two processes: two clients on one database. Turns are taken and nobody sleeps until theirs. */
import { afterEach, describe, expect, it } from 'vitest';
import { createSharedPacer } from '../../src/db/shared-pacer.ts';
import { startBlueskyStandIn } from '../../src/demo/standins/bluesky.ts';
import { startClinicalTrialsStandIn } from '../../src/demo/standins/clinicaltrials.ts';
import { startEuropepmcStandIn } from '../../src/demo/standins/europepmc.ts';
import { startPubmedStandIn } from '../../src/demo/standins/pubmed.ts';
import { startRedditStandIn } from '../../src/demo/standins/reddit.ts';
import type { StandIn } from '../../src/demo/standins/stand-in.ts';
import { startXStandIn } from '../../src/demo/standins/x.ts';
import { createHttpClient } from '../../src/fetch/client.ts';
import type { HttpClient } from '../../src/fetch/http.ts';
import { blueskySource } from '../../src/sources/bluesky.ts';
import { clinicalTrialsSource } from '../../src/sources/clinicaltrials.ts';
import { europepmcSource } from '../../src/sources/europepmc.ts';
import { pubmedSource } from '../../src/sources/pubmed.ts';
import { redditSource } from '../../src/sources/reddit.ts';
import type { Source } from '../../src/sources/source.ts';
import { xSource } from '../../src/sources/x.ts';
import { submission } from '../fixtures/reddit/things.ts';
import { idAt, xPost } from '../fixtures/x/posts.ts';
import { contextFor } from '../standin/client-for.ts';
import { useTwoPools } from './two-pools.ts';

const pools = useTwoPools();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Two processes in front of one stand-in. */
function clientsOf(standIn: StandIn): [HttpClient, HttpClient] {
  const routes = Object.fromEntries(standIn.hosts.map((host) => [host, standIn.url] as const));
  const clients = pools.map((pool) =>
    createHttpClient({ userAgent: 'test:hearsay:0', routes, pacer: createSharedPacer(pool, { sleep: async () => undefined }) }),
  ) as [ReturnType<typeof createHttpClient>, ReturnType<typeof createHttpClient>];
  closing.push(standIn.close, ...clients.map((client) => () => client.close()));
  return clients;
}

const ask = (source: Source, id: string, http: HttpClient, credentials: Readonly<Record<string, string>> = {}) =>
  source.recheck([id], contextFor(http, { credentials: { ...contextFor(http).credentials, ...credentials } }));

describe('a distance between requests', () => {
  const KEY = { NCBI_API_KEY: 'test-key' };
  it.each([
    ['pubmed', pubmedSource as Source, () => startPubmedStandIn({ articles: [] }), 'pmid:990000001', 350, {}],
    ['pubmed with a key', pubmedSource as Source, () => startPubmedStandIn({ articles: [] }), 'pmid:990000001', 110, KEY],
    ['clinicaltrials', clinicalTrialsSource as Source, () => startClinicalTrialsStandIn({ studies: [] }), 'nct:NCT99000001', 1_250, {}],
    ['europepmc', europepmcSource as Source, () => startEuropepmcStandIn({ records: [] }), 'ppr:PPR990001', 1_000, {}],
  ])('%s: is kept by all processes together', async (_name, source, start, id, intervalMs, credentials) => {
    const standIn = await start();
    const [a, b] = clientsOf(standIn);
    const began = (await pools[0].query<{ now: Date }>('SELECT clock_timestamp() AS now')).rows[0]?.now;
    for (const http of [a, b, a, b]) await ask(source, id, http, credentials);
    const asked = standIn.requests.length;
    expect(asked).toBeGreaterThanOrEqual(8);
    // Nobody sleeps, so the turns pile up: the next one begins after all of them.
    const turns = await pools[0].query<{ kept: boolean }>(`SELECT next_at >= $1::timestamptz + $2 * interval '1 millisecond' AS kept FROM host_turn`, [
      began,
      asked * intervalMs,
    ]);
    expect(turns.rows).toEqual([{ kept: true }]);
  });
});

describe('a window that the platform counts', () => {
  it('of Reddit is left by all processes before it is used up', async () => {
    const standIn = await startRedditStandIn({ things: [submission(1)], subreddits: {} }, { rate: { limit: 6, windowSeconds: 600 } });
    const [a, b] = clientsOf(standIn);
    const calls = () => standIn.requests.filter(({ path }) => path.startsWith('/api/info')).length;
    const look = (http: HttpClient) => ask(redditSource as Source, 't3_s001', http);
    // Two are on their way at any time, as a crawl and a sweep would have it.
    const outcomes = await Promise.allSettled(
      [a, b].map(async (http) => {
        for (;;) await look(http);
      }),
    );
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { name: 'RateLimitedError', code: 'rate_limited' } },
      { status: 'rejected', reason: { name: 'RateLimitedError', code: 'rate_limited' } },
    ]);
    expect(calls()).toBeLessThanOrEqual(6);
    expect(calls()).toBeGreaterThanOrEqual(5);
    const before = standIn.requests.length;
    for (const http of [a, b]) await expect(look(http)).rejects.toMatchObject({ retryAfterMs: expect.toSatisfy((ms: number) => ms > 500_000) });
    expect(standIn.requests).toHaveLength(before);
  });

  it('of X is left by all processes when one has used it up', async () => {
    const standIn = await startXStandIn({ posts: [xPost(1)] }, { rateLimit: 3, now: () => new Date() });
    const [a, b] = clientsOf(standIn);
    const look = (http: HttpClient) => ask(xSource as Source, idAt(1), http);
    for (const http of [a, b, a]) expect(await look(http)).toEqual(new Map([[idAt(1), 'live']]));
    for (const http of [a, b])
      await expect(look(http)).rejects.toMatchObject({
        name: 'RateLimitedError',
        code: 'rate_limited',
        retryAfterMs: expect.toSatisfy((ms: number) => ms > 800_000),
      });
    expect(standIn.requests).toHaveLength(3);
  });

  it('of Bluesky is left by all processes when one has used it up', async () => {
    const headers = { 'content-type': 'application/json', 'ratelimit-remaining': '0', 'ratelimit-reset': String(Math.floor(Date.now() / 1000) + 300) };
    const standIn = await startBlueskyStandIn({ posts: [] }, { fault: () => ({ status: 200, headers, body: '{"posts":[]}' }) });
    const [a, b] = clientsOf(standIn);
    const look = (http: HttpClient) => ask(blueskySource as Source, 'at://did:plc:example/app.bsky.feed.post/3aaaaaaaaaa2a', http);
    await look(a);
    for (const http of [a, b]) await expect(look(http)).rejects.toMatchObject({ name: 'RateLimitedError', code: 'rate_limited' });
    expect(standIn.requests).toHaveLength(1);
  });
});
