/** Recordings that are one answer each, through the source that asks for the like: literature and feeds. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createClinicalTrialsSource } from '../../../src/sources/clinicaltrials.ts';
import { createEuropepmcSource } from '../../../src/sources/europepmc.ts';
import { createPubmedSource } from '../../../src/sources/pubmed.ts';
import type { Source } from '../../../src/sources/source.ts';
import { feedSource } from '../../../src/sources/web.ts';
import { readRecordedArticles } from '../recordings-literature.ts';
import { type Desk, json, NOT_FOUND, openDesk } from './ask-source.ts';
import { countArticles, countEntries, countFoundIds, countResults, countStudies } from './count-items.ts';
import { type ItemCount, onePage, type Row, rowOf, type Tally, tallyPages } from './row.ts';

const crawl = (source: Source, query: object, desk: Desk): Promise<Tally> =>
  tallyPages(source.crawl({ query: source.querySchema.parse(query), cursor: {} }, desk.context));

interface Reader {
  readonly source: string;
  readonly count: (body: Buffer) => ItemCount;
  readonly read: (body: Buffer, desk: Desk, dir: string) => Promise<Tally>;
}

/** Larger than any recorded search: one whose number is above what can be had would be cut by date, and none of the parts was recorded. */
const pubmed = createPubmedSource({ reachable: 10_000_000 });

/** As what efetch gives. */
const records: Reader = {
  source: 'pubmed',
  count: countArticles,
  async read(body, desk) {
    desk.answerWith(() => ({ status: 200, headers: { 'content-type': 'text/xml; charset=UTF-8' }, body }));
    return await tallyPages(onePage(pubmed.records?.fetch(['pmid:1'], desk.context) ?? Promise.reject(new Error('PubMed looks nothing up'))));
  },
};

/** As what esearch gives; the records behind the ids are those of all recordings. */
const search: Reader = {
  source: 'pubmed',
  count: countFoundIds,
  async read(body, desk, dir) {
    const articles = await readRecordedArticles(dir);
    desk.answerWith((request) => {
      if (!request.path.includes('efetch')) return { ...json(undefined), body };
      const asked = (new URLSearchParams(request.body).get('id') ?? '').split(',').flatMap((id) => articles.get(id) ?? []);
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: `<PubmedArticleSet>${asked.join('')}</PubmedArticleSet>` };
    });
    return await crawl(pubmed as Source, { term: 'recorded' }, desk);
  },
};

/** A page, or one study as a page of one. */
const studies: Reader = {
  source: 'clinicaltrials',
  count: countStudies,
  async read(body, desk) {
    const text = body.toString('utf8');
    const page = /"studies"\s*:/.test(text) ? text : `{"studies":[${text}]}`;
    desk.answerWith((request) => (request.path.includes('pageToken=') ? json({ studies: [] }) : { ...json(undefined), body: page }));
    return await crawl(createClinicalTrialsSource() as Source, { term: 'recorded' }, desk);
  },
};

const results: Reader = {
  source: 'europepmc',
  count: countResults,
  async read(body, desk) {
    desk.answerWith(() => ({ ...json(undefined), body }));
    return await crawl(createEuropepmcSource() as Source, { term: 'recorded', med: true }, desk);
  },
};

const feed: Reader = {
  source: 'feed',
  count: countEntries,
  async read(body, desk) {
    desk.answerWith((request) => (request.path === '/robots.txt' ? NOT_FOUND : { status: 200, headers: { 'content-type': 'application/xml' }, body }));
    return await crawl(feedSource as Source, { url: 'https://recorded.example/feed' }, desk);
  },
};

/** By place and name; the first that fits. `undefined`: a service that no source asks. */
const READERS: readonly (readonly [pattern: RegExp, reader: Reader | undefined])[] = [
  [/^ctgov_pubmed_biomcp\/testdata\/sources\/(?:ctgov|clinicaltrials)\//, studies],
  [/^ctgov_pubmed_biomcp\/testdata\/sources\/europepmc\//, results],
  [/^ctgov_pubmed_biomcp\/testdata\/sources\/(?:variant_articles_683\/)?pubmed\/.*\.json$/, search],
  [/^ctgov_pubmed_biomcp\/testdata\/sources\/pubmed\/.*\.xml$/, records],
  [/^ctgov_pubmed_biomcp\/testdata\/sources\/(?:ncbi_idconv|pubtator)\//, undefined],
  [/^ncbi_biopython\/Tests\/(?:Entrez|Medline)\//, records],
  [/^reddit_rss\//, feed],
];

/** @throws Error for a recording that nobody has said how to read. */
export async function fileRows(dir: string, files: readonly string[]): Promise<readonly Row[]> {
  const desk = await openDesk('eutils.ncbi.nlm.nih.gov', 'clinicaltrials.gov', 'www.ebi.ac.uk', 'recorded.example');
  try {
    const rows: Row[] = [];
    for (const file of files) {
      const found = READERS.find(([pattern]) => pattern.test(file));
      if (found === undefined) throw new Error(`no source is named for the recording ${file}`);
      const [, reader] = found;
      if (reader === undefined) {
        rows.push(rowOf(file, undefined, []));
        continue;
      }
      const body = await readFile(path.join(dir, file));
      rows.push(rowOf(file, reader.source, [{ tally: await reader.read(body, desk, dir), expected: reader.count(body) }]));
    }
    return rows;
  } finally {
    await desk.close();
  }
}
