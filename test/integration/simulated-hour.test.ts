/**
 * An hour of crawling every source, in mocked time, against stand-ins behind a proxy that fails as the outside world does: storms of 429,
 * three failed answers in ten, slow bodies, tokens taken back, clocks that are wrong. Meanwhile items come, change and go. Nothing is lost
 * and nothing doubled: at the end there is what was there, and in the ledger what a calm crawl brings.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { measureBacklog } from '../../src/pipeline/backlog.ts';
import { readCoverage } from '../../src/pipeline/read-coverage.ts';
import { sources } from '../../src/sources/list.ts';
import { isThere } from './simulated-hour/item.ts';
import { END, faultOf, itemsOf, readLedger, readPosts } from './simulated-hour/kept.ts';
import { openSimulation, type Simulation } from './simulated-hour/simulation.ts';

const SEEDS = [1, 2, 3, 4];
/** For machines that do much else. */
const PATIENCE_MS = 600_000;
const documented = new Set(
  [...readFileSync(path.resolve(import.meta.dirname, '../../docs/errors.md'), 'utf8').matchAll(/`([a-z][a-z0-9_]*)`/g)].map((match) => match[1]),
);
const isDocumented = (code: string): boolean => documented.has(code) || /^http_\d{3}$/.test(code);

const open: Simulation[] = [];
afterEach(async () => {
  for (const simulation of open.splice(0)) await simulation.close();
});

async function start(seed: number): Promise<Simulation> {
  const simulation = await openSimulation(seed);
  open.push(simulation);
  return simulation;
}

describe.each(SEEDS)('an hour of seed %i', (seed) => {
  it(
    'loses and doubles nothing',
    async () => {
      const hour = await start(seed);
      expect(new Set(hour.worlds.flatMap(({ communities }) => communities.map(({ source }) => source)))).toEqual(new Set(sources.map(({ name }) => name)));
      await hour.hour();

      const items = itemsOf(hour);
      const posts = await readPosts(hour);
      const nameOf = (post: { platform: string; nativeId: string }): string => `${post.platform} ${post.nativeId}`;
      const faults = posts.flatMap((post) =>
        faultOf(post, items.get(nameOf(post))) === undefined ? [] : [`${nameOf(post)} ${faultOf(post, items.get(nameOf(post)))}`],
      );
      expect(faults).toEqual([]);
      const kept = posts.map(nameOf);
      expect(kept.length).toBe(new Set(kept).size);
      const lost = [...items].filter(([name, item]) => isThere(item, END) && !kept.includes(name)).map(([name]) => name);
      expect(lost).toEqual([]);

      await checkRuns(hour);

      const calm = await start(seed);
      await calm.calm();
      const wanted = await readLedger(calm);
      expect(wanted.size).toBeGreaterThan(50);
      const told = await readLedger(hour);
      expect([...told.keys()].sort()).toEqual([...wanted.keys()].sort());
      expect([...told].filter(([name, entry]) => !isDeepStrictEqual(entry, wanted.get(name)))).toEqual([]);
    },
    PATIENCE_MS,
  );
});

/** Every run has its end in the database, every failure its code, every refusal its count. */
async function checkRuns(hour: Simulation): Promise<void> {
  const { hearsay, runs, ask } = hour;
  const rows = await ask<{ community: number; status: string; code: string | null; refused: number; sums: boolean }>(
    `SELECT community_id::int AS community, status, error_code AS code, refused, seen = new_posts + new_revisions + unchanged + refused + gone AS sums FROM crawl ORDER BY id`,
  );
  expect(rows.map(({ community, status }) => [community, status === 'failed'])).toEqual(
    runs.map(({ community, next }) => [Number(community), next !== undefined]),
  );
  expect(rows.filter(({ status }) => status === 'running')).toEqual([]);
  const failed = rows.filter(({ status }) => status === 'failed');
  expect(failed.length).toBeGreaterThan(50);
  expect(failed.filter(({ code }) => code === null || !isDocumented(code))).toEqual([]);
  const coverage = await readCoverage(hearsay.pool);
  expect(coverage.flatMap(({ failures }) => failures).reduce((sum, { runs: count }) => sum + count, 0)).toBe(failed.length);
  expect(coverage.filter(({ status, gaps }) => status !== 'done' || gaps.some(({ closed_at }) => closed_at === null))).toEqual([]);
  expect(rows.filter(({ sums }) => !sums)).toEqual([]);
  const refusals = await ask<{ code: string }>(`SELECT DISTINCT code FROM refusal WHERE stage = 'crawl'`);
  expect(refusals.length).toBeGreaterThan(0);
  expect(refusals.filter(({ code }) => !isDocumented(code))).toEqual([]);
  expect(await measureBacklog(hearsay.pool)).toEqual({ annotate: 0, append: 0, recount: 0, sweep: 0 });
}
