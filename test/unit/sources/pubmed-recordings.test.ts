/**
 * The PubMed mapping over every recorded efetch answer, and the source over every recorded search.
 * Needs `../shared/data/api/{ctgov_pubmed_biomcp,ncbi_biopython}`; skipped where they are absent.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { recordSchema } from '../../../src/model/post.ts';
import { splitArticleSet } from '../../../src/sources/literature/article-set.ts';
import { mapElement } from '../../../src/sources/literature/map-article.ts';
import { createPubmedSource, pubmedQuerySchema } from '../../../src/sources/pubmed.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';
import { FOLDERS, literatureRecordings, readRecordedArticles, readRecordedFiles } from '../../standin/recordings-literature.ts';
import { serveRecordings } from '../../standin/serve-recordings.ts';
import { hasRecordings, SHARED_API } from '../../standin/shared-data.ts';

const present = hasRecordings('ctgov_pubmed_biomcp') && hasRecordings('ncbi_biopython');
const RECORDS = fileURLToPath(new URL('../../../../shared/data/records/peptide_records.jsonl', import.meta.url));

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve() {
  const recorded = await literatureRecordings(SHARED_API);
  const standIn = await serveRecordings(recorded);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const source = createPubmedSource();
  return { source, context: contextFor(http, { credentials: {} }), crawlable: recorded.find(({ host }) => host.startsWith('eutils'))?.crawlable ?? [] };
}

describe.skipIf(!present)('recorded PubMed answers (skipped without ../shared/data/api)', () => {
  it('reads every record of every recorded set, and takes no other document for one', async () => {
    const files = new Map([...(await readRecordedFiles(SHARED_API, FOLDERS.pubmed, '.xml')), ...(await readRecordedFiles(SHARED_API, FOLDERS.entrez, '.xml'))]);
    const rows: { file: string; found: number; expected: number; sections: number; expectedSections: number; refused: number }[] = [];
    for (const [file, body] of files) {
      const xml = body.toString('utf8');
      // Counted without the parser.
      const expected = (xml.match(/<Pubmed(?:Book)?Article[ >]/g) ?? []).length;
      if (expected === 0) {
        expect(() => splitArticleSet(xml), file).toThrow(expect.objectContaining({ code: 'unreadable_answer' }));
        continue;
      }
      const mapped = splitArticleSet(xml).map((element) => mapElement(element, '2026-06-01T00:00:00.000Z'));
      const posts = mapped.flatMap((one) => ('posts' in one ? one.posts : []));
      for (const { record } of posts) expect(recordSchema.parse(record)).toEqual(record);
      rows.push({
        file,
        found: posts.length,
        expected,
        sections: posts.reduce((sum, post) => sum + (post.text === '' ? 0 : post.text.split('\n').length), 0),
        expectedSections: (xml.match(/<AbstractText[ >]/g) ?? []).length,
        refused: mapped.length - posts.length,
      });
      expect(JSON.stringify(posts)).not.toMatch(/<[a-z]+>|&(?:amp|lt|gt|#\d+);/i);
    }
    console.info(['recording\tfound\texpected\tsections\texpected\trefused', ...rows.map((row) => Object.values(row).join('\t'))].join('\n'));
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter((row) => row.found !== row.expected || row.sections !== row.expectedSections || row.refused > 0)).toEqual([]);
  });

  it('finds in the recorded sets what a text search finds', async () => {
    for (const [pmid, xml] of await readRecordedArticles(SHARED_API)) {
      const mapped = mapElement({ name: 'PubmedArticle', xml }, '2026-06-01T00:00:00.000Z');
      const post = 'posts' in mapped ? mapped.posts[0] : undefined;
      expect(post?.nativeId).toBe(`pmid:${pmid}`);
      expect(post?.record?.mesh ?? []).toHaveLength((xml.match(/<DescriptorName[ >]/g) ?? []).length);
      expect(post?.record?.publication_types ?? []).toHaveLength((xml.match(/<PublicationType[ >]/g) ?? []).length);
      expect(post?.record?.nct).toBe(/<AccessionNumber>(NCT\d{8})</.exec(xml)?.[1]);
      expect(post?.record?.doi).toBe(/<ELocationID[^>]*EIdType="doi"[^>]*>([^<]+)</.exec(xml)?.[1] ?? /<ArticleId IdType="doi">([^<]+)</.exec(xml)?.[1]);
      expect(post?.record?.medline_status).toBe(/<MedlineCitation[^>]*Status="([^"]+)"/.exec(xml)?.[1]);
    }
  });

  it('crawls every recorded search from end to end: each id becomes a post or a refusal', async () => {
    const { source, context, crawlable } = await serve();
    expect(crawlable.length).toBeGreaterThanOrEqual(3);
    for (const query of crawlable) {
      const pages = await readPages(source.crawl({ query: pubmedQuerySchema.parse(JSON.parse(query)), cursor: {} }, context));
      const answer = JSON.parse(pages[0]?.captures[0]?.body.toString('utf8') ?? '{}') as { esearchresult: { count: string } };
      const posts = pages.flatMap((page) => page.posts);
      const refusals = pages.flatMap((page) => page.refusals);
      expect(posts.length + refusals.length, query).toBe(Number(answer.esearchresult.count));
      expect(new Set(refusals.map(({ code }) => code)).size).toBeLessThanOrEqual(1);
    }
  });

  it('knows recorded records as live', async () => {
    const { source, context } = await serve();
    const ids = [...(await readRecordedArticles(SHARED_API)).keys()].map((pmid) => `pmid:${pmid}`);
    expect(new Set((await source.recheck(ids, context)).values())).toEqual(new Set(['live']));
  });
});

describe.skipIf(!existsSync(RECORDS))('collected records (skipped without ../shared/data/records)', () => {
  it('have the ids the sources give', () => {
    const lines = readFileSync(RECORDS, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; ext_id: string });
    const fitting = lines.filter(({ kind, ext_id }) => (kind === 'clinicaltrials' ? /^NCT\d{8}$/ : /^\d{1,9}$/).test(ext_id));
    expect(lines.length - fitting.length).toBe(0);
    for (const { kind, ext_id } of fitting) expect(recordSchema.safeParse(kind === 'clinicaltrials' ? { nct: ext_id } : { pmid: ext_id }).success).toBe(true);
  });
});
