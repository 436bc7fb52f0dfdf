/**
 * Stand-in for eutils.ncbi.nlm.nih.gov: esearch and efetch of PubMed over a world of `<PubmedArticle>` elements, GET
 * and POST. It behaves as docs/sources/pubmed.md says NCBI does: numbers as strings, errors inside a 200, at most
 * 9,999 records of one search, unknown ids left out without a word. Proved by test/unit/sources/pubmed.test.ts.
 */
import { jsonAnswer, type StandInAnswer, startLoopback } from './loopback.ts';
import { compileTerm, type Searchable } from './pubmed-term.ts';
import type { StandIn, StandInOptions, StandInRequest } from './stand-in.ts';

export interface PubmedWorld {
  /**
   * `<PubmedArticle>` or `<PubmedBookArticle>` elements. Entry date: `PubMedPubDate[@PubStatus="entrez"]`; date of change:
   * `DateRevised`; each stands for the other where one is missing. A record left out of the next world is deleted.
   */
  readonly articles: readonly string[];
  /** PMIDs that efetch names in a `<DeleteCitation>`. */
  readonly deleted?: readonly string[];
}

export interface PubmedStandInOptions extends StandInOptions {
  /** Records of one search that can be had; default 9,999. */
  readonly reachable?: number;
  /** Keys that are accepted; default: any, and none. */
  readonly apiKeys?: readonly string[];
}

interface Article extends Searchable {
  readonly xml: string;
}

const DEFAULT_RETMAX = 20;
/** Beyond this many ids in an address the real server answers 414. */
const MAX_GET_IDS = 200;
const PROLOGUE =
  '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n';

/** The body and status NCBI answers with above the rate; for `fault`. */
export const PUBMED_RATE_LIMIT = {
  status: 429,
  headers: { 'content-type': 'application/json' },
  body: '{"error":"API rate limit exceeded","api-key":"192.0.2.1","count":"4","limit":"3"}',
} as const;

