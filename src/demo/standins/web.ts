/**
 * Stand-in for web sites: fixed pages by host and path, with ETag, Last-Modified, 304 (RFC 9110 section 13) and robots.txt. A page left out of the next
 * world answers 404. Proved by test/unit/demo/web-stand-in.test.ts.
 */
import { createHash } from 'node:crypto';
import { type StandInAnswer, startLoopback } from './loopback.ts';
import type { StandIn, StandInOptions, StandInRequest } from './stand-in.ts';

export interface WebWorld {
  readonly sites: readonly WebSite[];
}

interface WebSite {
  readonly host: string;
  /** `/robots.txt` is a page like others; a site without one answers 404 for it, which allows everything. */
  readonly pages: readonly WebPage[];
}

export interface WebPage {
  /** With query, as it is asked for. */
  readonly path: string;
  /** Default 200. */
  readonly status?: number;
  /** Lower-case names; content-type defaults to what the body looks like. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Time of its last change by the site's own clock (ISO 8601): its Last-Modified. */
  readonly modified?: string;
}

/** `hosts` are those of the first world: a later one changes pages, not hosts. */
export async function startWebStandIn(world: WebWorld, options: StandInOptions = {}): Promise<StandIn & { setWorld(world: WebWorld): void }> {
  let pages = indexPages(world);
  const hosts = world.sites.map((site) => site.host);

  function answer(request: StandInRequest): StandInAnswer {
    const page = pages.get(`${request.host} ${request.path}`);
    if (page === undefined)
      return {
        status: 404,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!doctype html><title>Not found</title><p>There is no such page.</p>',
      };
    const etag = `"${createHash('sha256').update(page.body).digest('hex').slice(0, 16)}"`;
    const status = page.status ?? 200;
    if (status !== 200) return { status, headers: { 'content-type': typeOf(page), ...page.headers }, body: page.body };
    const validators = { etag, ...(page.modified === undefined ? {} : { 'last-modified': new Date(page.modified).toUTCString() }) };
    if (isUnchanged(request, page, etag)) return { status: 304, headers: validators };
    return { status, headers: { 'content-type': typeOf(page), ...validators, ...page.headers }, body: page.body };
  }

  const server = await startLoopback({ ...options, hosts, handle: answer });
  return {
    ...server,
    setWorld(next) {
      pages = indexPages(next);
    },
  };
}

/** If-Modified-Since counts only where no tag is asked about (RFC 9110 section 13.1.3). */
function isUnchanged(request: StandInRequest, page: WebPage, etag: string): boolean {
  const tags = request.headers['if-none-match'];
  if (tags !== undefined) return tags.split(',').some((tag) => [etag, '*'].includes(tag.trim().replace(/^W\//, '')));
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return page.modified !== undefined && Math.floor(Date.parse(page.modified) / 1000) * 1000 <= since;
}

function indexPages(world: WebWorld): ReadonlyMap<string, WebPage> {
  return new Map(world.sites.flatMap((site) => site.pages.map((page) => [`${site.host} ${page.path}`, page] as const)));
}

function typeOf(page: WebPage): string {
  if (page.path === '/robots.txt') return 'text/plain; charset=utf-8';
  const start = page.body.toString().trimStart().slice(0, 200);
  if (/^\{|^\[/.test(start)) return 'application/json; charset=utf-8';
  if (/^<\?xml|^<rss|^<feed/.test(start)) return 'application/xml; charset=utf-8';
  return 'text/html; charset=utf-8';
}
