/** A thread community whose page is an article with comments, or an engine of no known kind: what is stored of it, run after run. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startWebStandIn, type WebPage } from '../../../src/demo/standins/web.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';
import type { CrawlPage, SourceContext } from '../../../src/sources/source.ts';
import { webSource } from '../../../src/sources/web.ts';
import { collect } from '../../collect.ts';

const html = readFileSync(new URL('../../fixtures/web/generic/wordpress.html', import.meta.url), 'utf8');
const start = 'https://blog.example/ten-weeks/';
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function world(pages: readonly WebPage[]): Promise<SourceContext> {
  const server = await startWebStandIn({ sites: [{ host: 'blog.example', pages }] }, {});
  const http = createHttpClient({ userAgent: 'Hearsay-Test/1', routes: { 'blog.example': server.url }, hostIntervalMs: 0 });
  open.push(server, http);
  return { http, credentials: {}, now: () => new Date('2026-03-01T10:00:00Z') };
}
const crawl = (query: { urls: string[] } | { thread: string }, context: SourceContext) => collect(webSource.crawl({ query, cursor: {} }, context));
const postsOf = (pages: readonly CrawlPage[]) => pages.flatMap((one) => one.posts);
/** The second page of the comments, with the same article and one more comment. */
const second = html
  .replace(/<li id="comment-101"[\s\S]*<li id="comment-104"/, '<li id="comment-104"')
  .replace('</ol><nav', `${/<li id="comment-104"[\s\S]*?<\/li>/.exec(html)?.[0].replaceAll('104', '105').replace('Yes.', 'Also yes.')}</ol><nav`)
  .replace(/<nav class="comment-navigation">.*?<\/nav>/, '')
  .replaceAll('comment-page-1', 'comment-page-2');
const pages: WebPage[] = [
  { path: '/ten-weeks/', body: html },
  { path: '/ten-weeks/comment-page-2/', body: second },
  { path: '/another-article/', body: '<p>Not of this thread.' },
];

describe('an article with comments', () => {
  it('gives the article once, as the page, and each comment once', async () => {
    const crawled = postsOf(await crawl({ thread: start }, await world(pages)));
    expect(crawled.map((post) => [post.kind, post.nativeId, post.threadId, post.author])).toEqual([
      ['page', start, start, 'Mara'],
      ...[
        [101, 'Anna'],
        [102, 'Mara'],
        [104, 'Cleo'],
        [104, 'Cleo'],
        [105, 'Cleo'],
      ].map(([id, author]) => ['comment', `${start}#comment-${id}`, start, author]),
    ]);
  });

  it('the article has the text it has as a page, and no sentence of a comment', async () => {
    const context = await world(pages);
    const [asPage] = postsOf(await crawl({ urls: [start] }, context));
    const [asThread, ...comments] = postsOf(await crawl({ thread: start }, context));
    expect(asThread?.nativeId).toBe(asPage?.nativeId);
    expect(asThread?.text).toContain('The first two weeks were as before');
    for (const comment of comments) expect(asThread?.text).not.toContain(comment.text);
  });

  it('does not go on to the next article', async () => {
    const crawled = await crawl({ thread: start }, await world(pages));
    expect(crawled.flatMap((page) => page.captures.map((capture) => capture.url))).toEqual([start, `${start}comment-page-2/`]);
  });
});
