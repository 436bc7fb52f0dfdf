/**
 * Recorded PubMed and ClinicalTrials.gov answers (biomcp, MIT, and Biopython's tests, in
 * `../shared/data/api/{ctgov_pubmed_biomcp,ncbi_biopython}`), served as two hosts. Requests are taken from the capture
 * receipts. Few records belong to recorded searches, so a search for recorded PMIDs by `[uid]` is answered too, in the shape of the
 * recorded ones; that and the empty page after the last recorded one are all that is made up.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Exchange, findExchange, readRequest, trimPath } from './match-recording.ts';
import type { RecordedAnswer, RecordedHost } from './recording.ts';

const receiptsSchema = z.object({
  entries: z.array(z.object({ path: z.string(), receipt: z.object({ request: z.string() }).optional() })),
});

/** File name to recorded bytes. */
export type RecordedFiles = ReadonlyMap<string, Buffer>;

export async function readRecordedFiles(dir: string, folder: string, extension: string): Promise<RecordedFiles> {
  const names = (await readdir(path.join(dir, folder))).filter((name) => name.endsWith(extension)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(path.join(dir, folder, name))] as const)));
}

export const FOLDERS = {
  trials: 'ctgov_pubmed_biomcp/testdata/sources/ctgov',
  handmadeTrials: 'ctgov_pubmed_biomcp/testdata/sources/clinicaltrials',
  pubmed: 'ctgov_pubmed_biomcp/testdata/sources/pubmed',
  searches: 'ctgov_pubmed_biomcp/testdata/sources/variant_articles_683/pubmed',
  entrez: 'ncbi_biopython/Tests/Entrez',
} as const;

