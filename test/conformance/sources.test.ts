/**
 * Runs over every source of src/sources/list.ts, against the stand-ins and the demo's worlds or their own: what the port (src/sources/source.ts)
 * promises holds for each, also when the platform fails. What a source answers to its platform's own quirks is in test/unit/sources.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DEMO_CREDENTIALS } from '../../src/demo/outside-world.ts';
import { loadWorld } from '../../src/demo/sample.ts';
import type { StandInOptions, StandInRequest } from '../../src/demo/standins/stand-in.ts';
import { startWebStandIn } from '../../src/demo/standins/web.ts';
import { HearsayError, InvalidInputError, RateLimitedError, TransientError } from '../../src/errors.ts';
import { createHttpClient } from '../../src/fetch/client.ts';
import { PLATFORMS } from '../../src/model/labels.ts';
import type { IncomingPost } from '../../src/model/post.ts';
import { sources } from '../../src/sources/list.ts';
import type { CrawlCursor, CrawlPage, SourceContext } from '../../src/sources/source.ts';
import { NO_PACING } from '../standin/client-for.ts';
import { NOW } from './source-case.ts';
import { cases, CLOSED, isSpoilt, type SourceCase } from './source-cases.ts';

const root = path.resolve(import.meta.dirname, '../..');
const documented = new Set([...readFileSync(path.join(root, 'docs/errors.md'), 'utf8').matchAll(/`([a-z][a-z0-9_]*)`/g)].map((match) => match[1]));
/** The page lists statuses as `http_NNN`. */
const isDocumented = (code: string): boolean => documented.has(code) || /^http_\d{3}$/.test(code);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Outcome {
  readonly pages: readonly CrawlPage[];
  readonly error?: unknown;
}

