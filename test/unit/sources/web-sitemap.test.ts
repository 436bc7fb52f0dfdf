import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { StandInOptions } from '../../../src/demo/standins/stand-in.ts';
import { startWebStandIn, type WebPage } from '../../../src/demo/standins/web.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';
import type { CrawlCursor, CrawlPage, SourceContext } from '../../../src/sources/source.ts';
import { readSitemap } from '../../../src/sources/web/read-sitemap.ts';
import { webSource } from '../../../src/sources/web.ts';
import { collect } from '../../collect.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const SITE = 'https://a.example';
const entry = (path: string, lastmod?: string) =>
  `<url>\n <loc>${path.startsWith('http') ? path : SITE + path}</loc>${lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`}</url>`;
const urlset = (...entries: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries.join('')}</urlset>`;
const index = (...parts: [string, string?][]) =>
  `<?xml version="1.0"?><sitemapindex>${parts.map(([path, lastmod]) => `<sitemap><loc>${SITE}${path}</loc>${lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`}</sitemap>`).join('')}</sitemapindex>`;
const page = (path: string, words = `Words of ${path}.`): WebPage => ({
  path,
  body: `<html><head><title>t</title></head><body><main><p>${words}</p></main></body></html>`,
});

async function world(pages: readonly WebPage[], options: StandInOptions = {}) {
  const sitesOf = (list: readonly WebPage[]) => ({ sites: [{ host: 'a.example', pages: list }] });
  const server = await startWebStandIn(sitesOf(pages), options);
  let looked = 0;
  let now = Date.parse('2026-03-10T10:00:00Z');
  const http = createHttpClient({ userAgent: 'Hearsay-Test/1', routes: { 'a.example': server.url }, hostIntervalMs: 0, now: () => new Date(now) });
  open.push(server, http);
  const context: SourceContext = { http, credentials: {}, now: () => new Date(now) };
  return {
    context,
    change: (next: readonly WebPage[]) => server.setWorld(sitesOf(next)),
    /** Paths asked for since the last look, without robots.txt. */
    asked: () => {
      const since = server.requests.slice(looked);
      looked = server.requests.length;
      return since.filter((request) => request.path !== '/robots.txt');
    },
    wait: (hours: number) => {
      now += hours * 3_600_000;
    },
  };
}
const query = (rest: object = {}) => webSource.querySchema.parse({ sitemap: `${SITE}/sitemap.xml`, ...rest });
const crawl = (context: SourceContext, cursor: CrawlCursor = {}, rest: object = {}) => webSource.crawl({ query: query(rest), cursor }, context);
const cursorOf = (pages: readonly CrawlPage[]) => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;
const pathsOf = (pages: readonly CrawlPage[]) => pages.flatMap((one) => one.posts.map((post) => new URL(post.nativeId ?? '').pathname));
const codesOf = (pages: readonly CrawlPage[]) => pages.flatMap((one) => one.refusals.map((refusal) => refusal.code));

describe('readSitemap', () => {
  const read = (text: string | Buffer, type = 'application/xml') => readSitemap(Buffer.from(text), type);

  it('reads entries, with entities, comments, CDATA, name prefixes and other elements between', async () => {
    const xml = `<?xml version="1.0"?><!-- <url><loc>https://a.example/no</loc></url> --><sm:urlset xmlns:sm="x" xmlns:image="y">
      <sm:url><image:image><image:loc>https://a.example/i.png</image:loc></image:image><sm:loc>
        https://a.example/1?a=1&amp;b=&#50; </sm:loc><sm:lastmod>2026-01-02</sm:lastmod></sm:url>
      <sm:url><sm:loc><![CDATA[https://a.example/2?a&b]]></sm:loc></sm:url>
      <!-- <sm:url><sm:loc>https://a.example/no</sm:loc></sm:url> -->
      <sm:url><sm:lastmod>2026-01-02</sm:lastmod></sm:url><sm:url><sm:loc>https://a.example/cut</sm:loc>`;
    expect(await read(xml)).toEqual({
      kind: 'pages',
      entries: [
        { address: 'https://a.example/1?a=1&b=2', lastmod: '2026-01-02' },
        { address: 'https://a.example/2?a&b', lastmod: undefined },
        { address: 'https://a.example/cut', lastmod: undefined },
      ],
      malformed: 1,
      isCut: false,
    });
  });

  it('reads gzip by its bytes, and text line by line', async () => {
    expect((await read(gzipSync(urlset(entry('/1'))), 'application/octet-stream')).entries).toEqual([{ address: `${SITE}/1`, lastmod: undefined }]);
    expect(await read(`\ufeff${SITE}/1\r\n\r\nno address\n${SITE}/2`, 'text/plain')).toMatchObject({
      entries: [{ address: `${SITE}/1` }, { address: `${SITE}/2` }],
      malformed: 1,
    });
  });

  it.each([
    ['an HTML page', '<!doctype html><p>no</p>', 'bad_sitemap'],
    ['a feed', '<?xml version="1.0"?><rss><channel></channel></rss>', 'bad_sitemap'],
    ['nothing', '', 'bad_sitemap'],
    ['prose', 'There is no sitemap here.', 'bad_sitemap'],
    ['a broken archive', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), 'bad_gzip'],
    ['a gzip bomb', gzipSync(Buffer.alloc(60_000_000)), 'body_too_large'],
  ])('refuses %s', async (_name, body, code) => expect(read(body)).rejects.toMatchObject({ name: 'InvalidInputError', code }));

  it.each([
    ['start tags alone', '<url>'.repeat(2_000_000)],
    ['open comments', '<!--'.repeat(2_000_000)],
    ['empty entries', '<url></url>'.repeat(1_000_000)],
    ['spaces in addresses', `<url><loc>${' '.repeat(15_000)}`.repeat(600)],
    ['open CDATA', `<url><loc><![CDATA[${'x'.repeat(15_000)}`.repeat(600)],
    ['addresses that do not end', `<url>${'<loc '.repeat(3_000)}</url>`.repeat(600)],
  ])('reads %s in one pass', async (_name, body) => {
    expect((await read(`<urlset>${body}`)).entries.length).toBeLessThanOrEqual(50_000);
  });

  it('expands no entities of a document type, and reads no more than the protocol allows', async () => {
    const bomb = `<!DOCTYPE urlset [<!ENTITY a "${'x'.repeat(1000)}">]><urlset><url><loc>${SITE}/&a;&a;</loc></url></urlset>`;
    expect((await read(bomb)).entries[0]?.address).toBe(`${SITE}/&a;&a;`);
    expect(await read(urlset(entry('/1').repeat(50_001)))).toMatchObject({ isCut: true, entries: { length: 50_000 } });
  });
});

