/**
 * Of each source an answer is changed in one place and given again (mutated/): the crawl has to fail, or to count what it could not read. Never may
 * it end well with less. Recordings are read from `../shared/data/api`; cases on them are skipped where it is absent.
 */
import { describe, expect, it } from 'vitest';
import { sources } from '../../src/sources/list.ts';
import { mutationCases } from './mutated/list.ts';
import { crawlChanged } from './mutated/mutation-case.ts';

it('every source of the list has a recording that is changed, with a field gone or of another type', () => {
  const changed = mutationCases.filter(({ mutations }) => mutations.length > 0).map(({ source }) => source.name);
  expect([...new Set(changed)].sort()).toEqual(sources.map(({ name }) => name).sort());
});

for (const mutationCase of mutationCases) {
  const { source, recording, isThere, mutations } = mutationCase;
  describe.skipIf(!isThere)(`${source.name}: ${recording}${isThere ? '' : ' (skipped without ../shared/data/api)'}`, () => {
    it.each(mutations)('$what is caught and counted', async ({ change, code }) => {
      const whole = await crawlChanged(mutationCase, (body) => body);
      const mutated = await crawlChanged(mutationCase, change);
      expect(mutated.changed).toBeGreaterThan(0);
      const times = (codes: readonly string[]): number => codes.filter((one) => one === code).length;
      expect(times(mutated.codes), mutated.codes.join()).toBeGreaterThan(times(whole.codes));
      expect(mutated.posts).toBeLessThan(whole.posts);
    });
  });
}