/** A source in front of its stand-in. Every page that comes is checked for what holds of all pages. */
async function open(sourceCase: SourceCase, world: unknown, options: StandInOptions & Partial<Pick<SourceContext, 'credentials' | 'signal'>> = {}) {
  const { source, query } = sourceCase;
  const standIn = await sourceCase.start(world, options.fault === undefined ? {} : { fault: options.fault });
  const routes = Object.fromEntries(standIn.hosts.map((host) => [host, standIn.url] as const));
  const http = createHttpClient({ userAgent: 'Hearsay/test', routes, hostIntervalMs: 0, now: () => NOW, pacer: NO_PACING });
  closing.push(standIn.close, http.close);
  const context: SourceContext = {
    http,
    credentials: options.credentials ?? { ...DEMO_CREDENTIALS, ...sourceCase.credentials },
    now: () => NOW,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  return {
    standIn,
    /** Reads to the end, to `most` pages or to the error. */
    async crawl(cursor: CrawlCursor = {}, most = Number.POSITIVE_INFINITY): Promise<Outcome> {
      const pages: CrawlPage[] = [];
      try {
        for await (const page of source.crawl({ query, cursor: stored(cursor) }, context)) {
          checkPage(page, sourceCase);
          pages.push(page);
          if (pages.length >= most) break;
          if (pages.length > 2_000) throw new Error('the crawl does not end');
        }
        return { pages };
      } catch (error) {
        expectKnown(error);
        return { pages, error };
      }
    },
    recheck: (ids: readonly string[]) => source.recheck(ids, context),
  };
}

/** As the database keeps it. */
function stored(cursor: CrawlCursor): CrawlCursor {
  return JSON.parse(JSON.stringify(cursor)) as CrawlCursor;
}

function checkPage(page: CrawlPage, { source }: SourceCase): void {
  const digests = new Set(page.captures.map((capture) => capture.digest));
  for (const capture of page.captures) {
    expect(capture.digest).toBe(createHash('sha256').update(capture.body).digest('hex'));
    expect(capture.fetchedAt).toBe(NOW.toISOString());
    expect(Object.keys(capture.headers)).not.toContain('authorization');
    expect(capture.url).not.toContain('stand-in-key');
  }
  for (const post of page.posts) {
    expect(PLATFORMS).toContain(post.platform);
    expect(source.platforms).toContain(post.platform);
    if (post.absence === undefined) {
      expect(post.observedAt, post.nativeId).toBe(NOW.toISOString());
      expect(digests, `capture of ${post.nativeId}`).toContain(post.captureDigest);
    } else expect(post.text).toBe('');
    if (post.createdAt !== undefined) expect(new Date(post.createdAt).toISOString()).toBe(new Date(Date.parse(post.createdAt)).toISOString());
  }
  for (const refusal of page.refusals) {
    expect(isDocumented(refusal.code), refusal.code).toBe(true);
    expect(refusal.detail.length).toBeLessThanOrEqual(300);
  }
}

/** One of the four classes, with a code that docs/errors.md lists and without a secret in its message. */
function expectKnown(error: unknown): asserts error is HearsayError {
  if (!(error instanceof HearsayError)) throw error;
  expect(isDocumented(error.code), error.code).toBe(true);
  for (const secret of ['stand-in-token', 'stand-in-key', 'stand-in-password', `Bearer ${DEMO_CREDENTIALS.X_BEARER_TOKEN}`])
    expect(error.message).not.toContain(secret);
}

const postsOf = (...outcomes: readonly Outcome[]): IncomingPost[] => outcomes.flatMap(({ pages }) => pages.flatMap((page) => page.posts));
const idsOf = (...outcomes: readonly Outcome[]): string[] => postsOf(...outcomes).map((post) => post.nativeId ?? `text of ${post.text}`);
const liveIdsOf = (...outcomes: readonly Outcome[]): string[] => [
  ...new Set(
    postsOf(...outcomes)
      .filter((post) => post.absence === undefined)
      .map((post) => post.nativeId ?? `text of ${post.text}`),
  ),
];
const refusalsOf = (...outcomes: readonly Outcome[]): string[] => [
  ...new Set(outcomes.flatMap(({ pages }) => pages.flatMap((page) => page.refusals.map(({ code, item }) => `${code} ${item}`)))),
];
const cursorOf = (...outcomes: readonly Outcome[]): CrawlCursor => outcomes.flatMap(({ pages }) => pages).at(-1)?.cursor ?? {};
const isSetUp = ({ path: address }: StandInRequest): boolean => address.includes('access_token') || address === '/robots.txt';

type Fault = NonNullable<ReturnType<NonNullable<StandInOptions['fault']>>>;
const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html; charset=utf-8' };
const MAINTENANCE = '<!doctype html><html><head><title>Maintenance</title></head><body><h1>Back soon</h1></body></html>';
const FAULTS = {
  'status 429': { status: 429, headers: { ...json, 'retry-after': '7' }, body: '{"message":"Too Many Requests","error":429}' },
  'status 500': { status: 500, headers: json, body: '{"message":"Internal Server Error","error":500}' },
  'status 502 with an HTML body': { status: 502, headers: html, body: MAINTENANCE },
  'a hang-up': { status: 0, hangUp: true },
  'status 200 with an HTML body': { status: 200, headers: html, body: MAINTENANCE },
  'status 200 with a cut body': { status: 200, headers: json, body: '{"data": [{"id": "1' },
  'status 200 with an empty body': { status: 200, headers: json, body: '' },
} as const satisfies Record<string, Fault>;
type FaultName = keyof typeof FAULTS;

it('every source of the list has a case, in the demo or in a world of its own, and a page or a line in docs/sources', () => {
  expect([...new Set(cases.map(({ source }) => source.name))].sort()).toEqual(sources.map(({ name }) => name).sort());
  const folder = path.join(root, 'docs/sources');
  const text = readdirSync(folder)
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('\n');
  for (const { name, description } of sources) {
    expect(text).toContain(`\`${name}\``);
    for (const { env } of description.credentials) expect(text, name).toContain(`\`${env}\``);
    for (const field of ['collects', 'limits', 'caveats', 'keep', 'deletion'] as const)
      expect(description[field].length, `${name}.${field}`).toBeGreaterThan(10);
  }
});

describe.each(cases)('$title', (sourceCase) => {
  const { source } = sourceCase;
  const needed = source.description.credentials.filter(({ required }) => required).map(({ env }) => env);

  it('reads to the end: every item once, every page with its captures', async () => {
    const { crawl } = await open(sourceCase, await sourceCase.load(1));
    const whole = await crawl();
    expect(whole.error).toBeUndefined();
    expect(idsOf(whole).length).toBeGreaterThan(1);
    expect(whole.pages.slice(0, -1).filter(({ ended }) => ended !== undefined)).toEqual([]);
    expect(new Set(idsOf(whole)).size).toBe(idsOf(whole).length);
  });

  it('loses and doubles nothing after a crash at any page', async () => {
    const world = await sourceCase.load(1);
    const whole = await (await open(sourceCase, world)).crawl();
    for (let crash = 1; crash < whole.pages.length; crash++) {
      const { crawl } = await open(sourceCase, world);
      const before = await crawl({}, crash);
      const after = await crawl(cursorOf(before));
      expect(after.error, `after page ${crash}`).toBeUndefined();
      const both = [...idsOf(before), ...idsOf(after)];
      expect((sourceCase.beginsAnew ? [...new Set(both)] : both).sort(), `after page ${crash}`).toEqual(idsOf(whole).sort());
      expect(refusalsOf(before, after).sort(), `after page ${crash}`).toEqual(refusalsOf(whole).sort());
    }
  });

  it('finds nothing new when nothing is new, and its cursor stays as it is', async () => {
    const { crawl } = await open(sourceCase, await sourceCase.load(1));
    const first = await crawl();
    const second = await crawl(cursorOf(first));
    const third = await crawl(cursorOf(first, second));
    expect(second.error).toBeUndefined();
    expect(liveIdsOf(first)).toEqual(expect.arrayContaining(liveIdsOf(second)));
    const texts = new Map(postsOf(first).map((post) => [post.nativeId, post.text]));
    for (const post of postsOf(second, third)) expect(post.text, post.nativeId).toBe(texts.get(post.nativeId));
    const [before, after] = [cursorOf(first, second), cursorOf(first, second, third)].map((cursor) => JSON.stringify(cursor));
    if (sourceCase.cursorHoldsTimes) expect(after).toHaveLength(before?.length ?? 0);
    else expect(after).toBe(before);
  });

  it('sees edits and additions on the next visit; re-checks see what was deleted, removed and restored', async () => {
    const { crawl, recheck, standIn } = await open(sourceCase, await sourceCase.load(1));
    const first = await crawl();
    const known = liveIdsOf(first).filter((id) => !id.startsWith('text of '));
    expect([...(await recheck(known))]).toEqual(expect.arrayContaining(known.map((id) => [id, 'live'])));

    standIn.setWorld(await sourceCase.load(2));
    const second = await crawl(cursorOf(first));
    expect(second.error).toBeUndefined();
    const changes = (await sourceCase.changes()).filter(({ id }) => known.includes(id));
    const now = await recheck(known);
    const wanted = new Map<string, string>(known.map((id) => [id, 'live']));
    for (const change of changes) {
      if (change.visit !== 2) continue;
      if (change.action === 'delete') wanted.set(change.id, 'deleted');
      if (change.action === 'page_gone') wanted.set(change.id, 'gone');
      if (change.action === 'account_deleted') wanted.set(change.id, 'orphaned');
      if (change.action === 'vanish') wanted.set(change.id, 'missing');
      if (change.action === 'remove') wanted.set(change.id, 'removed');
      const before = postsOf(first).find((post) => post.nativeId === change.id);
      const after = postsOf(second).find((post) => post.nativeId === change.id);
      if (change.action === 'edit') expect([after?.text, after?.record], change.id).not.toEqual([before?.text, before?.record]);
      if (change.action === 'account_deleted') expect([after?.author, after?.text], change.id).toEqual([undefined, before?.text]);
    }
    expect(new Map(known.map((id) => [id, now.get(id)]))).toEqual(wanted);

    standIn.setWorld(await sourceCase.load(3));
    const restored = changes.filter(({ action }) => action === 'restore').map(({ id }) => id);
    const third = await recheck(known);
    for (const id of known) expect(third.get(id), id).toBe(restored.includes(id) ? 'live' : wanted.get(id));
  });

  it('answers a re-check of anything with what it knows, and never takes an odd id for a deletion', async () => {
    const { recheck } = await open(sourceCase, await sourceCase.load(1));
    const odd = [
      '',
      ' ',
      'x'.repeat(5_000),
      "t3_';DROP",
      'javascript:alert(1)',
      '../../etc/passwd',
      'digest:00',
      '\u0000',
      'pmid:',
      'nct:NCT1',
      'https://',
      '💊',
    ];
    expect([...(await recheck([]))]).toEqual([]);
    for (const [id, outcome] of await recheck(odd)) expect(outcome, id).toBe('unknown');
  });

  it.each(Object.keys(FAULTS) as FaultName[])('turns %s into an error or a refusal that says what happens next', async (name) => {
    const { crawl, recheck, standIn } = await open(sourceCase, await sourceCase.load(1), { fault: (request) => (isSetUp(request) ? undefined : FAULTS[name]) });
    const { error, pages } = await crawl();
    expect(standIn.requests.length).toBeGreaterThan(0);
    if (name === 'status 429') {
      expect(error).toBeInstanceOf(RateLimitedError);
      // X names its wait in a header of its own, and gets its whole window without it.
      expect((error as RateLimitedError).retryAfterMs).toBe(source.name === 'x' ? 900_000 : 7_000);
    } else if (!name.startsWith('status 200')) expect(error).toBeInstanceOf(TransientError);
    // Where pages are what is read, an answer of 200 is a page.
    else if (source.queue !== 'web') expect(error).toBeInstanceOf(TransientError);
    else expect(error !== undefined || refusalsOf({ pages }).length > 0 || idsOf({ pages }).length > 0).toBe(true);

    const known = liveIdsOf(await (await open(sourceCase, await sourceCase.load(1))).crawl());
    const outcomes = await recheck(known).catch((caught: unknown) => {
      expectKnown(caught);
      return new Map<string, string>();
    });
    for (const [id, outcome] of outcomes) expect(['live', 'unknown'], `${id} ${outcome}`).toContain(outcome);
  });

  it('goes on after a failure at any request, with nothing lost', async () => {
    const world = await sourceCase.load(1);
    const clean = await open(sourceCase, world);
    const whole = await clean.crawl();
    const total = clean.standIn.requests.length;
    const step = Math.max(1, Math.floor(total / 12));
    for (let at = 1; at <= total; at += step) {
      for (const name of ['status 429', 'a hang-up'] as const) {
        const { crawl } = await open(sourceCase, world, { fault: (_request, nth) => (nth === at ? FAULTS[name] : undefined) });
        const before = await crawl();
        // By another process: what this one remembers of the failure is gone.
        const after = await (await open(sourceCase, world)).crawl(cursorOf(before));
        expect(after.error, `${name} at request ${at}`).toBeUndefined();
        expect(liveIdsOf(before, after).sort(), `${name} at request ${at}`).toEqual(liveIdsOf(whole).sort());
      }
    }
  });

  it('stops when it is asked to', async () => {
    const stop = new AbortController();
    stop.abort();
    const { crawl, standIn } = await open(sourceCase, await sourceCase.load(1), { signal: stop.signal });
    const { error, pages } = await crawl();
    expect(error).toBeInstanceOf(TransientError);
    expect([pages, standIn.requests.filter((request) => !isSetUp(request))]).toEqual([[], []]);
  });

  it('takes an empty place for what it is', async () => {
    const { crawl } = await open(sourceCase, sourceCase.empty(await sourceCase.load(1)));
    const { error, pages } = await crawl();
    expect(error).toBeUndefined();
    expect(idsOf({ pages })).toEqual([]);
  });

  it('refuses a malformed item, counted, and keeps the others', async () => {
    const world = await sourceCase.load(1);
    const whole = await (await open(sourceCase, world)).crawl();
    const spoilt = await (await open(sourceCase, sourceCase.spoil(world))).crawl();
    expect(spoilt.error).toBeUndefined();
    expect(idsOf(spoilt)).toEqual(expect.arrayContaining(idsOf(whole).filter((id) => !isSpoilt(id))));
    const before = new Set(refusalsOf(whole));
    const refused = refusalsOf(spoilt).filter((refusal) => !before.has(refusal));
    expect(refused.length, 'new refusals').toBeGreaterThan(0);
  });

  it('keeps its cursor within bounds, whatever comes', async () => {
    let world = await sourceCase.load(1);
    const { crawl, standIn } = await open(sourceCase, world);
    let cursor: CrawlCursor = {};
    const sizes: number[] = [];
    for (let n = 1; n <= 7; n++) {
      world = sourceCase.grow(world, n);
      standIn.setWorld(world);
      const { error, pages } = await crawl(cursor);
      expect(error).toBeUndefined();
      for (const page of pages) expect(JSON.stringify(page.cursor).length).toBeLessThan(512 * 1024);
      cursor = cursorOf({ pages });
      sizes.push(JSON.stringify(cursor).length);
    }
    expect(sizes.at(-1)).toBeLessThanOrEqual(Math.max(4_096, 1.05 * (sizes.at(-2) as number)));
  });

  it.skipIf(needed.length === 0)('names each credential that is missing, and asks nobody (skipped where none is needed)', async () => {
    for (const env of needed) {
      const { [env]: _missing, ...credentials } = { ...DEMO_CREDENTIALS, ...sourceCase.credentials } as Readonly<Record<string, string>>;
      const { crawl, recheck, standIn } = await open(sourceCase, await sourceCase.load(1), { credentials });
      const { error } = await crawl();
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(error).toMatchObject({ code: 'missing_credentials', message: expect.stringContaining(env) });
      await expect(recheck(['t3_abc', '9100000000001000003'])).rejects.toMatchObject({ code: 'missing_credentials' });
      expect(standIn.requests).toEqual([]);
    }
  });

  it('refuses a query it cannot ask', () => {
    for (const query of [null, undefined, 7, 'semax', [], {}, { ...(sourceCase.query as object), unknown_key: 1 }])
      expect(source.querySchema.safeParse(query).success, JSON.stringify(query)).toBe(false);
  });

  it('starts anew from a cursor it did not write', async () => {
    const world = await sourceCase.load(1);
    const whole = await (await open(sourceCase, world)).crawl();
    for (const cursor of [
      { run: 7 },
      { pages: [], feed: 1, followed: 'x' },
      { seen: 'x', run: { after: {} } },
      { through: 'tomorrow' },
      { since_id: 'x', run: [] },
    ]) {
      const again = await (await open(sourceCase, world)).crawl(cursor);
      expect(idsOf(again), JSON.stringify(cursor)).toEqual(idsOf(whole));
    }
  });
});

describe('a thread whose next page has another address at every visit', () => {
  it('keeps its cursor within bounds', async () => {
    const thread = cases.find(({ query }) => 'thread' in (query as object)) as SourceCase;
    let visits = 0;
    const page = (n: number): string =>
      `<!doctype html><html><head><title>Semax thread</title><link rel="next" href="/t/semax-after-concussion/4107?page=${n}&session=${n}"><script type="application/ld+json">${JSON.stringify(
        {
          '@context': 'https://schema.org',
          '@type': 'DiscussionForumPosting',
          '@id': `https://forum.example/t/semax-after-concussion/4107#post-${n}`,
          text: `Semax helped, number ${n}`,
        },
      )}</script></head><body></body></html>`;
    const { crawl } = await open(thread, await loadWorld(1, NOW), {
      fault: (request) => (isSetUp(request) ? undefined : { status: 200, headers: { ...html, etag: `"${++visits}"` }, body: page(visits) }),
    });
    let cursor: CrawlCursor = {};
    const sizes: number[] = [];
    for (let n = 1; n <= 6; n++) {
      const { error, pages } = await crawl(cursor);
      expect(error).toBeUndefined();
      // The last says that there is more.
      expect(pages).toHaveLength(51);
      expect(pages.at(-1)?.refusals).toMatchObject([{ code: 'not_fetched' }]);
      cursor = cursorOf({ pages });
      sizes.push(JSON.stringify(cursor).length);
    }
    expect(sizes.at(-1)).toBeLessThanOrEqual(1.2 * (sizes[2] as number));
  });
});

describe('a page that robots.txt closes', () => {
  it('is not asked for, and is counted', async () => {
    const world = await loadWorld(1, NOW);
    const standIn = await startWebStandIn(world.web);
    const http = createHttpClient({ userAgent: 'Hearsay/test', routes: { [CLOSED]: standIn.url }, hostIntervalMs: 0 });
    closing.push(standIn.close, http.close);
    const [source] = sources.filter(({ name }) => name === 'web');
    const pages: CrawlPage[] = [];
    const request = { query: { urls: [`https://${CLOSED}/members/semax-log`] }, cursor: {} };
    for await (const page of (source as (typeof sources)[number]).crawl(request, { http, credentials: {}, now: () => NOW })) pages.push(page);
    expect(pages.flatMap((page) => page.refusals.map(({ code }) => code))).toEqual(['robots_disallow']);
    expect(standIn.requests.map((asked) => asked.path)).toEqual(['/robots.txt']);
  });
});
