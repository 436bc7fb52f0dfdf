import http from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpClient, type HttpClientOptions } from '../../../src/fetch/client.ts';
import { createPacer } from '../../../src/fetch/pace.ts';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;
let server: http.Server;
let base: string;
let handler: Handler;
const seen: { url: string; host: string; headers: http.IncomingHttpHeaders; method: string }[] = [];
const clients: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  seen.length = 0;
  server = http.createServer((request, response) => {
    seen.push({ url: request.url ?? '', host: request.headers.host ?? '', headers: request.headers, method: request.method ?? '' });
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function client(options: Partial<HttpClientOptions> = {}) {
  const made = createHttpClient({
    userAgent: 'Hearsay/0.1 (+https://example.org)',
    routes: { 'site.example': base, 'other.example': base },
    hostIntervalMs: 0,
    now: () => new Date('2026-03-01T10:00:00Z'),
    ...options,
  });
  clients.push(made);
  return made;
}

describe('createHttpClient', () => {
  it('sends routed requests elsewhere with the host kept and gives back the original address', async () => {
    handler = (_request, response) => response.setHeader('set-cookie', ['a=1', 'b=2']).end('hello');
    const response = await client().fetch({ url: 'https://site.example/a?b=1#c', headers: { 'x-one': '1' } });
    expect(response).toMatchObject({ url: 'https://site.example/a?b=1#c', status: 200, fetchedAt: '2026-03-01T10:00:00.000Z' });
    expect(response.headers['set-cookie']).toBe('a=1, b=2');
    expect(response.body.toString()).toBe('hello');
    expect(seen[0]).toMatchObject({ url: '/a?b=1', host: 'site.example', headers: { 'user-agent': 'Hearsay/0.1 (+https://example.org)', 'x-one': '1' } });
  });

  it('keeps statuses as values', async () => {
    handler = (_request, response) => response.writeHead(503).end('down');
    expect((await client().fetch({ url: 'https://site.example/' })).status).toBe(503);
  });

  it.each([
    ['gzip', zlib.gzipSync('text')],
    ['deflate', zlib.deflateSync('text')],
    ['deflate', zlib.deflateRawSync('text')],
    ['br', zlib.brotliCompressSync('text')],
    ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync('text'))],
    ['identity', Buffer.from('text')],
  ])('decompresses %s', async (encoding, body) => {
    handler = (_request, response) => response.setHeader('content-encoding', encoding).end(body);
    expect((await client().fetch({ url: 'https://site.example/' })).body.toString()).toBe('text');
  });

  it('drops a decompression bomb at the cap', async () => {
    const bomb = zlib.gzipSync(Buffer.alloc(50_000_000));
    handler = (_request, response) => response.setHeader('content-encoding', 'gzip').end(bomb);
    await expect(client().fetch({ url: 'https://site.example/', maxBytes: 100_000 })).rejects.toMatchObject({
      name: 'InvalidInputError',
      code: 'body_too_large',
    });
  });

  it('refuses a body beyond the cap, and takes one exactly at it', async () => {
    handler = (_request, response) => response.end('x'.repeat(1000));
    await expect(client().fetch({ url: 'https://site.example/', maxBytes: 999 })).rejects.toMatchObject({ code: 'body_too_large' });
    expect((await client().fetch({ url: 'https://site.example/', maxBytes: 1000 })).body).toHaveLength(1000);
  });

  it.each([
    ['gzip', Buffer.from('this is no gzip'), 'bad_body_encoding'],
    ['br', Buffer.from('this is no brotli at all'), 'bad_body_encoding'],
    ['gzip', zlib.gzipSync('x'.repeat(5000)).subarray(0, 20), 'bad_body_encoding'],
    ['zstd', Buffer.from('x'), 'unsupported_encoding'],
  ])('names a broken %s body', async (encoding, body, code) => {
    handler = (_request, response) => response.setHeader('content-encoding', encoding).end(body);
    await expect(client().fetch({ url: 'https://site.example/' })).rejects.toMatchObject({ name: 'InvalidInputError', code });
  });

  it('takes a 304 with a content-encoding and no body', async () => {
    handler = (_request, response) => response.writeHead(304, { 'content-encoding': 'gzip', etag: '"a"' }).end();
    expect(await client().fetch({ url: 'https://site.example/' })).toMatchObject({ status: 304, headers: { etag: '"a"' } });
  });

  it('calls a slow answer a timeout, a slow body too, and a dropped connection the network', async () => {
    handler = (request, response) => {
      if (request.url === '/drop') request.socket.destroy();
      if (request.url === '/body') response.write('x');
    };
    for (const [path, code] of [
      ['/slow', 'timeout'],
      ['/body', 'timeout'],
      ['/drop', 'network'],
    ]) {
      await expect(client().fetch({ url: `https://site.example${path}`, timeoutMs: 200 })).rejects.toMatchObject({ name: 'TransientError', code });
    }
  });

  it('stops when the caller stops', async () => {
    handler = () => controller.abort();
    const controller = new AbortController();
    await expect(client().fetch({ url: 'https://site.example/', signal: controller.signal })).rejects.toMatchObject({
      name: 'TransientError',
      code: 'aborted',
    });
  });

  it('refuses headers beyond 32 KiB', async () => {
    handler = (_request, response) => response.setHeader('x-large', 'x'.repeat(40_000)).end();
    await expect(client().fetch({ url: 'https://site.example/' })).rejects.toMatchObject({ code: 'headers_too_large' });
  });

  it('keeps queries out of messages', async () => {
    handler = (request) => request.socket.destroy();
    await expect(client().fetch({ url: 'https://site.example/p?api_key=hush' })).rejects.toMatchObject({ message: expect.not.stringContaining('hush') });
  });

  it('refuses what is neither routed, allowed nor public, even the stand-in itself', async () => {
    handler = (_request, response) => response.end('inside');
    await expect(client().fetch({ url: base })).rejects.toMatchObject({ code: 'address_blocked' });
    await expect(client().fetch({ url: 'http://169.254.169.254/latest/meta-data' })).rejects.toMatchObject({ code: 'address_blocked' });
    expect(seen).toEqual([]);
    expect((await client({ allow: [new URL(base).host] }).fetch({ url: base })).status).toBe(200);
  });
});