async function readExchanges(dir: string): Promise<readonly Exchange[]> {
  const root = path.join(dir, 'ctgov_pubmed_biomcp');
  const receipts = receiptsSchema.parse(JSON.parse(await readFile(path.join(root, 'capture-receipts.json'), 'utf8')));
  const wanted = receipts.entries.filter(({ path: file }) => /^(?:ctgov|variant_articles_683\/pubmed)\//.test(file));
  return await Promise.all(
    wanted.flatMap(({ path: file, receipt }) => {
      if (receipt === undefined) return [];
      const url = new URL(receipt.request);
      return [
        readFile(path.join(root, 'testdata/sources', file)).then((body): Exchange => {
          const limited = /"API rate limit exceeded"/.test(body.subarray(0, 200).toString('utf8'));
          return {
            file,
            method: 'GET',
            host: url.host,
            path: trimPath(url.pathname),
            params: url.searchParams,
            answer: answerWith(limited ? 429 : 200, 'application/json', body),
          };
        }),
      ];
    }),
  );
}

/** `<PubmedArticle>` elements of every recorded set, by PMID. Cut by text search, not by the parser under test. */
export async function readRecordedArticles(dir: string): Promise<ReadonlyMap<string, string>> {
  const files = [...(await readRecordedFiles(dir, FOLDERS.pubmed, '.xml')).values(), ...(await readRecordedFiles(dir, FOLDERS.entrez, '.xml')).values()];
  const elements = files.flatMap((body) => body.toString('utf8').match(/<Pubmed(?:Book)?Article>[\s\S]*?<\/Pubmed(?:Book)?Article>/g) ?? []);
  return new Map(elements.map((xml) => [/<PMID[^>]*>(\d+)</.exec(xml)?.[1] ?? '', xml]));
}

export async function literatureRecordings(dir: string): Promise<readonly RecordedHost[]> {
  const exchanges = await readExchanges(dir);
  return [
    pubmedHost(
      exchanges.filter(({ host }) => host === 'eutils.ncbi.nlm.nih.gov'),
      await readRecordedArticles(dir),
    ),
    trialsHost(exchanges.filter(({ host }) => host === 'clinicaltrials.gov')),
  ];
}

const EUTILS = '/entrez/eutils';
/** More than a crawl can take from one search: that recording shows a first page only. */
const REACHABLE = 9_999;

function pubmedHost(exchanges: readonly Exchange[], articles: ReadonlyMap<string, string>): RecordedHost {
  const searches = exchanges.filter(({ path: at, answer }) => at === `${EUTILS}/esearch.fcgi` && answer.status === 200);
  const whole = searches.filter(({ answer }) => Number(/"count":"(\d+)"/.exec(answer.body.toString('utf8'))?.[1]) <= REACHABLE);
  const everything = [...articles.keys()].map((pmid) => `${pmid}[uid]`).join(' OR ');
  return {
    host: 'eutils.ncbi.nlm.nih.gov',
    crawlable: [everything, ...whole.map(({ params }) => params.get('term') ?? '')].map((term) => JSON.stringify({ term })),
    answer(method, pathWithQuery, body) {
      const request = readRequest({ method, pathWithQuery, body });
      if (request.path === `${EUTILS}/efetch.fcgi` && request.params.get('db') === 'pubmed') {
        const found = (request.params.get('id') ?? '').split(',').flatMap((pmid) => articles.get(pmid.trim()) ?? []);
        return answerWith(
          200,
          'text/xml; charset=UTF-8',
          Buffer.from(`<?xml version="1.0" ?>\n<PubmedArticleSet>\n${found.join('\n')}\n</PubmedArticleSet>\n`),
        );
      }
      const recorded = findExchange(exchanges, { ...request, method: 'GET' }, { selecting: ['term', 'id'] });
      if (recorded !== undefined) return recorded.answer;
      const ids = [...(request.params.get('term') ?? '').matchAll(/(\d{1,9})\[uid\]/g)].flatMap(([, pmid = '']) => (articles.has(pmid) ? [pmid] : []));
      if (request.path !== `${EUTILS}/esearch.fcgi` || ids.length === 0) return undefined;
      const result = { count: String(ids.length), retmax: String(ids.length), retstart: '0', idlist: ids, translationset: [], querytranslation: '' };
      return answerWith(200, 'application/json', Buffer.from(JSON.stringify({ header: { type: 'esearch', version: '0.3' }, esearchresult: result })));
    },
  };
}

const SELECTING = ['query.term', 'query.cond', 'query.intr', 'pageToken'];

function trialsHost(recordings: readonly Exchange[]): RecordedHost {
  // One search was recorded with two page sizes: the one whose next page was recorded too comes first.
  const goesOn = ({ answer }: Exchange) => Number(answer.body.includes('"nextPageToken": "'));
  const exchanges = [...recordings].sort((a, b) => goesOn(b) - goesOn(a));
  const pages = exchanges.filter(({ path: at }) => at === '/api/v2/studies');
  const first = pages.filter(({ params }) => !params.has('pageToken') && !params.has('filter.overallStatus') && SELECTING.some((name) => params.has(name)));
  const queries = first.map(({ params }) =>
    JSON.stringify(Object.fromEntries(['term', 'cond', 'intr'].flatMap((name) => (params.has(`query.${name}`) ? [[name, params.get(`query.${name}`)]] : [])))),
  );
  return {
    host: 'clinicaltrials.gov',
    crawlable: [...new Set(queries)],
    answer(method, pathWithQuery, body) {
      const request = readRequest({ method, pathWithQuery, body });
      const asked = request.params.get('filter.ids')?.split(',');
      if (asked !== undefined) {
        const studies = pages.flatMap(
          ({ answer }) => (JSON.parse(answer.body.toString('utf8')) as { studies: { protocolSection: { identificationModule: { nctId: string } } }[] }).studies,
        );
        const found = asked.flatMap((nct) => studies.find((study) => study.protocolSection.identificationModule.nctId === nct) ?? []);
        return answerWith(200, 'application/json', Buffer.from(JSON.stringify({ studies: found })));
      }
      const recorded = findExchange(exchanges, request, { selecting: SELECTING });
      if (recorded !== undefined) return recorded.answer;
      const beyond = request.path === '/api/v2/studies' && request.params.has('pageToken');
      return beyond ? answerWith(200, 'application/json', Buffer.from('{"studies":[]}')) : undefined;
    },
  };
}

function answerWith(status: number, type: string, body: Buffer): RecordedAnswer {
  return { status, headers: { 'content-type': type }, body };
}
