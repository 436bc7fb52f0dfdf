/**
 * No figure falls below the interval stored in figures.json (`hearsay evaluate --write-docs` writes it). The made-up posts are measured everywhere; the
 * other sets where ../shared is present, each in its quick part: the sets judged in folds train for two of them.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECK_FOLDS, findDrops, type CheckFigures } from '../../src/annotators/evaluation/check-figures.ts';
import { evaluateSets } from '../../src/annotators/evaluation/evaluate-sets.ts';
import { EVALUATION_SETS } from '../../src/annotators/evaluation/list.ts';

const root = path.resolve(import.meta.dirname, '../..');
const shared = path.resolve(root, '../shared/data');
const folders = [shared, path.join(root, 'test/fixtures/annotators')];
const stored = JSON.parse(readFileSync(path.join(import.meta.dirname, 'figures.json'), 'utf8')) as CheckFigures;
/** Left out for their time: gold-threads and druglib train as long again, tweet-spam says least. */
const CHECKED = ['own', 'gold', 'study-type', 'medline', 'rhmd', 'reddit-impacts', 'goemotions', 'tweeteval'];
/** Training for two folds on a busy machine. */
const TIMEOUT_MS = 900_000;

const isStored = (name: string): boolean => Object.keys(stored).some((figure) => figure.startsWith(`${name}/`));

it('the figures of the made-up posts are stored, so that something is compared everywhere', () => {
  expect(isStored('own')).toBe(true);
});

describe.each(CHECKED)('%s', (name) => {
  const sets = EVALUATION_SETS.filter((set) => set.name === name);
  const isThere = sets.every((set) => set.files.every((file) => folders.some((folder) => existsSync(path.join(folder, file)))));
  const why = isThere ? 'no figure stored' : '../shared/data is absent';

  it.skipIf(!isThere || !isStored(name))(
    `no figure falls below its interval${isThere && isStored(name) ? '' : ` (skipped: ${why})`}`,
    async () => {
      const { check, quotes } = await evaluateSets({ folders, sets, folds: CHECK_FOLDS, progress: () => undefined, signal: new AbortController().signal });
      expect(findDrops(stored, check)).toEqual([]);
      expect(quotes.found).toBe(quotes.claims);
    },
    TIMEOUT_MS,
  );
});