describe('redirects', () => {
  it('are followed and end in the last address', async () => {
    handler = (request, response) =>
      request.url === '/end' ? response.end('there') : response.writeHead(302, { location: 'https://other.example/end' }).end();
    expect(await client().fetch({ url: 'https://site.example/a' })).toMatchObject({ url: 'https://other.example/end', status: 200 });
    expect(seen.map((request) => request.host)).toEqual(['site.example', 'other.example']);
  });

  it('take credentials no further than their origin', async () => {
    handler = (request, response) => {
      if (request.url === '/1') return response.writeHead(302, { location: '/2' }).end();
      if (request.url === '/2') return response.writeHead(302, { location: 'https://other.example/3' }).end();
      response.end();
    };
    await client().fetch({ url: 'https://site.example/1', headers: { authorization: 'Bearer hush', accept: 'text/html' } });
    expect(seen.map((request) => [request.headers.authorization, request.headers.accept])).toEqual([
      ['Bearer hush', 'text/html'],
      ['Bearer hush', 'text/html'],
      [undefined, 'text/html'],
    ]);
  });

  it('stop after five', async () => {
    handler = (_request, response) => response.writeHead(301, { location: '/again' }).end();
    await expect(client().fetch({ url: 'https://site.example/' })).rejects.toMatchObject({ code: 'too_many_redirects' });
    expect(seen).toHaveLength(6);
  });

  it.each([
    ['http://127.0.0.1/', 'address_blocked'],
    ['https://10.0.0.1/', 'address_blocked'],
    ['https://site.example:8080/', 'address_blocked'],
    ['http://public.example/', 'insecure_redirect'],
    ['javascript:alert(1)', 'bad_url'],
    ['https://user:pass@site.example/', 'bad_url'],
    ['http://[', 'bad_url'],
  ])('to %s are refused with %s', async (location, code) => {
    handler = (_request, response) => response.writeHead(302, { location }).end();
    await expect(client().fetch({ url: 'https://site.example/' })).rejects.toMatchObject({ code });
    expect(seen).toHaveLength(1);
  });

  it('turn a POST into a GET, except 307 and 308, whose body stays with its origin', async () => {
    handler = (request, response) => {
      const status = Number(/\d+/.exec(request.url ?? '')?.[0]);
      if (Number.isNaN(status)) return response.end();
      response.writeHead(status, { location: request.url?.includes('away') ? 'https://other.example/end' : '/end' }).end();
    };
    const post = (url: string) => client().fetch({ url, method: 'POST', body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    await post('https://site.example/303');
    await post('https://site.example/307');
    expect(seen.filter((request) => request.url === '/end').map((request) => request.method)).toEqual(['GET', 'POST']);
    await expect(post('https://site.example/308away')).rejects.toMatchObject({ code: 'insecure_redirect' });
  });
});

describe('robots.txt', () => {
  it('is asked once per site, obeyed on every hop, and only where asked to', async () => {
    handler = (request, response) => {
      if (request.url === '/robots.txt')
        return response.end(request.headers.host === 'other.example' ? 'User-agent: *\nDisallow: /' : 'User-agent: hearsay\nDisallow: /private');
      if (request.url === '/away') return response.writeHead(302, { location: 'https://other.example/x' }).end();
      response.end('page');
    };
    const http = client();
    expect((await http.fetch({ url: 'https://site.example/open', obeyRobots: true })).status).toBe(200);
    await expect(http.fetch({ url: 'https://site.example/private/1', obeyRobots: true })).rejects.toMatchObject({
      name: 'InvalidInputError',
      code: 'robots_disallow',
    });
    await expect(http.fetch({ url: 'https://site.example/away', obeyRobots: true })).rejects.toMatchObject({ code: 'robots_disallow' });
    expect((await http.fetch({ url: 'https://site.example/private/1' })).status).toBe(200);
    expect(seen.filter((request) => request.url === '/robots.txt').map((request) => request.host)).toEqual(['site.example', 'other.example']);
  });

  it('paces pages by the interval and by Crawl-delay', async () => {
    handler = (request, response) => response.end(request.url === '/robots.txt' ? 'User-agent: *\nCrawl-delay: 7' : 'page');
    const waits: number[] = [];
    const http = client({ hostIntervalMs: 1000, pacer: createPacer({ sleep: async (ms) => void waits.push(Math.round(ms / 1000)) }) });
    for (const path of ['a', 'b', 'c']) await http.fetch({ url: `https://site.example/${path}`, obeyRobots: true });
    expect(waits).toEqual([7, 14]);
  });

  it('leaves a host alone for as long as it asks, and says so instead of waiting for long', async () => {
    let answers = 0;
    handler = (request, response) => {
      if (request.url === '/robots.txt') return response.end('');
      response.statusCode = answers++ === 0 ? 429 : 200;
      response.setHeader('retry-after', '3600');
      return response.end('page');
    };
    const http = client({ hostIntervalMs: 1, pacer: createPacer() });
    expect((await http.fetch({ url: 'https://site.example/a', obeyRobots: true })).status).toBe(429);
    await expect(http.fetch({ url: 'https://site.example/b', obeyRobots: true })).rejects.toMatchObject({ name: 'RateLimitedError', code: 'rate_limited' });
    expect((await http.fetch({ url: 'https://other.example/b', obeyRobots: true })).status).toBe(200);
    expect(answers).toBe(2);
  });
});

describe('turns', () => {
  const counted = () => {
    const waits: number[] = [];
    return { waits, pacer: createPacer({ now: () => 0, sleep: async (ms) => void waits.push(ms) }) };
  };

  it('are taken by every hop of a request that asks for them, and by no other', async () => {
    handler = (request, response) =>
      request.url === '/away' ? response.writeHead(302, { location: 'https://other.example/end' }).end() : response.end('there');
    const { waits, pacer } = counted();
    const http = client({ pacer });
    const turn = { intervalMs: 350 };
    await http.fetch({ url: 'https://site.example/away', turn });
    await http.fetch({ url: 'https://site.example/away', turn });
    await http.fetch({ url: 'https://site.example/end' });
    expect(waits).toEqual([350, 350]);
  });

  it('keep the longest of the distances asked for', async () => {
    handler = (_request, response) => response.end('');
    const { waits, pacer } = counted();
    const http = client({ pacer, hostIntervalMs: 1_000, hostIntervalsMs: { 'other.example': 700 } });
    for (const intervalMs of [350, 5_000]) await http.fetch({ url: 'https://site.example/a', obeyRobots: true, turn: { intervalMs } });
    for (const intervalMs of [350, 0]) await http.fetch({ url: 'https://other.example/a', turn: { intervalMs } });
    await http.fetch({ url: 'https://other.example/a' });
    await http.fetch({ url: 'https://site.example/a', turn: { intervalMs: 0 } });
    expect(waits).toEqual([1_000, 700, 1_400, 6_000]);
  });

  it('end for as long as the request reads from the answer, whatever its status', async () => {
    handler = (_request, response) => response.setHeader('x-left', '0').end('');
    const { waits, pacer } = counted();
    const http = client({ pacer });
    const turn = { intervalMs: 0, restMs: ({ headers }: { headers: Readonly<Record<string, string>> }) => (headers['x-left'] === '0' ? 60_000 : undefined) };
    await http.fetch({ url: 'https://site.example/a', turn });
    await http.fetch({ url: 'https://other.example/a', turn: { intervalMs: 0 } });
    await http.fetch({ url: 'https://site.example/b', turn: { intervalMs: 0 } });
    expect(waits).toEqual([60_000]);
  });
});
