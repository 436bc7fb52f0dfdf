import { expect, it } from 'vitest';
import { createPacer } from '../../../src/fetch/pace.ts';

it('hands out starts in order, per host, and none where the interval is 0', async () => {
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
  await ask('a', 1000);
  await ask('a', 0);
  expect(waits).toHaveLength(2);
});

it('ends a wait when the caller stops', async () => {
  const pacer = createPacer();
  await pacer.wait('a', 60_000);
  await expect(pacer.wait('a', 60_000, AbortSignal.abort())).rejects.toThrow();
});