describe('web: sitemaps', () => {
  it('asks new pages newest first, then only what changed, and says what it left out', async () => {
    const pages = [page('/a'), page('/b'), page('/c')];
    const list = (lastmodOfA: string, ...more: string[]) => ({
      path: '/sitemap.xml',
      body: urlset(entry('/a', lastmodOfA), entry('/b', '2026-02-02'), entry('/c?utm_source=x'), ...more),
    });
    const { context, change, asked, wait } = await world([
      list('2026-01-01', entry('https://b.example/x'), entry('/a', '2026-01-01'), '<url></url>'),
      ...pages,
    ]);
    const first = await collect(crawl(context));
    expect(pathsOf(first)).toEqual(['/b', '/a', '/c']);
    expect(codesOf(first)).toEqual(['malformed_item', 'other_site']);
    expect(asked().map((request) => request.path)).toEqual(['/sitemap.xml', '/b', '/a', '/c']);

    wait(24);
    change([list('2026-03-10T12:00:00Z'), page('/a', 'New words.'), ...pages.slice(1)]);
    const second = await collect(crawl(context, cursorOf(first)));
    const requests = asked();
    expect(requests.map((request) => request.path)).toEqual(['/sitemap.xml', '/a', '/c']);
    expect(requests[1]?.headers['if-modified-since']).toBeUndefined();
    expect(requests[2]?.headers['if-modified-since']).toBe('Mon, 09 Mar 2026 10:00:00 GMT');
    expect(second.flatMap((one) => one.posts.map((post) => post.text))).toContain('New words.');
  });

  it('sees a change of a site whose clock is behind', async () => {
    const list = { path: '/sitemap.xml', body: urlset(entry('/a')) };
    const { context, change, wait } = await world([list, { ...page('/a'), modified: '2026-03-01T00:00:00Z' }]);
    const first = await collect(crawl(context));
    wait(1);
    // Half an hour after the visit, which by that clock was at eight.
    change([list, { ...page('/a', 'New words.'), modified: '2026-03-10T08:30:00Z' }]);
    wait(1);
    const second = await collect(crawl(context, cursorOf(first)));
    expect(second.flatMap((one) => one.posts.map((post) => post.text))).toEqual(['New words.']);
  });

  it('follows an index into its parts, packed ones too, and obeys match and max_pages', async () => {
    const { context, asked, wait } = await world([
      { path: '/sitemap.xml', body: index(['/parts/old.xml', '2026-01-01'], ['/parts/new.xml.gz', '2026-03-01'], ['/parts/gone.xml'], ['/sitemap.xml']) },
      { path: '/parts/old.xml', body: urlset(entry('/blog/1', '2026-01-01'), entry('/shop/1', '2026-01-01')) },
      {
        path: '/parts/new.xml.gz',
        headers: { 'content-type': 'application/gzip' },
        body: gzipSync(urlset(entry('/blog/2', '2026-03-01'), entry('/blog/3', '2026-02-01'))),
      },
      ...['/blog/1', '/blog/2', '/blog/3', '/shop/1'].map((path) => page(path)),
    ]);
    const first = await collect(crawl(context, {}, { match: '/blog/*', max_pages: 2 }));
    expect(pathsOf(first)).toEqual(['/blog/2', '/blog/3']);
    expect(codesOf(first)).toEqual(['not_found', 'not_fetched']);
    expect(asked().map((request) => request.path)).toEqual(['/sitemap.xml', '/parts/new.xml.gz', '/parts/old.xml', '/parts/gone.xml', '/blog/2', '/blog/3']);
    wait(24 * 30);
    expect(pathsOf(await collect(crawl(context, cursorOf(first), { match: '/blog/*', max_pages: 2 })))).toEqual(['/blog/1']);
  });

  it('stops at indexes that go round in circles or too deep', async () => {
    const depths = Array.from({ length: 6 }, (_, at) => ({
      path: at === 0 ? '/sitemap.xml' : `/${at}.xml`,
      body: index([`/${at + 1}.xml`], ['/sitemap.xml']),
    }));
    const { context, asked } = await world(depths);
    expect(codesOf(await collect(crawl(context)))).toEqual(['not_fetched']);
    expect(asked().map((request) => request.path)).toEqual(['/sitemap.xml', '/1.xml', '/2.xml']);
  });

  it('loses and doubles nothing, wherever it is stopped', async () => {
    const list = { path: '/sitemap.xml', body: urlset(entry('/1', '2026-01-01'), entry('/2'), entry('/3', '2026-03-10'), entry('/4')) };
    for (let most = 1; most <= 5; most += 1) {
      const { context, wait } = await world([list, ...['/1', '/2', '/3', '/4'].map((path) => page(path))]);
      const before: CrawlPage[] = [];
      for await (const one of crawl(context)) {
        before.push(one);
        if (before.length === most) break;
      }
      wait(1);
      const after = await collect(crawl(context, cursorOf(before)));
      expect(pathsOf([...before, ...after]).sort()).toEqual(['/1', '/2', '/3', '/4']);
    }
  });

  it('obeys robots.txt, goes on past failures, and asks failed pages again in the next run', async () => {
    let down = true;
    const { context, asked, wait } = await world(
      [
        { path: '/robots.txt', body: 'User-agent: *\nDisallow: /private' },
        { path: '/sitemap.xml', body: urlset(entry('/1', '2026-01-03'), entry('/private/2', '2026-01-02'), entry('/3', '2026-01-01')) },
        page('/1'),
        page('/private/2'),
        page('/3'),
      ],
      { fault: (request) => (down && request.path === '/1' ? { status: 500 } : undefined) },
    );
    const first = await collect(crawl(context));
    expect(codesOf(first)).toEqual(['http_500', 'robots_disallow']);
    expect(pathsOf(first)).toEqual(['/3']);
    down = false;
    wait(24);
    asked();
    expect(pathsOf(await collect(crawl(context, cursorOf(first))))).toEqual(['/1']);
    expect(asked().map((request) => request.path)).toEqual(['/sitemap.xml', '/1']);
  });

  it('leaves a site alone that asks for patience, and one that fails on and on', async () => {
    const paths = Array.from({ length: 30 }, (_, at) => `/p${at}`);
    const pages = [{ path: '/sitemap.xml', body: urlset(...paths.map((path) => entry(path, '2026-01-01'))) }, ...paths.map((path) => page(path))];
    let status = 429;
    let free = 3;
    const { context, asked, wait } = await world(pages, {
      fault: (request) => (request.path.startsWith('/p') && free-- <= 0 ? { status } : undefined),
    });
    const first = await collect(crawl(context));
    expect([pathsOf(first), codesOf(first)]).toEqual([['/p0', '/p1', '/p2'], ['rate_limited']]);
    status = 500;
    const second: CrawlPage[] = [];
    const run = async () => {
      for await (const one of crawl(context, cursorOf(first))) second.push(one);
    };
    await expect(run()).rejects.toMatchObject({ name: 'TransientError', code: 'http_500' });
    expect(codesOf(second)).toHaveLength(10);
    free = 100;
    asked();
    wait(1);
    const third = await collect(crawl(context, cursorOf(second)));
    expect(pathsOf(third)).toHaveLength(17);
    wait(1);
    expect(pathsOf(await collect(crawl(context, cursorOf(third))))).toHaveLength(10);
  });

  it('tells when a known page is gone, once it is asked', async () => {
    const list = { path: '/sitemap.xml', body: urlset(entry('/1'), entry('/2')) };
    const moved = page('/1').body.toString().replace('<title>', '<link rel="canonical" href="/one"><title>');
    const { context, change, wait } = await world([list, { path: '/1', body: moved }]);
    const first = await collect(crawl(context));
    expect([pathsOf(first), codesOf(first)]).toEqual([['/one'], ['not_found']]);
    wait(24);
    change([list]);
    const second = await collect(crawl(context, cursorOf(first)));
    expect(second.flatMap((one) => one.posts)).toMatchObject([{ nativeId: `${SITE}/one`, absence: 'missing' }]);
    expect(codesOf(second)).toEqual(['not_found']);
  });

  it('raises when the sitemap cannot be had, and when nothing could be asked', async () => {
    const none = await world([]);
    await expect(collect(crawl(none.context))).rejects.toMatchObject({ code: 'not_found' });
    const down = await world([{ path: '/sitemap.xml', body: urlset(entry('/1')) }], {
      fault: (request) => (request.path === '/1' ? { status: 503 } : undefined),
    });
    await expect(collect(crawl(down.context))).rejects.toMatchObject({ code: 'http_503' });
  });

  it.each([
    [{ sitemap: `${SITE}/s.xml`, match: '/(/' }, false],
    [{ sitemap: `${SITE}/s.xml`, match: '/blog/*', max_pages: 50 }, true],
    [{ sitemap: `${SITE}/s.xml`, max_pages: 50_001 }, false],
    [{ sitemap: 'https://x.com/sitemap.xml' }, false],
    [{ sitemap: `${SITE}/s.xml`, thread: SITE }, false],
  ])('query %j: %s', (asked, good) => expect(webSource.querySchema.safeParse(asked).success).toBe(good));
});
