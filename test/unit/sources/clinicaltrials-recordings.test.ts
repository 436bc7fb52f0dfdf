/**
 * The ClinicalTrials.gov mapping over every recorded answer, and the source over every recorded search.
 * Needs `../shared/data/api/ctgov_pubmed_biomcp`; skipped where it is absent.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { recordSchema } from '../../../src/model/post.ts';
import { clinicalTrialsQuerySchema, createClinicalTrialsSource } from '../../../src/sources/clinicaltrials.ts';
import { mapStudy } from '../../../src/sources/literature/map-study.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';
import { FOLDERS, literatureRecordings, readRecordedFiles } from '../../standin/recordings-literature.ts';
import { serveRecordings } from '../../standin/serve-recordings.ts';
import { hasRecordings, SHARED_API } from '../../standin/shared-data.ts';

const present = hasRecordings('ctgov_pubmed_biomcp') && hasRecordings('ncbi_biopython');

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve() {
  const recorded = await literatureRecordings(SHARED_API);
  const standIn = await serveRecordings(recorded);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const source = createClinicalTrialsSource();
  return { source, context: contextFor(http, { credentials: {} }), crawlable: recorded.find(({ host }) => host === 'clinicaltrials.gov')?.crawlable ?? [] };
}

describe.skipIf(!present)('recorded ClinicalTrials.gov answers (skipped without ../shared/data/api)', () => {
  it('maps every recorded study, whole page or single', async () => {
    const files = new Map([
      ...(await readRecordedFiles(SHARED_API, FOLDERS.trials, '.json')),
      ...(await readRecordedFiles(SHARED_API, FOLDERS.handmadeTrials, '.json')),
    ]);
    const rows: { file: string; found: number; expected: number; refused: string }[] = [];
    for (const [file, body] of files) {
      const raw = body.toString('utf8');
      const value = JSON.parse(raw) as { studies?: unknown[] };
      const mapped = (value.studies ?? [value]).map((study) => mapStudy(study, '2026-06-01T00:00:00.000Z'));
      const posts = mapped.flatMap((one) => ('post' in one ? [one.post] : []));
      // Counted without the parser.
      const ids = [...raw.matchAll(/"nctId": "(NCT\d{8})"/g)].map(([, nct]) => nct);
      rows.push({ file, found: posts.length, expected: ids.length, refused: mapped.flatMap((one) => ('refusal' in one ? [one.refusal.code] : [])).join(',') });
      for (const { nativeId, record, title, text } of posts) {
        expect(ids.map((nct) => `nct:${nct}`)).toContain(nativeId);
        expect(recordSchema.parse(record)).toEqual(record);
        expect(title).not.toBe('');
        expect(text).not.toMatch(/\\[[\]<>]/);
      }
    }
    console.info(['recording\tfound\texpected\trefused', ...rows.map((row) => Object.values(row).join('\t'))].join('\n'));
    expect(rows.length).toBeGreaterThan(8);
    // One hand-written file of contacts alone has neither title nor text, which is what the refusal says.
    expect(rows.filter((row) => row.found !== row.expected)).toEqual([{ file: 'study_contacts.json', found: 0, expected: 1, refused: 'missing_text' }]);
  });

  it('crawls every recorded search from end to end', async () => {
    const { source, context, crawlable } = await serve();
    const found: Record<string, number> = {};
    for (const query of crawlable) {
      const pages = await readPages(source.crawl({ query: clinicalTrialsQuerySchema.parse(JSON.parse(query)), cursor: {} }, context));
      expect(pages.flatMap((page) => page.refusals)).toEqual([]);
      found[query.slice(0, 60)] = new Set(pages.flatMap((page) => page.posts.map((post) => post.nativeId))).size;
    }
    console.info(found);
    expect(found['{"cond":"Phelan-McDermid Syndrome"}']).toBe(10);
    expect(Object.values(found).every((count) => count > 0)).toBe(true);
  });

  it('knows recorded studies as live, and a study with its own recorded page too', async () => {
    const { source, context } = await serve();
    const outcomes = await source.recheck(['nct:NCT02710084', 'nct:NCT02576665', 'nct:NCT00000000'], context);
    expect([...outcomes]).toEqual([
      ['nct:NCT02710084', 'live'],
      ['nct:NCT02576665', 'live'],
      ['nct:NCT00000000', 'missing'],
    ]);
  });
});
