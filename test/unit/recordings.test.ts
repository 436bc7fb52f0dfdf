/**
 * Every recording beside the checkout, through the source that asks for the like (test/standin/table): what it finds is what a count without its code
 * finds. Needs `../shared/data/api`; skipped where it is absent.
 */
import { describe, expect, it } from 'vitest';
import { hasRecordings, SHARED_API } from '../standin/shared-data.ts';
import { isAsExpected, type Row } from '../standin/table/row.ts';
import { listRecordings, readRows } from '../standin/table/list.ts';

describe.skipIf(!hasRecordings('praw'))('the table of recordings (skipped without ../shared/data/api)', () => {
  it('has every recording as a row, with as many items found as expected', async () => {
    const rows = await readRows(SHARED_API);
    expect(rows.map(({ recording }) => recording)).toEqual(await listRecordings(SHARED_API));
    expect(rows.filter((row) => !isAsExpected(row))).toEqual([]);
    for (const source of ['reddit', 'x', 'pubmed', 'europepmc', 'clinicaltrials', 'feed'])
      expect(rows.filter((row) => row.source === source && row.found.ours > 0).length, source).toBeGreaterThan(0);

    // What holds nothing for a source must not look like an empty place: every such answer is an error, but for lists that are empty.
    const failed = (row: Row): number => Object.values(row.failures).reduce((sum, times) => sum + times, 0);
    const silent = rows.filter((row) => row.expected.ours + row.expected.others === 0 && failed(row) < row.answers);
    expect(silent.map(({ recording }) => recording)).toEqual([
      'praw/TestComment.test_invalid.json',
      'praw/TestListingGenerator.test_no_items.json',
      'praw/TestSubreddits.test_premium__without_premium.json',
    ]);
  });
});
