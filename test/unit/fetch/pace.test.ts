import { expect, it } from 'vitest';
import { createPacer } from '../../../src/fetch/pace.ts';

it('hands out starts in order, per host, and takes none where the interval is 0', async () => {
  let time = 0;
  const waits: [string, number][] = [];
  let host = '';
  const pacer = createPacer({ now: () => time, sleep: async (ms) => void waits.push([host, ms]) });
  const ask = async (name: string, intervalMs: number) => {
    host = name;
    await pacer.wait(name, intervalMs);
  };
  for (const name of ['a', 'a', 'b', 'a']) await ask(name, 1000);
  expect(waits).toEqual([
    ['a', 1000],
    ['a', 2000],
  ]);
  time = 10_000;
  for (const intervalMs of [0, 0, 1000]) await ask('a', intervalMs);
  expect(waits).toHaveLength(2);
});

it('lets whoever has no distance to keep wait while the host rests', async () => {
  const waits: number[] = [];
  const pacer = createPacer({ now: () => 0, sleep: async (ms) => void waits.push(ms) });
  await pacer.rest('a', 30_000);
  for (const host of ['a', 'b', 'a']) await pacer.wait(host, 0);
  expect(waits).toEqual([30_000, 30_000]);
  await pacer.rest('a', 3_600_000);
  await expect(pacer.wait('a', 0)).rejects.toMatchObject({ name: 'RateLimitedError', retryAfterMs: 3_600_000 });
});

it('ends a wait when the caller stops', async () => {
  const pacer = createPacer();
  await pacer.wait('a', 60_000);
  await expect(pacer.wait('a', 60_000, AbortSignal.abort())).rejects.toThrow();
});
