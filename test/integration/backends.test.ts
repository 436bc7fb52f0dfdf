/** The whole path, on both queue backends: the demo's three visits through real sources, queues, stages and ledger. */
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import type { PublishedCounts } from '../../src/model/counts.ts';
import { redisUrlForTests } from './database.ts';
import { createEdge, type TestEdge } from './edge.ts';

const redisUrl = await redisUrlForTests();
const results = new Map<string, PublishedCounts>();

async function run(edge: TestEdge, ...argv: string[]): Promise<{ code: number; out: string }> {
  const before = edge.written.out.length;
  const code = await runCli(argv, edge);
  return { code, out: edge.written.out.slice(before) };
}

for (const backend of ['postgres', 'redis'] as const) {
  describe.skipIf(backend === 'redis' && redisUrl === undefined)(
    `the demo with queues on ${backend} (Redis is skipped only where none answers and CI is not set)`,
    () => {
      it('goes from posts to verified counts, and a second run changes nothing', async () => {
        const edge = await createEdge({ redisUrl: backend === 'redis' ? redisUrl : undefined });
        try {
          const first = await run(edge, 'demo');
          expect(first.code, edge.written.talk).toBe(0);
          expect(first.out).toContain('Ledger verified');
          const counts = JSON.parse((await run(edge, 'counts', 'semax', '--json')).out) as PublishedCounts;
          results.set(backend, counts);
          const again = await run(edge, 'demo');
          expect(again.code, edge.written.talk).toBe(0);
          const after = JSON.parse((await run(edge, 'counts', 'semax', '--json')).out) as PublishedCounts;
          expect(after).toEqual(counts);
          expect((await run(edge, 'recount', 'semax')).code).toBe(0);
        } finally {
          await edge.close();
        }
      });
    },
  );
}

afterAll(() => {
  const [postgres, redis] = [results.get('postgres'), results.get('redis')];
  if (!postgres || !redis) return;
  // Crawls run beside each other, so the order of entries differs; what is counted of sources must not.
  expect(redis.sources).toEqual(postgres.sources);
  expect(redis.posts).toBe(postgres.posts);
  expect(redis.experiences).toBe(postgres.experiences);
});
