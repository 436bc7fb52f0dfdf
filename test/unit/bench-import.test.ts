/** What `npm run bench -- import` fails for beside wrong counts. */
import { expect, it } from 'vitest';
import { listExcesses, measureMemory } from '../../bench/import/memory.ts';

function judge(samples: readonly number[], peak = 300): string[] {
  return listExcesses(measureMemory({ samples, peakMb: () => peak }));
}

const flat = Array.from({ length: 200 }, (_, second) => 200 + (second % 3));

it('is content with memory that is flat and under its limit', () => {
  expect(judge(flat)).toEqual([]);
});
it.each([400, 512])('fails at a peak of %i MB, however short the run', (peak) => {
  expect(judge(flat, peak)).toEqual([`peak memory: ${peak} MB, asked is under 400`]);
  expect(judge(flat.slice(0, 5), peak)).toHaveLength(1);
});
it('fails for memory that grows with the file, where the run was long enough to say', () => {
  const growing = flat.map((megabytes, second) => megabytes + second);
  expect(judge(growing)).toEqual([expect.stringMatching(/^memory is not flat: it grew 1\.\d\d times/)]);
  expect(judge(growing.slice(0, 119))).toEqual([]);
});
