import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startClinicalTrialsStandIn } from '../../../src/demo/standins/clinicaltrials.ts';
import type { StandInOptions } from '../../../src/demo/standins/stand-in.ts';
import { recordSchema } from '../../../src/model/post.ts';
import { clinicalTrialsQuerySchema, createClinicalTrialsSource } from '../../../src/sources/clinicaltrials.ts';
import { mapStudy } from '../../../src/sources/literature/map-study.ts';
import type { CrawlCursor, CrawlPage } from '../../../src/sources/source.ts';
import { nctOf, studies, study } from '../../fixtures/clinicaltrials/studies.ts';
import { clientFor, contextFor, readPages } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const DAY = { now: () => new Date('2026-06-01T10:00:00Z') };
const LATER = { now: () => new Date('2026-06-11T10:00:00Z') };

async function start(world: readonly object[], setting: { readonly standIn?: StandInOptions; readonly pageSize?: number } = {}) {
  const standIn = await startClinicalTrialsStandIn({ studies: world }, setting.standIn);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const source = createClinicalTrialsSource({ pageSize: setting.pageSize ?? 100 });
  const context = (changes = DAY) => contextFor(http, { credentials: {}, ...changes });
  return {
    standIn,
    crawl: (query: object, cursor: CrawlCursor = {}, changes = DAY) =>
      readPages(source.crawl({ query: clinicalTrialsQuerySchema.parse(query), cursor }, context(changes))),
    crawlSome: (query: object, pages: number) => readPages(source.crawl({ query: clinicalTrialsQuerySchema.parse(query), cursor: {} }, context()), pages),
    recheck: (ids: readonly string[]) => source.recheck(ids, context()),
    params: () => standIn.requests.map(({ path }) => new URL(path, 'http://x').searchParams),
  };
}

const idsOf = (pages: readonly CrawlPage[]) => pages.flatMap((page) => page.posts.map((post) => post.nativeId?.slice('nct:'.length)));
const cursorOf = (pages: readonly CrawlPage[]): CrawlCursor => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;

