import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../../src/fetch/client.ts';
import type { StandInOptions } from '../../../src/demo/standins/stand-in.ts';
import { startWebStandIn, type WebPage } from '../../../src/demo/standins/web.ts';
import type { CrawlCursor, CrawlPage, SourceContext } from '../../../src/sources/source.ts';
import { readFeed } from '../../../src/sources/web/read-feed.ts';
import { feedSource } from '../../../src/sources/web.ts';
import { collect } from '../../collect.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/feed/${name}`, import.meta.url), 'utf8');
const FEED = 'https://blog.example/feed';
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function world(pages: readonly WebPage[], options: StandInOptions = {}) {
  const server = await startWebStandIn({ sites: [{ host: 'blog.example', pages }] }, options);
  const http = createHttpClient({
    userAgent: 'Hearsay-Test/1',
    routes: { 'blog.example': server.url },
    hostIntervalMs: 0,
    now: () => new Date('2026-03-01T10:00:00Z'),
  });
  open.push(server, http);
  const context: SourceContext = { http, credentials: {}, now: () => new Date() };
  return { context, requests: server.requests, change: (next: readonly WebPage[]) => server.setWorld({ sites: [{ host: 'blog.example', pages: next }] }) };
}
const crawl = (follow: boolean, context: SourceContext, cursor: CrawlCursor = {}) => feedSource.crawl({ query: { url: FEED, follow }, cursor }, context);
const cursorOf = (pages: readonly CrawlPage[]) => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;

describe('readFeed', () => {
  it('reads RSS', () => {
    expect(readFeed(fixture('blog.rss'), FEED).slice(0, 3)).toEqual([
      {
        nativeId: 'https://blog.example/one',
        url: 'https://blog.example/one',
        title: 'Week one & two',
        content: '<p>First paragraph.</p><p>Second &amp; last.</p>',
        author: 'Mara',
        publishedAt: '2026-02-03T07:30:00.000Z',
      },
      {
        nativeId: 'https://blog.example/feed#two%20guid',
        url: undefined,
        title: 'No link',
        content: 'Only words here.',
        author: undefined,
        publishedAt: undefined,
      },
      {
        nativeId: 'https://blog.example/three',
        url: 'https://blog.example/three',
        title: undefined,
        content: '<p>Escaped.</p>',
        author: undefined,
        publishedAt: undefined,
      },
    ]);
  });

  it('reads an id that is cut within a character', () => {
    const feed = `<rss version="2.0"><channel><title>t</title><item><guid isPermaLink="false">${'g'.repeat(199)}\u{1F600}</guid><description>Words</description></item></channel></rss>`;
    expect(readFeed(feed, FEED).map((entry) => entry.nativeId)).toEqual([`https://blog.example/feed#${'g'.repeat(199)}%EF%BF%BD`]);
  });

  it('tells entries apart that all link to the same page', () => {
    const item = (id: number) =>
      `<item><guid isPermaLink="false">g${id}</guid><link>https://blog.example/#e${id}</link><description>Words ${id}</description></item>`;
    const entries = readFeed(`<rss version="2.0"><channel><title>t</title>${item(1)}${item(2)}</channel></rss>`, FEED);
    expect(entries.map((entry) => [entry.nativeId, entry.url])).toEqual([
      ['https://blog.example/feed#g1', 'https://blog.example/'],
      ['https://blog.example/feed#g2', 'https://blog.example/'],
    ]);
  });

  it('reads Atom; a time of change is no time of writing', () => {
    const [first, second] = readFeed(fixture('blog.atom'), FEED);
    expect(first).toMatchObject({ nativeId: 'https://blog.example/one', author: 'Mara', content: '<p>Body.</p>', publishedAt: '2026-02-03T07:30:00.000Z' });
    expect(second).toMatchObject({ nativeId: 'https://blog.example/feed#urn%3A2', content: 'Summary.', publishedAt: undefined });
  });

  it('reads JSON Feed', () => {
    const json = JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: 't',
      items: [{ id: '1', url: 'https://blog.example/1', content_text: 'Plain.', date_published: '2026-02-03T07:30:00Z', authors: [{ name: 'Mara' }] }],
    });
    expect(readFeed(json, FEED)).toEqual([
      {
        nativeId: 'https://blog.example/1',
        url: 'https://blog.example/1',
        title: undefined,
        content: 'Plain.',
        author: 'Mara',
        publishedAt: '2026-02-03T07:30:00.000Z',
      },
    ]);
  });

  it.each(['', '<html><p>no feed</p></html>', '{"a":1}', '<rss version="2.0"><channel>'])('refuses %j', (text) => {
    let code: unknown;
    try {
      expect(readFeed(text, FEED)).toEqual([]);
      code = 'empty';
    } catch (error) {
      code = (error as { code: string }).code;
    }
    expect(['bad_feed', 'empty']).toContain(code);
  });

  it('expands no entities of a document type', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss version="2.0"><channel><item><title>t</title><link>https://blog.example/1</link><description>&b;</description></item></channel></rss>`;
    expect(readFeed(bomb, FEED)[0]?.content.length).toBeLessThan(100);
  });
});

