import { afterEach, describe, expect, it } from 'vitest';
import { PUBMED_RATE_LIMIT, type PubmedStandInOptions, type PubmedWorld, startPubmedStandIn } from '../../../src/demo/standins/pubmed.ts';
import { createPubmedSource, pubmedQuerySchema, pubmedSource } from '../../../src/sources/pubmed.ts';
import type { CrawlCursor, CrawlPage } from '../../../src/sources/source.ts';
import { article, articles, RETRACTION } from '../../fixtures/pubmed/articles.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const DAY = { now: () => new Date('2026-06-01T10:00:00Z') };
const LATER = { now: () => new Date('2026-06-11T10:00:00Z') };

interface Setting {
  readonly standIn?: PubmedStandInOptions;
  readonly source?: Parameters<typeof createPubmedSource>[0];
  readonly credentials?: Readonly<Record<string, string>>;
}

async function start(world: PubmedWorld, setting: Setting = {}) {
  const standIn = await startPubmedStandIn(world, setting.standIn);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const source = createPubmedSource(setting.source);
  const context = (changes = DAY) => contextFor(http, { credentials: setting.credentials ?? {}, ...changes });
  return {
    standIn,
    crawl: (query: object, cursor: CrawlCursor = {}, changes = DAY) =>
      readPages(source.crawl({ query: pubmedQuerySchema.parse(query), cursor }, context(changes))),
    crawlSome: (query: object, cursor: CrawlCursor, pages: number) =>
      readPages(source.crawl({ query: pubmedQuerySchema.parse(query), cursor }, context()), pages),
    recheck: (ids: readonly string[]) => source.recheck(ids, context()),
    searches: () =>
      standIn.requests.filter(({ path }) => path.includes('esearch')).map(({ path, body }) => new URLSearchParams(body || new URL(path, 'http://x').search)),
    fetches: () => standIn.requests.filter(({ path }) => path.includes('efetch')),
  };
}

const pmidsOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.posts.map((post) => Number(post.nativeId?.slice('pmid:'.length))));
const refusalsOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.refusals);
const cursorOf = (pages: readonly CrawlPage[]): CrawlCursor => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;

