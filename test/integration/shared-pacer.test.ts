/** Turns at a host, shared by what stands for two processes: two pools on one database. */
import { beforeEach, expect, it } from 'vitest';
import { createSharedPacer, forgetTurns } from '../../src/db/shared-pacer.ts';
import { RateLimitedError } from '../../src/errors.ts';
import { MAX_TURN_MS, type Pacer } from '../../src/fetch/pace.ts';
import { useTwoPools } from './two-pools.ts';

const HOUR_MS = 3_600_000;
const pools = useTwoPools();
let waits: number[];
let pacers: [Pacer, Pacer];

beforeEach(() => {
  waits = [];
  pacers = pools.map((pool) => createSharedPacer(pool, { sleep: async (ms) => void waits.push(ms) })) as [Pacer, Pacer];
});

it('hands out one start per interval to all processes together, each host by itself', async () => {
  const [a, b] = pacers;
  for (const pacer of [a, b, b, a]) await pacer.wait('site.example', 20_000);
  await b.wait('other.example', 20_000);
  // Time goes on between the calls, so a little less than the interval is left of each.
  expect(waits.map((ms) => Math.ceil(ms / 20_000))).toEqual([1, 2, 3]);
});

it('takes no turn for an interval of 0, and waits while the host rests', async () => {
  const [a, b] = pacers;
  for (const pacer of [a, b, a]) await pacer.wait('site.example', 0);
  expect(waits).toEqual([]);
  await a.rest('site.example', 60_000);
  for (const pacer of [b, a]) await pacer.wait('site.example', 0);
  expect(waits.map((ms) => Math.ceil(ms / 60_000))).toEqual([1, 1]);
});

it('hands out turns one by one to those who ask at once', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, nth) => (pacers[nth % 2] as Pacer).wait('site.example', 5_000)));
  expect(waits.map((ms) => Math.ceil(ms / 5_000)).sort((x, y) => x - y)).toEqual(Array.from({ length: 19 }, (_, nth) => nth + 1));
});

it('lets a host rest for everybody, and says how long instead of waiting', async () => {
  const [a, b] = pacers;
  await a.rest('site.example', HOUR_MS);
  await a.rest('site.example', 1_000);
  const refused = await b.wait('site.example', 1_000).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RateLimitedError);
  expect((refused as RateLimitedError).retryAfterMs).toBeGreaterThan(MAX_TURN_MS);
  expect((refused as RateLimitedError).retryAfterMs).toBeLessThanOrEqual(HOUR_MS);
  await b.wait('other.example', 1_000);
  expect(waits).toEqual([]);
});

it('refuses a turn far away without taking it', async () => {
  for (let turn = 0; turn < 3; turn++) await pacers[0].wait('site.example', MAX_TURN_MS / 2);
  await expect(pacers[1].wait('site.example', MAX_TURN_MS)).rejects.toMatchObject({ code: 'rate_limited' });
  const { rows } = await pools[0].query<{ ahead: boolean }>(
    `SELECT next_at > now() + interval '3 minutes' AS ahead FROM host_turn WHERE host = 'site.example'`,
  );
  expect(rows).toEqual([{ ahead: false }]);
});

it('forgets hosts whose turn is long past', async () => {
  await pools[0].query(`INSERT INTO host_turn VALUES ('old.example', now() - interval '2 days'), ('site.example', now())`);
  await forgetTurns(pools[0]);
  expect((await pools[0].query('SELECT host FROM host_turn')).rows).toEqual([{ host: 'site.example' }]);
});