describe('mapStudy', () => {
  const FIXTURES = new URL('../../fixtures/clinicaltrials/', import.meta.url);
  const cases = readdirSync(FIXTURES, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

  it.each(cases)('maps test/fixtures/clinicaltrials/%s', (name) => {
    const value: unknown = JSON.parse(readFileSync(new URL(`${name}/source.json`, FIXTURES), 'utf8'));
    const expected = JSON.parse(readFileSync(new URL(`${name}/expected.json`, FIXTURES), 'utf8')) as { record: unknown };
    expect(mapStudy(value, '2026-06-01T00:00:00.000Z')).toEqual({ post: expected });
    expect(recordSchema.parse(expected.record)).toEqual(expected.record);
  });

  it.each([
    ['null', null, { code: 'malformed_item' }],
    ['a text', 'NCT99000001', { code: 'malformed_item' }],
    ['a study without id', { protocolSection: { identificationModule: { briefTitle: 'x' } } }, { code: 'malformed_item' }],
    ['an id that is none', { protocolSection: { identificationModule: { nctId: 'NCT1', briefTitle: 'x' } } }, { code: 'malformed_item' }],
    ['an id and no word', { protocolSection: { identificationModule: { nctId: 'NCT99000003' } } }, { code: 'missing_text', item: 'nct:NCT99000003' }],
  ])('refuses %s', (_name, value, refusal) => {
    expect(mapStudy(value, '2026-06-01T00:00:00.000Z')).toMatchObject({ refusal });
  });
});

describe('crawl', () => {
  it('pages to the end', async () => {
    const { crawl, params } = await start(studies(1, 25), { pageSize: 10 });
    const pages = await crawl({ term: 'examplide' });
    expect(pages.map((page) => page.posts.length)).toEqual([10, 10, 5]);
    expect(new Set(idsOf(pages)).size).toBe(25);
    expect(cursorOf(pages)).toEqual({ through: '2026-06-01' });
    expect(params()[0]?.get('sort')).toBe('LastUpdatePostDate:desc');
    for (const page of pages) for (const post of page.posts) expect(post.captureDigest).toBe(page.captures[0]?.digest);
  });

  it('goes on after the last stored page', async () => {
    const { crawl, crawlSome } = await start(studies(1, 25), { pageSize: 10 });
    const first = await crawlSome({ term: 'examplide' }, 1);
    const rest = await crawl({ term: 'examplide' }, cursorOf(first));
    expect([...idsOf(first), ...idsOf(rest)]).toEqual(Array.from({ length: 25 }, (_, index) => nctOf(index + 1)));
  });

  it('starts over when its page token has died', async () => {
    const { crawl } = await start(studies(1, 12), { pageSize: 10 });
    const pages = await crawl({ term: 'examplide' }, { run: { to: '2026-05-31', pageToken: 'dead', taken: 10 } });
    expect(idsOf(pages)).toHaveLength(12);
    expect(cursorOf(pages)).toEqual({ through: '2026-05-31' });
  });

  it('gives up when fresh tokens die too', async () => {
    const { crawl } = await start(studies(1, 30), {
      pageSize: 10,
      standIn: { fault: ({ path }) => (path.includes('pageToken') ? { status: 400, body: '`pageToken` parameter is invalid' } : undefined) },
    });
    await expect(crawl({ term: 'examplide' })).rejects.toMatchObject({ name: 'TransientError', code: 'unavailable' });
  });

  it('asks later for what was updated since', async () => {
    const { crawl, standIn, params } = await start(studies(1, 3));
    const before = cursorOf(await crawl({ term: 'examplide' }));
    standIn.setWorld({ studies: [...studies(1, 2), study(3, { updated: '2026-06-05' }), study(4, { posted: '2026-06-06' })] });
    const pages = await crawl({ term: 'examplide' }, before, LATER);
    expect(idsOf(pages)).toEqual([nctOf(4), nctOf(3)]);
    expect(params().at(-1)?.get('filter.advanced')).toBe('AREA[LastUpdatePostDate]RANGE[2026-05-30,MAX]');
    expect(cursorOf(pages)).toEqual({ through: '2026-06-11' });
  });

  it('narrows by intervention, condition and day of posting', async () => {
    const { crawl } = await start([study(1), study(2, { intervention: 'Other' }), study(3, { condition: 'Insomnia' }), study(4, { posted: '2010-01-01' })]);
    expect(idsOf(await crawl({ intr: 'examplide' }))).toEqual([1, 3, 4].map(nctOf));
    expect(idsOf(await crawl({ term: 'examplide', cond: 'insomnia' }))).toEqual([nctOf(3)]);
    expect(idsOf(await crawl({ intr: 'examplide', since: '2015-01-01' }))).toEqual([1, 3].map(nctOf));
  });

  it('takes the last updated `max` and says that it left some', async () => {
    const { crawl } = await start(studies(1, 25), { pageSize: 10 });
    const pages = await crawl({ term: 'examplide', max: 12 });
    expect(idsOf(pages)).toHaveLength(12);
    expect(pages.flatMap((page) => page.refusals)).toMatchObject([{ code: 'not_fetched' }]);
    expect(cursorOf(pages)).toEqual({ through: '2026-06-01' });
  });

  it('refuses a malformed study and keeps the others', async () => {
    const { crawl } = await start([]);
    const odd = await start([], {
      standIn: { fault: () => ({ status: 200, body: JSON.stringify({ studies: [study(1), { protocolSection: {} }, study(2)], nextPageToken: null }) }) },
    });
    expect(idsOf(await crawl({ term: 'examplide' }))).toEqual([]);
    const pages = await odd.crawl({ term: 'examplide' });
    expect(idsOf(pages)).toEqual([1, 2].map(nctOf));
    expect(pages[0]?.refusals).toEqual([{ code: 'malformed_item', detail: 'the study has no NCT id' }]);
  });
});

describe('errors', () => {
  it.each([
    ['a query that is refused', { status: 400, body: '`query.term` has\nsyntax errors' }, 'InvalidInputError', 'query_refused'],
    ['429', { status: 429, headers: { 'retry-after': '7' } }, 'RateLimitedError', 'rate_limited'],
    ['503', { status: 503 }, 'TransientError', 'http_503'],
    ['404', { status: 404 }, 'InvalidInputError', 'unexpected_status'],
    ['a page of HTML', { status: 200, body: '<html>' }, 'TransientError', 'unreadable_answer'],
    ['JSON of another shape', { status: 200, body: '{"message":"hello"}' }, 'TransientError', 'unreadable_answer'],
  ])('tells %s', async (_what, fault, name, code) => {
    const { crawl } = await start(studies(1, 2), { standIn: { fault: () => fault } });
    await expect(crawl({ term: 'examplide' })).rejects.toMatchObject({ name, code });
  });
});

describe('recheck', () => {
  it('tells live, missing, and what it cannot know', async () => {
    const { recheck } = await start(studies(1, 2));
    const outcomes = await recheck([1, 2, 3].map((n) => `nct:${nctOf(n)}`).concat('nct:oops'));
    expect([...outcomes.values()]).toEqual(['live', 'live', 'missing', 'unknown']);
  });

  it('calls nothing missing that has its own page', async () => {
    const { recheck } = await start(studies(1, 1), {
      standIn: { fault: ({ path }) => (path.includes('filter.ids') ? { status: 200, body: '{"studies":[]}' } : undefined) },
    });
    expect([...(await recheck([`nct:${nctOf(1)}`])).values()]).toEqual(['live']);
  });

  it('confirms few at a time and leaves the rest unknown', async () => {
    const { recheck, standIn } = await start([]);
    const outcomes = [...(await recheck(Array.from({ length: 30 }, (_, index) => `nct:${nctOf(index)}`))).values()];
    expect(outcomes.filter((outcome) => outcome === 'missing')).toHaveLength(10);
    expect(outcomes.filter((outcome) => outcome === 'unknown')).toHaveLength(20);
    expect(standIn.requests).toHaveLength(11);
  });
});

describe('query', () => {
  it.each([{}, { term: '' }, { max: 3 }, { term: 'x', phase: 3 }, { intr: 'x', since: '2020-02-30' }])('refuses %j', (query) => {
    expect(clinicalTrialsQuerySchema.safeParse(query).success).toBe(false);
  });
});

describe('the stand-in', () => {
  it.each([
    ['/api/v2/studies?filter.phase=PHASE3', 400],
    ['/api/v2/studies?fields=Nonsense', 400],
    ['/api/v2/studies?filter.advanced=AREA[', 400],
    [`/api/v2/studies/${nctOf(9)}`, 404],
    [`/api/v2/studies/${nctOf(1)}`, 200],
    ['/api/v2/version', 200],
    ['/elsewhere', 404],
  ])('answers %s with %i', async (path, status) => {
    const { standIn } = await start([study(1)]);
    expect((await fetch(`${standIn.url}${path}`)).status).toBe(status);
  });
});
