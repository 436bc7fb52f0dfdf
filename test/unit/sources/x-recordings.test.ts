/**
 * The mapping over every recorded X answer that holds posts, and the source over every recorded search.
 * Needs `../shared/data/api/tweepy_cassettes`; skipped where it is absent.
 */
import { describe, expect, it } from 'vitest';
import { xAnswerSchema } from '../../../src/sources/x/answer.ts';
import { mapXPost } from '../../../src/sources/x/map-post.ts';
import { xQuerySchema } from '../../../src/sources/x/query.ts';
import { xSource } from '../../../src/sources/x.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';
import { readXExchanges, xRecordings } from '../../standin/recordings-x.ts';
import { serveRecordings } from '../../standin/serve-recordings.ts';
import { hasRecordings, SHARED_API } from '../../standin/shared-data.ts';

const HOLDS_POSTS = /\/(?:tweets|search\/(?:recent|all)|quote_tweets|liked_tweets|mentions|reverse_chronological)$/;

describe.skipIf(!hasRecordings('tweepy_cassettes'))('recorded X traffic (skipped without ../shared/data/api/tweepy_cassettes)', () => {
  it('maps every recorded post or refuses it as a repost, and no handle is left', async () => {
    const rows: { file: string; found: number; expected: number; reposts: number; failures: number }[] = [];
    for (const { file, path, answer } of await readXExchanges(SHARED_API)) {
      if (!HOLDS_POSTS.test(path) || path.includes('spaces')) continue;
      const raw = answer.body.toString('utf8');
      const read = xAnswerSchema.parse(JSON.parse(raw));
      const mapped = read.data.map((item) => mapXPost(item, { observedAt: '2026-06-01T00:00:00.000Z' }));
      const codes = mapped.map((one) => ('post' in one ? 'post' : one.refusal.code));
      // Counted without the parser: every post object has its text once.
      const expected = [...raw.matchAll(/"text":"/g)].length;
      rows.push({
        file,
        found: codes.length,
        expected,
        reposts: codes.filter((code) => code === 'repost').length,
        failures: codes.filter((code) => code === 'malformed_item').length,
      });
      for (const one of mapped) if ('post' in one) expect(one.post.text).not.toMatch(/[@＠](?!user\b)\w/);
    }
    console.info(['recording\tfound\texpected\treposts\tfailures', ...rows.map((row) => Object.values(row).join('\t'))].join('\n'));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter((row) => row.found !== row.expected || row.failures > 0)).toEqual([]);
  });

  it('crawls every recorded search from end to end, and knows how a looked-up post is', async () => {
    const recorded = await xRecordings(SHARED_API);
    const standIn = await serveRecordings([recorded]);
    const http = clientFor(standIn);
    try {
      expect(recorded.crawlable).toHaveLength(2);
      for (const line of recorded.crawlable) {
        const pages = await readPages(xSource.crawl({ query: xQuerySchema.parse(JSON.parse(line)), cursor: {} }, contextFor(http)));
        expect(pages.flatMap((page) => page.posts).length, line).toBeGreaterThan(5);
        expect(pages.flatMap((page) => page.refusals).filter((refusal) => refusal.code !== 'repost')).toEqual([]);
        expect(pages.at(-1)?.cursor).toHaveProperty('since_id');
      }
      const outcomes = await xSource.recheck(['1293593516040269825', '1293595870563381249'], contextFor(http));
      expect([...outcomes.values()]).toEqual(['live', 'live']);
    } finally {
      await http.close();
      await standIn.close();
    }
  });
});
