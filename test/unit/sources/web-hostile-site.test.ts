/**
 * A site that does its worst, crawled through the real client over a real socket: each page costs one bounded failure or one bounded
 * text, the pages after it are read, and nothing of this machine's network is touched.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../../src/fetch/client.ts';
import type { CrawlPage } from '../../../src/sources/source.ts';
import { webSource } from '../../../src/sources/web.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const MIB = 1024 * 1024;
const html =
  (body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(body);
  };
const redirect =
  (to: string): Answer =>
  (response) =>
    void response.writeHead(302, { location: to }).end();

/** Sends for ever, as fast as it is read. */
const endless: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'text/html', 'content-length': String(1024 * MIB) });
  const chunk = Buffer.alloc(64 * 1024, 'a');
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more).on('error', () => undefined);
  more();
};
const dripping: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  const timer = setInterval(() => response.write('a'), 50);
  response.on('close', () => clearInterval(timer));
};

const comment = '<li id="comment-1"><b class="author">a</b> <time>1 May 2024</time> <a href="#comment-1">1</a><p>x</p></li>';

/** Path -> what the site does there, and the code that it costs; undefined: it gives a text. */
const PAGES: Readonly<Record<string, readonly [Answer, string | undefined]>> = {
  '/loop': [redirect('/loop'), 'too_many_redirects'],
  '/ping': [redirect('/pong'), 'too_many_redirects'],
  '/pong': [redirect('/ping'), 'too_many_redirects'],
  '/longer': [(response, request) => redirect(`${request.url}x`)(response, request), 'too_many_redirects'],
  '/metadata': [redirect('http://169.254.169.254/latest/meta-data/'), 'address_blocked'],
  '/metadata-name': [redirect('http://metadata.google.internal/'), 'address_blocked'],
  '/decimal': [redirect('http://2130706433/'), 'address_blocked'],
  '/mapped': [redirect('http://[::ffff:127.0.0.1]/'), 'address_blocked'],
  '/inside': [redirect('http://127.0.0.1:5432/'), 'address_blocked'],
  '/file': [redirect('file:///etc/passwd'), 'bad_url'],
  '/bomb': [html(gzipSync(Buffer.alloc(200 * MIB)), { 'content-encoding': 'gzip' }), 'body_too_large'],
  '/bomb-in-bomb': [html(gzipSync(gzipSync(Buffer.alloc(200 * MIB))), { 'content-encoding': 'gzip, gzip' }), 'body_too_large'],
  '/not-gzip': [html('no', { 'content-encoding': 'gzip' }), 'bad_body_encoding'],
  '/endless': [endless, 'body_too_large'],
  '/slow': [dripping, 'timeout'],
  '/hang': [() => undefined, 'timeout'],
  '/cut': [(response) => response.writeHead(200, { 'content-length': '1000' }).write('a', () => response.destroy()), 'network'],
  '/headers': [html('a', { 'x-long': 'a'.repeat(64 * 1024) }), 'headers_too_large'],
  '/image': [html(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), { 'content-type': 'image/png' }), 'unsupported_content_type'],
  '/huge': [html(`<p>${'a'.repeat(5 * MIB)}`), 'page_too_large'],
  '/nested': [html(`${'<div>'.repeat(1_000_000)}Semax, and then nothing.`), 'page_too_large'],
  '/unclosed': [html(`${'<b><i>'.repeat(200_000)}Semax helped my focus.`), undefined],
  '/attributes': [html(`<p ${Array.from({ length: 100_000 }, (_, nth) => `a${nth}`).join(' ')}>Semax helped my focus.</p>`), undefined],
  '/comments': [html(`<p>Semax helped my focus.</p><ol>${comment.repeat(10_000)}</ol>`), undefined],
  '/too-many-comments': [html(`<p>Semax helped my focus.</p><ol>${'<li id=c1><b class=author>a</b>x'.repeat(100_000)}`), undefined],
  '/comments-in-comments': [
    html(`<p>Semax helped my focus.</p>${'<div class="comment" id="comment-1"><b class="author">a</b><time>1 May 2024</time>x'.repeat(300)}`),
    undefined,
  ],
  '/charset': [html(Buffer.from('<p>Semax helped my focus \u2013 caf\u00e9.</p>', 'utf16le'), { 'content-type': 'text/html; charset=utf-8' }), undefined],
  '/unknown-charset': [html('<p>Semax helped my focus.</p>', { 'content-type': 'text/html; charset=klingon' }), undefined],
};

const GOOD = html('<html><head><title>Semax</title></head><body><p>I took Semax for two weeks and my focus was better.</p></body></html>');

let server: Server;
let base: string;
/** Beyond what RFC 9309 asks to be read, everything is forbidden; before that, nothing. */
const robots = `User-agent: *\nAllow: /\n${'# filler\n'.repeat(MIB)}User-agent: Hearsay\nDisallow: /\n`;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/robots.txt') return void response.writeHead(200, { 'content-type': 'text/plain' }).end(robots);
    if (request.url === '/good') return void GOOD(response, request);
    const page = PAGES[request.url ?? ''] ?? (request.url?.startsWith('/longer') ? PAGES['/longer'] : undefined);
    if (page === undefined) return void response.writeHead(404).end();
    page[0](response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function crawl(paths: readonly string[]): Promise<CrawlPage[]> {
  const http = createHttpClient({
    userAgent: 'Hearsay/test',
    routes: { 'hostile.example': base },
    hostIntervalMs: 0,
    timeoutMs: 3_000,
    resolveHost: async () => ['169.254.169.254'],
  });
  try {
    const pages: CrawlPage[] = [];
    const query = { urls: paths.map((path) => `http://hostile.example${path}`) };
    for await (const page of webSource.crawl({ query, cursor: {} }, { http, credentials: {}, now: () => new Date() })) pages.push(page);
    return pages;
  } finally {
    await http.close();
  }
}

describe('a hostile site', () => {
  it.each(Object.entries(PAGES).map(([path, [, code]]) => ({ path, code })))('costs one bounded outcome at $path', async ({ path, code }) => {
    const [bad, good] = await crawl([path, '/good']);
    expect(good?.posts).toHaveLength(1);
    expect(bad?.refusals.map((refusal) => refusal.code)).toEqual(code === undefined ? [] : [code]);
    expect(bad?.posts).toHaveLength(code === undefined ? 1 : 0);
    if (code === undefined) expect(bad?.posts[0]?.text).toContain('focus');
    for (const refusal of bad?.refusals ?? []) expect(refusal.detail.length).toBeLessThanOrEqual(120);
  });

  it('costs memory of a few pages, not of what it sends', async () => {
    const before = process.memoryUsage().arrayBuffers;
    await crawl(['/bomb', '/bomb-in-bomb', '/endless', '/nested', '/huge', '/good']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * MIB);
  });
});