export async function startPubmedStandIn(world: PubmedWorld, options: PubmedStandInOptions = {}): Promise<StandIn & { setWorld(world: PubmedWorld): void }> {
  const reachable = options.reachable ?? 9_999;
  let articles = world.articles.map(readArticle);
  let deleted = new Set(world.deleted);

  function answer(request: StandInRequest): StandInAnswer {
    const url = new URL(request.path, 'https://eutils.ncbi.nlm.nih.gov');
    const params = new URLSearchParams(url.search);
    if (request.method === 'POST') for (const [name, value] of new URLSearchParams(request.body)) params.set(name, value);
    const key = params.get('api_key');
    if (key !== null && options.apiKeys?.includes(key) === false)
      return jsonAnswer(400, { error: 'API key invalid', 'api-key': key, type: 'client', status: 'unknown' });
    if (url.pathname === '/entrez/eutils/esearch.fcgi') return search(params);
    if (url.pathname === '/entrez/eutils/efetch.fcgi') return fetchRecords(params, request.method);
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><body><h1>404 - Not Found</h1></body></html>' };
  }

  function search(params: URLSearchParams): StandInAnswer {
    const failed = (message: string) => jsonAnswer(200, { header: { type: 'esearch', version: '0.3' }, esearchresult: { ERROR: message } });
    if (params.get('db') !== 'pubmed') return failed(`Invalid db name specified: ${params.get('db') ?? ''}`);
    const term = params.get('term')?.trim() ?? '';
    if (term === '') return failed('Empty term and query_key - nothing todo');
    const start = Number(params.get('retstart') ?? 0);
    if (start >= reachable) {
      return failed(
        `Search Backend failed: Exception:\n'retstart' cannot be larger than ${reachable - 1}. For PubMed, ESearch can only retrieve the first ${reachable} records matching the query.`,
      );
    }
    const match = compileTerm(term);
    if (match === undefined) return failed('Search Backend failed: unbalanced parentheses');
    const found = articles
      .filter((article) => match(article) && isInWindow(article, params))
      .sort((a, b) => b.edat.localeCompare(a.edat) || Number(b.pmid) - Number(a.pmid));
    const retmax = Math.min(Number(params.get('retmax') ?? DEFAULT_RETMAX), reachable - start);
    const ids = found.slice(start, start + retmax).map(({ pmid }) => pmid);
    const nothing = found.length === 0 ? { warninglist: { phrasesignored: [], quotedphrasesnotfound: [], outputmessages: ['No items found.'] } } : {};
    return jsonAnswer(200, {
      header: { type: 'esearch', version: '0.3' },
      esearchresult: {
        count: String(found.length),
        retmax: String(ids.length),
        retstart: String(start),
        idlist: ids,
        translationset: [],
        querytranslation: term,
        ...nothing,
      },
    });
  }

  function fetchRecords(params: URLSearchParams, method: string): StandInAnswer {
    const ids = (params.get('id') ?? '')
      .split(',')
      .map((id) => id.trim())
      .filter((id) => /^\d+$/.test(id));
    if (params.get('db') !== 'pubmed' || ids.length === 0)
      return { status: 400, headers: { 'content-type': 'text/plain' }, body: 'ID list is empty! Possibly it has no correct IDs.' };
    if (method === 'GET' && ids.length > MAX_GET_IDS)
      return { status: 414, headers: { 'content-type': 'text/html' }, body: '<html><body>Request-URI Too Long</body></html>' };
    const records = ids.flatMap((id) => articles.find(({ pmid }) => pmid === id)?.xml ?? []);
    const gone = ids.filter((id) => deleted.has(id)).map((id) => `<PMID Version="1">${id}</PMID>`);
    const notice = gone.length === 0 ? '' : `<DeleteCitation>${gone.join('')}</DeleteCitation>`;
    return {
      status: 200,
      headers: { 'content-type': 'text/xml; charset=UTF-8' },
      body: `${PROLOGUE}<PubmedArticleSet>\n${records.join('\n')}${notice}\n</PubmedArticleSet>\n`,
    };
  }

  const standIn = await startLoopback({ ...options, hosts: ['eutils.ncbi.nlm.nih.gov'], handle: answer });
  return {
    ...standIn,
    setWorld(next) {
      articles = next.articles.map(readArticle);
      deleted = new Set(next.deleted);
    },
  };
}

function readArticle(xml: string): Article {
  const entrez = readDay(/<PubMedPubDate PubStatus="entrez">([\s\S]*?)<\/PubMedPubDate>/.exec(xml)?.[1]);
  const revised = readDay(/<DateRevised>([\s\S]*?)<\/DateRevised>/.exec(xml)?.[1]);
  const first = entrez ?? revised ?? '2000/01/01';
  return {
    xml,
    pmid: /<PMID\b[^>]*>\s*(\d+)/.exec(xml)?.[1] ?? '',
    text: xml
      .replace(/<[^>]*>/g, ' ')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&')
      .toLowerCase(),
    edat: first,
    mdat: revised !== undefined && revised > first ? revised : first,
  };
}

function readDay(xml: string | undefined): string | undefined {
  const [year, month, day] = ['Year', 'Month', 'Day'].map((name) => new RegExp(`<${name}>(\\d+)</${name}>`).exec(xml ?? '')?.[1]);
  return year === undefined || month === undefined || day === undefined ? undefined : `${year}/${month.padStart(2, '0')}/${day.padStart(2, '0')}`;
}

/** `mindate` and `maxdate` count only together; `pdat` is not told apart from `edat` here. */
function isInWindow(article: Article, params: URLSearchParams): boolean {
  const from = params.get('mindate');
  const to = params.get('maxdate');
  if (from === null || to === null) return true;
  const day = params.get('datetype') === 'mdat' ? article.mdat : article.edat;
  return day >= from && day <= `${to}~`;
}