describe('crawl', () => {
  it('searches once and fetches in batches, each page with its captures', async () => {
    const { crawl, fetches } = await start({ articles: articles(1, 450) });
    const pages = await crawl({ term: 'examplide' });
    expect(pages.map((page) => page.posts.length)).toEqual([200, 200, 50]);
    expect(pages.map((page) => page.captures.length)).toEqual([2, 1, 1]);
    expect(new Set(pmidsOf(pages)).size).toBe(450);
    expect(refusalsOf(pages)).toEqual([]);
    expect(cursorOf(pages)).toEqual({ through: '2026-06-01' });
    expect(fetches().map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
    for (const page of pages) {
      const digests = page.captures.map(({ digest }) => digest);
      for (const post of page.posts) expect(digests).toContain(post.captureDigest);
    }
  });

  it('gives a page with its capture when nothing is found', async () => {
    const { crawl } = await start({ articles: articles(1, 3) });
    const pages = await crawl({ term: 'nothingofthekind' });
    expect(pages).toHaveLength(1);
    expect(pages[0]).toMatchObject({ posts: [], refusals: [], cursor: { through: '2026-06-01' } });
    expect(pages[0]?.captures).toHaveLength(1);
  });

  it('goes on after the last stored page', async () => {
    const { crawl, crawlSome } = await start({ articles: articles(1, 25) }, { source: { batch: 10 } });
    const first = await crawlSome({ term: 'examplide' }, {}, 1);
    expect(pmidsOf(first)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
    const rest = await crawl({ term: 'examplide' }, cursorOf(first));
    expect(pmidsOf(rest)).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(cursorOf(rest)).toEqual({ through: '2026-06-01' });
  });

  it('asks later for what was entered or changed since, and brings retractions of known records', async () => {
    const { crawl, standIn, searches } = await start({ articles: articles(1, 3) });
    const before = cursorOf(await crawl({ term: 'examplide' }));
    standIn.setWorld({
      articles: [
        article(1),
        article(2, { revised: '2026-06-05', types: ['Journal Article', 'Retracted Publication'], more: RETRACTION }),
        article(3),
        article(4, { entered: '2026-06-08' }),
        // Entered in June; NLM sets the entry date of late records back.
        article(5, { entered: '2019-01-01', revised: '2026-06-07' }),
      ],
    });
    const pages = await crawl({ term: 'examplide' }, before, LATER);
    expect(pmidsOf(pages).sort()).toEqual([2, 4, 5]);
    expect(pages.flatMap((page) => page.posts).find((post) => post.nativeId === 'pmid:2')?.record?.notices).toEqual([
      { kind: 'retraction', record: 'pmid:900001' },
    ]);
    expect(
      searches()
        .slice(1)
        .map((params) => ['datetype', 'mindate', 'maxdate'].map((name) => params.get(name))),
    ).toEqual([
      ['edat', '2026/05/30', '2026/06/11'],
      ['mdat', '2026/05/30', '2026/06/11'],
    ]);
    expect(cursorOf(pages)).toEqual({ through: '2026-06-11' });
  });

  it('cuts a search by date until each part can be had whole, newest first', async () => {
    const world = {
      articles: [...articles(1, 8, { entered: '2001-01-01' }), ...articles(11, 18, { entered: '2015-06-01' }), ...articles(21, 28, { entered: '2026-05-01' })],
    };
    const { crawl } = await start(world, { standIn: { reachable: 10 }, source: { reachable: 10 } });
    const pages = await crawl({ term: 'examplide' });
    expect(pmidsOf(pages)).toEqual([28, 27, 26, 25, 24, 23, 22, 21, 18, 17, 16, 15, 14, 13, 12, 11, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(refusalsOf(pages)).toEqual([]);
  });

  it('says how many records of one day are out of reach', async () => {
    const { crawl } = await start({ articles: articles(1, 14, { entered: '2020-02-02' }) }, { standIn: { reachable: 10 }, source: { reachable: 10 } });
    const pages = await crawl({ term: 'examplide' });
    expect(pmidsOf(pages)).toHaveLength(10);
    expect(refusalsOf(pages)).toEqual([{ code: 'not_fetched', detail: '4 records beyond what one search gives', item: 'edat 2020-02-02..2020-02-02' }]);
  });

  it('takes the newest `max`, over a resumed run too, and says what it left', async () => {
    const { crawl, crawlSome } = await start({ articles: articles(1, 25) }, { source: { batch: 10 } });
    const first = await crawlSome({ term: 'examplide', max: 12 }, {}, 1);
    const rest = await crawl({ term: 'examplide', max: 12 }, cursorOf(first));
    expect(pmidsOf(rest)).toEqual([15, 14]);
    expect(refusalsOf(first)).toMatchObject([{ code: 'not_fetched', detail: '13 records beyond max 12' }]);
  });

  it('keeps `since` to the date of entry when it asks for changes', async () => {
    const { crawl, searches } = await start({
      articles: [article(1, { entered: '2010-01-01', revised: '2026-06-05' }), article(2, { entered: '2025-01-01', revised: '2026-06-05' })],
    });
    const pages = await crawl({ term: 'examplide', since: '2020-01-01' }, { through: '2026-06-01' }, LATER);
    expect(pmidsOf(pages)).toEqual([2]);
    expect(searches().at(-1)?.get('term')).toBe('(examplide) AND ("2020/01/01"[edat] : "3000"[edat])');
  });

  it('refuses what the search found and efetch does not give, and keeps the rest of the batch', async () => {
    const broken = article(2).replace('</Article>', '</Articel>');
    const { crawl, standIn } = await start(
      { articles: [article(1), broken, article(3)] },
      {
        standIn: {
          fault: ({ path }) => (path.includes('esearch') ? { status: 200, body: '{"esearchresult":{"count":"4","idlist":["1","2","3","4"]}}' } : undefined),
        },
      },
    );
    const pages = await crawl({ term: 'examplide' });
    expect(pmidsOf(pages)).toEqual([1, 3].reverse());
    expect(refusalsOf(pages)).toMatchObject([
      { code: 'malformed_item', item: 'pmid:2' },
      { code: 'missing_from_answer', item: 'pmid:4' },
    ]);
    expect(standIn.requests).toHaveLength(2);
  });

  it('starts over from a cursor it cannot read', async () => {
    const { crawl } = await start({ articles: articles(1, 2) });
    expect(pmidsOf(await crawl({ term: 'examplide' }, { through: 'yesterday', run: { windows: 5 } }))).toEqual([2, 1]);
  });
});

describe('secrets', () => {
  const credentials = { NCBI_API_KEY: 'k-secret', NCBI_EMAIL: 'ops@example.org' };

  it('keeps the key out of every address, and key and e-mail out of captures', async () => {
    const { crawl, standIn } = await start({ articles: articles(1, 2) }, { credentials });
    const pages = await crawl({ term: 'examplide' });
    expect(standIn.requests.map(({ path }) => path)).toEqual(['/entrez/eutils/esearch.fcgi', '/entrez/eutils/efetch.fcgi']);
    for (const { body } of standIn.requests) expect(new URLSearchParams(body).get('api_key')).toBe('k-secret');
    const kept = JSON.stringify(pages.flatMap((page) => page.captures.map(({ url, headers }) => ({ url, headers }))));
    expect(kept).not.toMatch(/k-secret|ops@|ops%40/);
    expect(kept).toContain('term=examplide');
  });

  it('names the variable, not the key, when NCBI refuses it', async () => {
    const { crawl } = await start({ articles: [] }, { credentials, standIn: { apiKeys: ['other'] } });
    const error: unknown = await crawl({ term: 'examplide' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('NCBI_API_KEY') });
    expect(String(error)).not.toContain('k-secret');
  });
});

describe('errors', () => {
  it.each([
    ['429 with its JSON body', PUBMED_RATE_LIMIT, 'RateLimitedError', 'rate_limited'],
    ['the same inside a 200', { ...PUBMED_RATE_LIMIT, status: 200 }, 'RateLimitedError', 'rate_limited'],
    [
      'a backend failure inside a 200, with line breaks JSON forbids',
      { status: 200, body: '{"esearchresult":{"ERROR":"Search Backend failed:\n\tread failed"}}' },
      'TransientError',
      'unavailable',
    ],
    [
      'a term that cannot be searched',
      { status: 200, body: '{"esearchresult":{"ERROR":"Empty term and query_key - nothing todo"}}' },
      'InvalidInputError',
      'query_refused',
    ],
    [
      'a maintenance page with status 200',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Down</html>' },
      'TransientError',
      'unreadable_answer',
    ],
    ['502', { status: 502, body: 'Bad Gateway' }, 'TransientError', 'http_502'],
    ['404', { status: 404, body: 'gone' }, 'InvalidInputError', 'unexpected_status'],
    ['a closed connection', { status: 200, hangUp: true }, 'TransientError', 'network'],
  ])('tells %s', async (_what, fault, name, code) => {
    const { crawl } = await start({ articles: articles(1, 2) }, { standIn: { fault: () => fault } });
    await expect(crawl({ term: 'examplide' })).rejects.toMatchObject({ name, code });
  });

  it.each([
    ['a cut set', '<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCit', 'unreadable_answer'],
    ['an error instead of a set', '<eFetchResult><ERROR>Unable to obtain query #1: backend unavailable</ERROR></eFetchResult>', 'unavailable'],
  ])('takes %s from efetch for an outage', async (_what, body, code) => {
    const { crawl, recheck } = await start(
      { articles: articles(1, 2) },
      { standIn: { fault: ({ path }) => (path.includes('efetch') ? { status: 200, body } : undefined) } },
    );
    await expect(crawl({ term: 'examplide' })).rejects.toMatchObject({ name: 'TransientError', code });
    await expect(recheck(['pmid:1'])).rejects.toMatchObject({ name: 'TransientError', code });
  });

  it('sends a very long term as POST', async () => {
    const { crawl, standIn } = await start({ articles: articles(1, 2) });
    await crawl({ term: Array(300).fill('examplide').join(' OR ') });
    expect(standIn.requests[0]?.method).toBe('POST');
  });
});

describe('recheck', () => {
  it('tells live, deleted, missing, and what it cannot know', async () => {
    const { recheck } = await start({ articles: articles(1, 2), deleted: ['3'] });
    const outcomes = await recheck(['pmid:1', 'pmid:2', 'pmid:3', 'pmid:4', 'pmid:x', 'nct:NCT00000000']);
    expect([...outcomes]).toEqual([
      ['pmid:1', 'live'],
      ['pmid:2', 'live'],
      ['pmid:3', 'deleted'],
      ['pmid:4', 'missing'],
      ['pmid:x', 'unknown'],
      ['nct:NCT00000000', 'unknown'],
    ]);
  });

  it('calls nothing deleted that the search still finds', async () => {
    const { recheck } = await start(
      { articles: articles(1, 2) },
      { standIn: { fault: ({ path }) => (path.includes('efetch') ? { status: 200, body: '<PubmedArticleSet></PubmedArticleSet>' } : undefined) } },
    );
    expect([...(await recheck(['pmid:1', 'pmid:9'])).values()]).toEqual(['unknown', 'missing']);
  });

  it('reads the refusal of a list of unknown ids', async () => {
    const { recheck } = await start(
      { articles: [] },
      { standIn: { fault: ({ path }) => (path.includes('efetch') ? { status: 400, body: 'ID list is empty! Possibly it has no correct IDs.' } : undefined) } },
    );
    expect([...(await recheck(['pmid:9'])).values()]).toEqual(['missing']);
  });

  it('asks nothing when there is nothing to ask', async () => {
    const { recheck, standIn } = await start({ articles: [] });
    expect([...(await recheck([])).keys()]).toEqual([]);
    expect(standIn.requests).toEqual([]);
  });
});

describe('query', () => {
  it.each([{}, { term: '' }, { term: 'x', max: 0 }, { term: 'x', since: '2020' }, { term: 'x', page: 2 }])('refuses %j', (query) => {
    expect(pubmedQuerySchema.safeParse(query).success).toBe(false);
  });

  it('is what the source checks topics with', () => {
    expect(pubmedSource.querySchema).toBe(pubmedQuerySchema);
  });
});

describe('the stand-in’s search', () => {
  const world = {
    articles: [
      article(1, { title: 'Examplide and sleep', abstract: 'rats' }),
      article(2, { title: 'Examplide-7 and hunger', abstract: 'mice' }),
      article(3, { title: 'Sleep', abstract: 'people' }),
    ],
  };

  it.each([
    ['examplide', [1, 2]],
    ['examplide sleep', [1]],
    ['"examplide and sleep"[Title/Abstract]', [1]],
    ['examplide OR sleep', [1, 2, 3]],
    ['(examplide OR sleep) NOT rats', [2, 3]],
    ['"examplide 7"', [2]],
    ['hung*', [2]],
    ['3[uid] OR 2[pmid]', [2, 3]],
    ['sleep AND ("2024/05/06"[edat] : "3000"[edat])', [1, 3]],
    ['sleep AND ("2025/01/01"[edat] : "3000"[edat])', []],
  ])('%s', async (term, expected) => {
    const { crawl } = await start(world);
    expect(pmidsOf(await crawl({ term })).sort()).toEqual(expected);
  });

  it('refuses an open parenthesis as PubMed’s backend does', async () => {
    const { crawl } = await start(world);
    await expect(crawl({ term: '(examplide' })).rejects.toMatchObject({ code: 'query_refused' });
  });
});
