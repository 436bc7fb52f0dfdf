/**
 * Platforms change without a word. Of each literature source a recorded answer is changed in one place, a field gone or a type changed, and
 * served again: the crawl has to fail, or to count what it could not read. Never may it end well with less.
 * Needs `../shared/data/api/{ctgov_pubmed_biomcp,ncbi_biopython}`; skipped where they are absent.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { HearsayError } from '../../../src/errors.ts';
import { createClinicalTrialsSource } from '../../../src/sources/clinicaltrials.ts';
import { createEuropepmcSource } from '../../../src/sources/europepmc.ts';
import { createPubmedSource } from '../../../src/sources/pubmed.ts';
import type { Source } from '../../../src/sources/source.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';
import type { RecordedHost } from '../../standin/recording.ts';
import { europepmcRecordings } from '../../standin/recordings-europepmc.ts';
import { literatureRecordings } from '../../standin/recordings-literature.ts';
import { serveRecordings } from '../../standin/serve-recordings.ts';
import { hasRecordings, SHARED_API } from '../../standin/shared-data.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const pacer = { wait: async () => undefined };
type Change = (text: string) => string;
/** The first place alone, so that the records around it have to come through. */
const swap =
  (from: string | RegExp, to: string): Change =>
  (text) =>
    text.replace(from, to);

const SOURCES = {
  pubmed: { source: createPubmedSource({ pacer }) as Source, host: 'eutils.ncbi.nlm.nih.gov' },
  clinicaltrials: { source: createClinicalTrialsSource({ pacer }) as Source, host: 'clinicaltrials.gov' },
  europepmc: { source: createEuropepmcSource({ pacer }) as Source, host: 'www.ebi.ac.uk' },
};

async function crawlRecorded(name: keyof typeof SOURCES, change: Change = (text) => text) {
  const { source, host } = SOURCES[name];
  const recorded = [...(await literatureRecordings(SHARED_API)), await europepmcRecordings(SHARED_API)].find((one) => one.host === host) as RecordedHost;
  let changed = 0;
  const standIn = await serveRecordings([
    {
      ...recorded,
      answer(...request) {
        const answer = recorded.answer(...request);
        if (answer === undefined) return undefined;
        const before = answer.body.toString('utf8');
        const after = change(before);
        if (after !== before) changed += 1;
        return { ...answer, body: Buffer.from(after) };
      },
    },
  ]);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const query: unknown = JSON.parse(recorded.crawlable[0] ?? '');
  try {
    const pages = await readPages(source.crawl({ query: source.querySchema.parse(query), cursor: {} }, contextFor(http, { credentials: {} })));
    return { changed, posts: pages.flatMap((page) => page.posts).length, codes: [...new Set(pages.flatMap((page) => page.refusals.map(({ code }) => code)))] };
  } catch (error) {
    expect(error).toBeInstanceOf(HearsayError);
    return { changed, posts: 0, codes: [(error as HearsayError).code] };
  }
}

const MUTATIONS: readonly [source: keyof typeof SOURCES, what: string, change: Change, code: string][] = [
  ['pubmed', 'a record without its PMID', swap(/(<MedlineCitation[^>]*>\s*)<PMID[^>]*>\d+<\/PMID>/, '$1'), 'malformed_item'],
  ['pubmed', 'a PMID that is a word', swap(/(<MedlineCitation[^>]*>\s*<PMID[^>]*>)\d+/, '$1first'), 'malformed_item'],
  ['pubmed', 'a record whose article has another name', (text) => swap('<Article ', '<Paper ')(text).replace('</Article>', '</Paper>'), 'missing_text'],
  ['pubmed', 'a search whose number is gone', swap(/"count":\s*"\d+",?/, ''), 'unreadable_answer'],
  ['pubmed', 'a search whose ids are numbers', swap(/"idlist":\s*\["(\d+)"/, '"idlist":[$1'), 'unreadable_answer'],
  ['clinicaltrials', 'a study without its id', swap(/"nctId":\s*"NCT\d{8}",?/, ''), 'malformed_item'],
  ['clinicaltrials', 'an id that is a list', swap(/"nctId":\s*("NCT\d{8}")/, '"nctId":[$1]'), 'malformed_item'],
  ['clinicaltrials', 'a page whose studies have another name', swap('"studies"', '"results"'), 'unreadable_answer'],
  ['clinicaltrials', 'a page token that is a number', swap(/"nextPageToken":\s*"[^"]+"/, '"nextPageToken":7'), 'unreadable_answer'],
  ['europepmc', 'a record without its id', swap(/"id":"\d+",/, ''), 'malformed_item'],
  ['europepmc', 'a PMID that is a number', swap(/"pmid":"(\d+)"/, '"pmid":$1'), 'malformed_item'],
  ['europepmc', 'types that are a list', swap(/"pubType":("[^"]*")/, '"pubType":[$1]'), 'malformed_item'],
  ['europepmc', 'a record without its title', swap(/"title":"[^"]*",/, ''), 'missing_text'],
  ['europepmc', 'a page whose results have another name', swap('"resultList"', '"results"'), 'unreadable_answer'],
  ['europepmc', 'a number of hits that is a word', swap(/"hitCount":(\d+)/, '"hitCount":"$1"'), 'unreadable_answer'],
  ['europepmc', 'results that are gone', swap(/"result":\[[\s\S]*\]/, '"result":[]'), 'missing_from_answer'],
];

describe.skipIf(!hasRecordings('ctgov_pubmed_biomcp') || !hasRecordings('ncbi_biopython'))(
  'a recorded answer changed in one place (skipped without ../shared/data/api)',
  () => {
    it.each(Object.keys(SOURCES) as (keyof typeof SOURCES)[])('%s reads its recording whole, unchanged', async (name) => {
      const { posts, codes } = await crawlRecorded(name);
      expect(posts).toBeGreaterThan(0);
      expect(codes).toEqual([]);
    });

    it.each(MUTATIONS)('%s: %s is caught and counted', async (name, _what, change, code) => {
      const whole = await crawlRecorded(name);
      const mutated = await crawlRecorded(name, change);
      expect(mutated.changed).toBeGreaterThan(0);
      expect(mutated.codes).toContain(code);
      expect(mutated.posts).toBeLessThan(whole.posts);
    });
  },
);
