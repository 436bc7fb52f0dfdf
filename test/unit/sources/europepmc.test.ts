import { afterEach, describe, expect, it } from 'vitest';
import { type EuropepmcStandInOptions, startEuropepmcStandIn } from '../../../src/demo/standins/europepmc.ts';
import { startPubmedStandIn } from '../../../src/demo/standins/pubmed.ts';
import { createEuropepmcSource } from '../../../src/sources/europepmc.ts';
import { sources, sourceNamed } from '../../../src/sources/list.ts';
import { createPubmedSource } from '../../../src/sources/pubmed.ts';
import type { CrawlCursor, CrawlPage, Source } from '../../../src/sources/source.ts';
import { medline, preprint, preprints, pprOf } from '../../fixtures/europepmc/records.ts';
import { article } from '../../fixtures/pubmed/articles.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const DAY = { now: () => new Date('2026-06-01T10:00:00Z') };
const LATER = { now: () => new Date('2026-06-11T10:00:00Z') };
const TERM = { term: 'examplide' };

async function start(records: readonly object[], setting: { readonly standIn?: EuropepmcStandInOptions; readonly articles?: readonly string[] } = {}) {
  const standIn = await startEuropepmcStandIn({ records }, setting.standIn);
  const ncbi = await startPubmedStandIn({ articles: setting.articles ?? [] });
  const http = clientFor(standIn, ncbi);
  closing.push(standIn.close, ncbi.close, http.close);
  const source = createEuropepmcSource({ pageSize: 10, pubmed: createPubmedSource() });
  const context = (changes = DAY) => contextFor(http, { credentials: {}, ...changes });
  const crawlWith = (query: object, cursor: CrawlCursor, changes = DAY) => source.crawl({ query: source.querySchema.parse(query), cursor }, context(changes));
  return {
    standIn,
    ncbi,
    crawl: (query: object = TERM, cursor: CrawlCursor = {}, changes = DAY) => readPages(crawlWith(query, cursor, changes)),
    crawlSome: (pages: number) => readPages(crawlWith(TERM, {}), pages),
    recheck: (ids: readonly string[]) => source.recheck(ids, context()),
    queries: () => standIn.requests.map(({ path }) => new URL(path, 'http://x').searchParams.get('query')),
  };
}

const idsOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.posts.map((post) => post.nativeId));
const codesOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.refusals.map(({ code, item }) => `${code} ${item}`));
const cursorOf = (pages: readonly CrawlPage[]): CrawlCursor => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;
const named = (...numbers: readonly number[]) => numbers.map((n) => `ppr:${pprOf(n)}`);
const all = (count: number) => named(...Array.from({ length: count }, (_, at) => at + 1));

