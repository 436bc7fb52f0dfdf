import { afterEach, describe, expect, it } from 'vitest';
import { startWebStandIn, type WebPage } from '../../../src/demo/standins/web.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';
import type { HttpResponse } from '../../../src/fetch/http.ts';
import type { CrawlPage, SourceContext } from '../../../src/sources/source.ts';
import { PageReaders } from '../../../src/sources/web/page-readers.ts';
import { webSource } from '../../../src/sources/web.ts';
import { collect } from '../../collect.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const SITE = 'https://a.example';
const html = (words: string) => `<html><head><title>t</title></head><body><main><p>${words}</p></main></body></html>`;
const page = (path: string): WebPage => ({ path, body: html(`Words of ${path}.`) });
const sitemapOf = (paths: readonly string[]): WebPage => ({
  path: '/sitemap.xml',
  headers: { 'content-type': 'application/xml' },
  body: `<urlset>${paths.map((path) => `<url><loc>${SITE}${path}</loc></url>`).join('')}</urlset>`,
});
const PATHS = Array.from({ length: 12 }, (_, number) => `/${number + 1}`);

async function world(pages: readonly WebPage[], fault?: (path: string) => { status: number } | undefined) {
  const server = await startWebStandIn(
    { sites: [{ host: 'a.example', pages: [sitemapOf(PATHS), ...pages] }] },
    fault === undefined ? {} : { fault: (request) => fault(request.path) },
  );
  const client = createHttpClient({
    userAgent: 'Hearsay-Test/1',
    routes: { 'a.example': server.url },
    hostIntervalMs: 0,
    now: () => new Date('2026-03-10T10:00:00Z'),
  });
  open.push(server, client);
  const most = { atOnce: 0 };
  let atOnce = 0;
  const context: SourceContext = {
    http: {
      async fetch(request) {
        atOnce += 1;
        most.atOnce = Math.max(most.atOnce, atOnce);
        return client.fetch(request).finally(() => {
          atOnce -= 1;
        });
      },
    },
    credentials: {},
    now: () => new Date('2026-03-10T10:00:00Z'),
    mayReadAhead: true,
  };
  const asked = () => server.requests.map((request) => request.path).filter((path) => PATHS.includes(path));
  return { context, most, asked };
}
const crawl = (context: SourceContext): AsyncIterable<CrawlPage> =>
  webSource.crawl({ query: webSource.querySchema.parse({ sitemap: `${SITE}/sitemap.xml` }), cursor: {} }, context);

describe('reading ahead', () => {
  it('gives what reading one after the other gives, in the same order, with one request at a time', async () => {
    const odd: readonly WebPage[] = [
      { path: '/3', headers: { 'content-type': 'application/pdf' }, body: '%PDF' },
      { path: '/4', body: '<html><body></body></html>' },
      { path: '/5', headers: { 'content-type': 'text/plain' }, body: 'Plain words.' },
    ];
    const usual = PATHS.filter((path) => path !== '/2' && !odd.some((one) => one.path === path)).map(page);
    const { context, most } = await world([...usual, ...odd], (path) => (path === '/6' ? { status: 500 } : undefined));
    const oneByOne = await collect(crawl({ ...context, mayReadAhead: false }));
    const ahead = await collect(crawl(context));
    expect(ahead).toEqual(oneByOne);
    expect(ahead.flatMap((one) => one.posts.map((post) => post.text))).toHaveLength(PATHS.length - 4);
    expect(ahead.flatMap((one) => one.refusals.map((refusal) => refusal.code)).sort()).toEqual([
      'http_500',
      'missing_text',
      'not_found',
      'unsupported_content_type',
    ]);
    expect(most.atOnce).toBe(1);
  });

  it('asks nothing more once nobody takes what it gives', async () => {
    const { context, asked } = await world(PATHS.map(page));
    let posts = 0;
    for await (const one of crawl(context)) {
      posts += one.posts.length;
      if (posts === 1) break;
    }
    const then = asked().length;
    expect(then).toBeLessThan(PATHS.length);
    // The client still works: it was the crawl that ended.
    await context.http.fetch({ url: `${SITE}/sitemap.xml` });
    expect(asked()).toHaveLength(then);
  });

  it('leaves a site alone that asks for patience, although more was to be asked', async () => {
    const { context, asked } = await world(PATHS.map(page), (path) => (path === '/3' ? { status: 429 } : undefined));
    const pages = await collect(crawl(context));
    expect(asked()).toEqual(['/1', '/2', '/3']);
    expect(pages.flatMap((one) => one.posts)).toHaveLength(2);
    expect(pages.flatMap((one) => one.refusals.map((refusal) => refusal.code))).toEqual(['rate_limited']);
  });

  it('raises what ends the crawl', async () => {
    const { context } = await world(PATHS.map(page));
    const stop = new AbortController();
    const pages: CrawlPage[] = [];
    await expect(async () => {
      for await (const one of crawl({ ...context, signal: stop.signal })) {
        pages.push(one);
        if (one.posts.length > 0) stop.abort();
      }
    }).rejects.toMatchObject({ code: 'aborted' });
    expect(pages.flatMap((one) => one.posts).length).toBeLessThan(PATHS.length);
  });
});

describe('PageReaders', () => {
  const response = (body: string): HttpResponse => ({
    url: `${SITE}/1`,
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: Buffer.from(body),
    fetchedAt: '2026-03-10T10:00:00.000Z',
  });

  it('loses a page that is too much for its thread, and none beside it', async () => {
    const readers = new PageReaders(1, { maxOldGenerationSizeMb: 64 });
    open.push(readers);
    const huge = html(Array.from({ length: 45_000 }, (_, at) => `<b class="c${at}" id="i${at}">word ${at} of many</b>`).join(' '));
    const [first, lost, last] = await Promise.all([html('One.'), huge, html('Two.')].map((body) => readers.read(response(body))));
    expect(first).toMatchObject({ reading: { page: { text: 'One.' } } });
    expect(lost).toMatchObject({ refusal: { code: 'page_too_large' } });
    expect(last).toMatchObject({ reading: { page: { text: 'Two.' } } });
  });
});
