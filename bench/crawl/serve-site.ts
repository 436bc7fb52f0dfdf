/** The site in a process of its own: `serve-site.ts PAGES`, prints its origin when it listens, ends with its input. Pages are made beforehand, so that making them costs no crawler. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeArticle, renderArticle, renderIndex, renderSitemap } from './site.ts';

const HTML = 'text/html; charset=utf-8';
const pages = Number(process.argv[2]);
const articles = new Map(Array.from({ length: pages }, (_, number) => [describeArticle(number).path, Buffer.from(renderArticle(number))]));

const server = createServer((request, response) => {
  const path = request.url ?? '/';
  const send = (contentType: string, body: string | Buffer): void => {
    response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body);
  };
  const article = articles.get(path);
  const index = /^\/(?:index\/(\d{1,4})\.html)?$/.exec(path);
  if (article !== undefined) send(HTML, article);
  else if (index !== null) send(HTML, renderIndex(Number(index[1] ?? 1) - 1, pages));
  else if (path === '/robots.txt') send('text/plain', `User-agent: *\nDisallow: /search\nSitemap: http://${request.headers.host}/sitemap.xml\n`);
  else if (path === '/sitemap.xml') send('application/xml', renderSitemap(`http://${request.headers.host}`, pages));
  else response.writeHead(404, { 'content-type': HTML }).end('<!doctype html><title>Not here</title>');
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`));
process.stdin.resume().once('end', () => process.exit(0));