describe('crawl', () => {
  it.each(['absent', 'repeated'] as const)('pages to the end, where the last mark is %s', async (lastMark) => {
    const { crawl } = await start(preprints(1, 25), { standIn: { lastMark } });
    const pages = await crawl();
    expect(pages.map((page) => page.posts.length)).toEqual([10, 10, 5]);
    expect([idsOf(pages), codesOf(pages), cursorOf(pages)]).toEqual([all(25), [], { through: '2026-06-01' }]);
    for (const page of pages) for (const post of page.posts) expect(post.captureDigest).toBe(page.captures[0]?.digest);
  });

  it('goes on after each stored page', async () => {
    for (const stored of [1, 2]) {
      const { crawl, crawlSome } = await start(preprints(1, 25));
      const first = await crawlSome(stored);
      expect([...idsOf(first), ...idsOf(await crawl(TERM, cursorOf(first), LATER))]).toEqual(all(25));
    }
  });

  it('starts over when its mark is no longer taken, once', async () => {
    const { crawl } = await start(preprints(1, 12));
    const dead = { run: { to: '2026-05-31', mark: 'dead', read: 10, taken: 10 } };
    const pages = await crawl(TERM, dead);
    expect([idsOf(pages).length, cursorOf(pages)]).toEqual([12, { through: '2026-05-31' }]);
    const always = await start(preprints(1, 25), {
      standIn: { fault: ({ path }) => (path.includes('cursorMark=*') ? undefined : { status: 200, body: '{"errCode":0,"errMsg":"bad cursorMark"}' }) },
    });
    await expect(always.crawl()).rejects.toMatchObject({ name: 'TransientError', code: 'unavailable' });
  });

  it('asks later for what entered or changed since', async () => {
    const { crawl, standIn, queries } = await start(preprints(1, 3));
    const before = cursorOf(await crawl());
    standIn.setWorld({ records: [preprint(1), preprint(2, { dateOfRevision: '2026-06-05' }), preprint(3), preprint(4, { firstIndexDate: '2026-06-06' })] });
    const pages = await crawl(TERM, before, LATER);
    expect([idsOf(pages), cursorOf(pages)]).toEqual([named(2, 4), { through: '2026-06-11' }]);
    const days = '[2026-05-30 TO 2026-06-11]';
    expect(queries().at(-1)).toBe(`(examplide) AND (FIRST_IDATE:${days} OR UPDATE_DATE:${days}) NOT (SRC:MED OR SRC:PAT)`);
  });

  it('asks only for what entered since a day', async () => {
    const { crawl } = await start([preprint(1, { firstIndexDate: '2019-12-31' }), preprint(2, { firstIndexDate: '2020-01-01' })]);
    expect(idsOf(await crawl({ ...TERM, since: '2020-01-01' }))).toEqual(named(2));
  });

  it("leaves PubMed's records to PubMed, and patents alone", async () => {
    const stray = preprint(2, { pmid: '990000009' });
    const { crawl } = await start([preprint(1), medline(990_000_001), stray, preprint(3, { source: 'PAT', id: 'EP1' })]);
    const pages = await crawl();
    expect([idsOf(pages), codesOf(pages)]).toEqual([named(1), ['in_pubmed pmid:990000009']]);
    expect(idsOf(await crawl({ ...TERM, med: true }))).toEqual([...named(1), 'pmid:990000001', 'pmid:990000009']);
  });

  it('takes `max` and says what it left', async () => {
    const { crawl } = await start(preprints(1, 25));
    const pages = await crawl({ ...TERM, max: 12 });
    expect([idsOf(pages), pages.flatMap((page) => page.refusals)]).toEqual([
      all(12),
      [{ code: 'not_fetched', detail: '13 records beyond max 12', item: 'changed any time..2026-06-01' }],
    ]);
    expect(codesOf(await crawl({ ...TERM, max: 25 }))).toEqual([]);
  });

  it('counts records that were promised and not given', async () => {
    const short = JSON.stringify({ version: '6.9', hitCount: 5, resultList: { result: [preprint(1), preprint(2)] } });
    const { crawl } = await start([], { standIn: { fault: () => ({ status: 200, body: short }) } });
    const pages = await crawl();
    expect([idsOf(pages), pages[0]?.refusals]).toEqual([
      named(1, 2),
      [{ code: 'missing_from_answer', detail: '3 of 5 records were not given', item: 'changed any time..2026-06-01' }],
    ]);
  });

  it.each([
    ['a query it cannot read', undefined, '(examplide', { name: 'InvalidInputError', code: 'query_refused' }],
    ['its own trouble inside a 200', '{"errCode":500,"errMsg":"Search timed out"}', 'x', { name: 'TransientError', code: 'unavailable' }],
    ['an error as XML', '<errorBean><errCode>0</errCode><errMsg>no</errMsg></errorBean>', 'x', { name: 'TransientError', code: 'unreadable_answer' }],
    ['another shape', '{"version":"6.9","hitCount":"3","resultList":{"result":[]}}', 'x', { name: 'TransientError', code: 'unreadable_answer' }],
  ])('raises for %s', async (_name, body, term, error) => {
    const { crawl } = await start([], body === undefined ? {} : { standIn: { fault: () => ({ status: 200, body }) } });
    await expect(crawl({ term })).rejects.toMatchObject(error);
  });
});

describe('recheck', () => {
  it('knows live records by search, and gone ones by their own address too', async () => {
    const { recheck, standIn } = await start(preprints(1, 60));
    expect(new Set((await recheck(all(60))).values())).toEqual(new Set(['live']));
    expect(standIn.requests).toHaveLength(3);
    standIn.setWorld({ records: preprints(2, 60) });
    expect([...(await recheck(named(1, 2)))]).toEqual([
      [named(1)[0], 'missing'],
      [named(2)[0], 'live'],
    ]);
  });

  it('takes no record for gone that the search alone does not find', async () => {
    const nothing = JSON.stringify({ version: '6.9', hitCount: 0, resultList: { result: [] } });
    const { recheck } = await start(preprints(1, 1), {
      standIn: { fault: ({ path }) => (path.includes('/search') ? { status: 200, body: nothing } : undefined) },
    });
    expect([...(await recheck(named(1))).values()]).toEqual(['live']);
    const unclear = await start([], { standIn: { fault: ({ path }) => (path.includes('/search') ? undefined : { status: 200, body: 'Back soon' }) } });
    expect([...(await unclear.recheck(named(1))).values()]).toEqual(['unknown']);
  });

  it("asks PubMed about PubMed's records", async () => {
    const { recheck, standIn, ncbi } = await start([], { articles: [article(990_000_001)] });
    expect([...(await recheck(['pmid:990000001', 'pmid:990000002']))]).toEqual([
      ['pmid:990000001', 'live'],
      ['pmid:990000002', 'missing'],
    ]);
    expect([standIn.requests.length, ncbi.requests.length]).toEqual([0, 2]);
  });
});

describe('the list', () => {
  it("has PubMed before Europe PMC: PubMed's posts follow PubMed's policy and are re-checked by it", () => {
    const [first] = sources.filter(({ platforms }) => platforms.includes('pubmed')) as readonly Source[];
    expect(first?.name).toBe('pubmed');
    expect(sourceNamed('europepmc')?.queue).toBe('literature');
  });
});
