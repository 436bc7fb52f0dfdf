/**
 * The Europe PMC mapping over every recorded answer, and the source over every recorded search.
 * Needs `../shared/data/api/ctgov_pubmed_biomcp`; skipped where it is absent.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { recordSchema } from '../../../src/model/post.ts';
import { createEuropepmcSource } from '../../../src/sources/europepmc.ts';
import { searchEuropepmc } from '../../../src/sources/literature/europepmc-api.ts';
import { mapResult } from '../../../src/sources/literature/map-europepmc.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';
import { europepmcRecordings, readEuropepmcAnswers } from '../../standin/recordings-europepmc.ts';
import { serveRecordings } from '../../standin/serve-recordings.ts';
import { hasRecordings, SHARED_API } from '../../standin/shared-data.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe.skipIf(!hasRecordings('ctgov_pubmed_biomcp'))('recorded Europe PMC answers (skipped without ../shared/data/api)', () => {
  it('maps every recorded result', async () => {
    const rows: { file: string; found: number; expected: number; hits: number }[] = [];
    for (const [file, body] of await readEuropepmcAnswers(SHARED_API, '.json')) {
      const raw = body.toString('utf8');
      const answer = JSON.parse(raw) as { hitCount: number; resultList: { result: unknown[] } };
      const posts = answer.resultList.result.map((result) => mapResult(result, '2026-06-01T00:00:00.000Z')).flatMap((one) => ('post' in one ? [one.post] : []));
      for (const { record, title, nativeId, platform } of posts) {
        expect(recordSchema.parse(record)).toEqual(record);
        expect([platform, nativeId]).toEqual(['pubmed', `pmid:${/"pmid":"(\d+)"/.exec(raw)?.[1]}`]);
        expect(title).not.toBe('');
        expect(record).toMatchObject({ doi: /"doi":"([^"]+)"/.exec(raw)?.[1], journal: /"journalTitle":"([^"]+)"/.exec(raw)?.[1] });
        expect(record?.publication_types).toHaveLength((/"pubType":"([^"]+)"/.exec(raw)?.[1]?.split(';') ?? []).length);
      }
      // Counted without the parser.
      rows.push({ file, found: posts.length, expected: (raw.match(/"pubYear":/g) ?? []).length, hits: answer.hitCount });
    }
    console.info(['recording\tfound\texpected\thits', ...rows.map((row) => Object.values(row).join('\t'))].join('\n'));
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(rows.filter((row) => row.found !== row.expected || row.found !== row.hits)).toEqual([]);
  });

  it('crawls every recorded search from end to end', async () => {
    const recorded = await europepmcRecordings(SHARED_API);
    const standIn = await serveRecordings([recorded]);
    const http = clientFor(standIn);
    closing.push(standIn.close, http.close);
    const source = createEuropepmcSource();
    for (const query of recorded.crawlable) {
      const pages = await readPages(source.crawl({ query: source.querySchema.parse(JSON.parse(query)), cursor: {} }, contextFor(http, { credentials: {} })));
      expect(
        pages.flatMap((page) => [page.posts.length, page.refusals.length]),
        query,
      ).toEqual([1, 0]);
    }
  });

  it('takes a recorded error for no result', async () => {
    const errors = await readEuropepmcAnswers(SHARED_API, '.xml');
    expect(errors.size).toBeGreaterThan(0);
    for (const body of errors.values()) {
      const standIn = await serveRecordings([{ host: 'www.ebi.ac.uk', crawlable: [], answer: () => ({ status: 200, headers: {}, body }) }]);
      const http = clientFor(standIn);
      closing.push(standIn.close, http.close);
      const context = contextFor(http, { credentials: {} });
      await expect(searchEuropepmc(context, { query: 'x', resultType: 'core', pageSize: 1, mark: '*' })).rejects.toMatchObject({ code: 'unreadable_answer' });
    }
  });
});
