import { afterEach, expect, it } from 'vitest';
import { startWebStandIn } from '../../../src/demo/standins/web.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

it('serves hosts apart, with types, ETag, 304, robots.txt, statuses, and a next world', async () => {
  const server = await startWebStandIn({
    sites: [
      {
        host: 'a.example',
        pages: [
          { path: '/p?q=1', body: '<p>a</p>' },
          { path: '/feed', body: '<?xml version="1.0"?><rss/>' },
          { path: '/j', body: '{"a":1}' },
          { path: '/robots.txt', body: 'User-agent: *' },
        ],
      },
      { host: 'b.example', pages: [{ path: '/p?q=1', status: 301, headers: { location: 'https://a.example/p?q=1' }, body: '' }] },
    ],
  });
  const http = createHttpClient({ userAgent: 'test/1', routes: Object.fromEntries(server.hosts.map((host) => [host, server.url])) });
  open.push(server, http);
  const get = (url: string, headers: Record<string, string> = {}) => http.fetch({ url, headers });

  const first = await get('https://a.example/p?q=1');
  expect([first.status, first.headers['content-type'], first.body.toString()]).toEqual([200, 'text/html; charset=utf-8', '<p>a</p>']);
  const etag = first.headers['etag'] ?? '';
  for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) expect((await get('https://a.example/p?q=1', { 'if-none-match': tag })).status).toBe(304);
  expect((await get('https://a.example/p?q=1', { 'if-none-match': '"other"' })).status).toBe(200);
  expect((await get('https://b.example/p?q=1')).url).toBe('https://a.example/p?q=1');
  expect((await get('https://a.example/p')).status).toBe(404);
  expect((await get('https://b.example/robots.txt')).status).toBe(404);
  expect((await get('https://a.example/feed')).headers['content-type']).toContain('xml');
  expect((await get('https://a.example/j')).headers['content-type']).toContain('json');
  expect((await get('https://a.example/robots.txt')).headers['content-type']).toContain('text/plain');
  server.setWorld({ sites: [{ host: 'a.example', pages: [{ path: '/p?q=1', body: '<p>new</p>' }] }] });
  expect((await get('https://a.example/p?q=1', { 'if-none-match': etag })).body.toString()).toBe('<p>new</p>');
  expect((await get('https://a.example/feed')).status).toBe(404);
});