describe('feed', () => {
  it('makes entries posts, counts what it leaves out, and asks conditionally', async () => {
    const { context, requests } = await world([{ path: '/feed', body: fixture('blog.rss') }]);
    const pages = await collect(crawl(false, context));
    expect(pages).toHaveLength(1);
    expect(pages[0]?.posts.map((post) => [post.nativeId, post.text])).toEqual([
      ['https://blog.example/one', 'First paragraph.\n\nSecond & last.'],
      ['https://blog.example/feed#two%20guid', 'Only words here.'],
      ['https://blog.example/three', 'Escaped.'],
    ]);
    expect(pages[0]?.refusals.map((refusal) => refusal.code)).toEqual(['missing_text', 'other_platform']);
    const again = await collect(crawl(false, context, cursorOf(pages)));
    expect(again.flatMap((page) => page.posts)).toEqual([]);
    expect(requests.at(-1)?.headers['if-none-match']).toBeDefined();
  });

  const article = (words: string) => `<html><head><title>On the page</title></head><body><main><p>${words}</p></main></body></html>`;
  const site: WebPage[] = [
    { path: '/feed', body: fixture('blog.rss') },
    { path: '/one', body: article('All the words of one.') },
    { path: '/three', body: article('All the words of three.') },
    { path: '/empty', body: article('Not empty at all.') },
  ];

  it('follows links of its own site, one step per entry', async () => {
    const { context } = await world(site);
    const pages = await collect(crawl(true, context));
    expect(pages.flatMap((page) => page.posts.map((post) => [post.title, post.text, post.author, post.createdAt]))).toEqual([
      ['On the page', 'All the words of one.', 'Mara', '2026-02-03T07:30:00.000Z'],
      ['No link', 'Only words here.', undefined, undefined],
      ['On the page', 'All the words of three.', undefined, undefined],
      ['On the page', 'Not empty at all.', undefined, undefined],
    ]);
    expect(pages.flatMap((page) => page.refusals.map((refusal) => refusal.code))).toEqual(['other_platform']);
  });

  it('a run that stops early finds the rest again, and nothing twice', async () => {
    const { context, requests } = await world(site);
    const first: CrawlPage[] = [];
    for await (const page of crawl(true, context)) {
      first.push(page);
      if (first.length === 2) break;
    }
    const rest = await collect(crawl(true, context, cursorOf(first)));
    expect(rest.flatMap((page) => page.posts.map((post) => post.text))).toEqual(['Only words here.', 'All the words of three.', 'Not empty at all.']);
    expect(requests.filter((request) => request.path === '/one')).toHaveLength(1);
    const before = requests.length;
    await collect(crawl(true, context, cursorOf(rest)));
    expect(requests.slice(before).map((request) => request.path)).toEqual(['/feed']);
  });

  it('forgets the oldest first, whatever order a database gives the keys of an object back in', async () => {
    const items = (from: number, count: number, name: string) =>
      Array.from({ length: count }, (_, at) => `<item><link>https://other.example/${name}${from + at}</link><description>Words ${at}.</description></item>`);
    const feed = (title: string, ...parts: string[][]) => ({
      path: '/feed',
      body: `<?xml version="1.0"?><rss version="2.0"><channel><title>${title}</title>${parts.flat().join('')}</channel></rss>`,
    });
    // As jsonb does: shorter keys first, then by their bytes.
    const sorted = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(sorted);
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
      return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
    };
    const first = items(0, 600, 'of-the-first-visit-');
    const second = items(0, 600, 'b');
    const third = items(0, 100, 'c');
    const { context, change } = await world([feed('1', first)]);
    let cursor: CrawlCursor = {};
    const counts: number[] = [];
    for (const parts of [[first], [second], [third, second], [third, second]]) {
      change([feed(String(counts.length + 1), ...parts)]);
      const pages = await collect(crawl(true, context, cursor));
      counts.push(pages.flatMap((page) => page.posts).length);
      cursor = sorted(cursorOf(pages)) as CrawlCursor;
    }
    expect(counts).toEqual([600, 600, 100, 0]);
  });

  it('tries again tomorrow what its site could not give today', async () => {
    let down = true;
    const { context } = await world(site, { fault: (request) => (down && request.path === '/three' ? { status: 503 } : undefined) });
    const pages = await collect(crawl(true, context));
    expect(pages.flatMap((page) => page.refusals.map((refusal) => refusal.code))).toEqual(['http_503', 'other_platform']);
    down = false;
    expect((await collect(crawl(true, context, cursorOf(pages)))).flatMap((page) => page.posts.map((post) => post.text))).toEqual(['All the words of three.']);
  });

  it('falls back to the feed’s own words for a page that is gone', async () => {
    const { context } = await world(site.filter((page) => page.path !== '/three'));
    const pages = await collect(crawl(true, context));
    expect(pages.flatMap((page) => page.posts.map((post) => post.text))).toContain('Escaped.');
  });

  it('raises when there is no feed', async () => {
    const { context } = await world([{ path: '/feed', body: '<html></html>' }]);
    await expect(collect(crawl(false, context))).rejects.toMatchObject({ name: 'InvalidInputError', code: 'bad_feed' });
    const empty = await world([]);
    await expect(collect(crawl(false, empty.context))).rejects.toMatchObject({ code: 'not_found' });
  });
});
