/** What lies beyond the limits of a feed or a thread is not read, and counted. */
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../../src/fetch/client.ts';
import { startWebStandIn, type WebPage } from '../../../src/demo/standins/web.ts';
import type { CrawlPage, SourceContext } from '../../../src/sources/source.ts';
import { feedSource, webSource } from '../../../src/sources/web.ts';
import { collect } from '../../collect.ts';

const HOST = 'forum.example';
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function contextOf(pages: readonly WebPage[]): Promise<SourceContext> {
  const server = await startWebStandIn({ sites: [{ host: HOST, pages }] });
  const http = createHttpClient({ userAgent: 'Hearsay-Test/1', routes: { [HOST]: server.url }, hostIntervalMs: 0, now: () => new Date() });
  open.push(server, http);
  return { http, credentials: {}, now: () => new Date() };
}
const refusalsOf = (pages: readonly CrawlPage[]) => pages.flatMap(({ refusals }) => refusals.map(({ code, detail, item }) => `${code} ${detail} ${item}`));

describe('a feed of more than 1,000 entries', () => {
  const feed = (count: number): WebPage => ({
    path: '/feed',
    headers: { 'content-type': 'application/rss+xml' },
    body: `<?xml version="1.0"?><rss version="2.0"><channel><title>F</title><link>https://${HOST}/</link><description>-</description>${Array.from(
      { length: count },
      (_, n) => `<item><guid isPermaLink="false">${n}</guid><description>Entry ${n}.</description></item>`,
    ).join('')}</channel></rss>`,
  });
  it.each([
    [1_000, []],
    [1_001, [`not_fetched entries after the first 1000 of the feed https://${HOST}/feed`]],
  ])('%i entries', async (count, refused) => {
    const context = await contextOf([feed(count)]);
    const pages = await collect(feedSource.crawl({ query: { url: `https://${HOST}/feed`, follow: false }, cursor: {} }, context));
    expect(pages.flatMap(({ posts }) => posts)).toHaveLength(1_000);
    expect(refusalsOf(pages)).toEqual(refused);
  });
});

describe('a thread', () => {
  const page = (n: number, last: number): WebPage => ({
    path: `/t/1/${n}`,
    body: `<!doctype html><html lang="en"><head><title>Thread</title>${n < last ? `<link rel="next" href="/t/1/${n + 1}">` : ''}<script type="application/ld+json">${JSON.stringify(
      {
        '@context': 'https://schema.org',
        '@type': 'DiscussionForumPosting',
        headline: 'Thread',
        text: 'The opening post, with words enough.',
        url: `https://${HOST}/t/1/1#p0`,
        comment: [{ '@type': 'Comment', text: `An answer of page ${n}, with words enough.`, url: `https://${HOST}/t/1/${n}#p${n}` }],
      },
    )}</script></head><body><p>Thread</p></body></html>`,
  });
  it.each([
    [50, []],
    [51, [`not_fetched pages after the first 50 of the thread https://${HOST}/t/1/1`]],
  ])('of %i pages', async (last, refused) => {
    const context = await contextOf(Array.from({ length: last }, (_, n) => page(n + 1, last)));
    const pages = await collect(webSource.crawl({ query: { thread: `https://${HOST}/t/1/1` }, cursor: {} }, context));
    expect(refusalsOf(pages)).toEqual(refused);
    expect(new Set(pages.flatMap(({ posts }) => posts.map(({ text }) => text))).size).toBeGreaterThanOrEqual(50);
  });

  it('of Discourse with more than 2,000 posts', async () => {
    const posts = [{ id: 1, post_number: 1, username: 'a', cooked: '<p>The opening post.</p>', created_at: '2026-02-01T00:00:00Z' }];
    const stream = Array.from({ length: 2_011 }, (_, n) => n + 1);
    const context = await contextOf([
      { path: '/t/long/7', body: '<!doctype html><html><head><meta name="generator" content="Discourse 3.2"><title>Long</title></head><body></body></html>' },
      { path: '/t/7.json', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ title: 'Long', post_stream: { posts, stream } }) },
    ]);
    for await (const first of webSource.crawl({ query: { thread: `https://${HOST}/t/long/7` }, cursor: {} }, context)) {
      expect(refusalsOf([first])).toEqual([`not_fetched 10 posts beyond what is read of one thread https://${HOST}/t/long/7`]);
      break;
    }
  });
});
