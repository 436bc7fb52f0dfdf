import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../../src/fetch/client.ts';
import { startWebStandIn, type WebPage } from '../../../src/demo/standins/web.ts';
import type { StandInOptions } from '../../../src/demo/standins/stand-in.ts';
import type { CrawlCursor, CrawlPage, SourceContext } from '../../../src/sources/source.ts';
import { feedSource, webSource } from '../../../src/sources/web.ts';
import { collect } from '../../collect.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const page = (title: string, text: string) => `<html><head><title>${title}</title></head><body><main><p>${text}</p></main></body></html>`;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function world(pages: Record<string, readonly WebPage[]>, options: StandInOptions = {}) {
  const sitesOf = (all: Record<string, readonly WebPage[]>) => ({ sites: Object.entries(all).map(([host, list]) => ({ host, pages: list })) });
  const server = await startWebStandIn(sitesOf(pages), options);
  const http = createHttpClient({
    userAgent: 'Hearsay-Test/1',
    routes: Object.fromEntries(server.hosts.map((host) => [host, server.url])),
    hostIntervalMs: 0,
    now: () => new Date('2026-03-01T10:00:00Z'),
  });
  open.push(server, http);
  const context: SourceContext = { http, credentials: {}, now: () => new Date('2026-03-01T10:00:00Z') };
  return { context, requests: server.requests, change: (next: Record<string, readonly WebPage[]>) => server.setWorld(sitesOf(next)) };
}
const crawl = (query: { urls: string[] } | { thread: string }, context: SourceContext, cursor: CrawlCursor = {}) =>
  collect(webSource.crawl({ query, cursor }, context));
const lastCursor = (pages: readonly CrawlPage[]) => JSON.parse(JSON.stringify(pages.at(-1)?.cursor ?? {})) as CrawlCursor;
const postsOf = (pages: readonly CrawlPage[]) => pages.flatMap((one) => one.posts);
const refusalsOf = (pages: readonly CrawlPage[]) => pages.flatMap((one) => one.refusals.map((refusal) => refusal.code));

describe('web: single pages', () => {
  const urls = [
    'https://quietdesk.example/ten-weeks',
    'https://quietdesk.example/gone',
    'https://quietdesk.example/private/x',
    'https://quietdesk.example/file',
  ];
  const pages: WebPage[] = [
    { path: '/robots.txt', body: 'User-agent: hearsay-test\nDisallow: /private' },
    { path: '/ten-weeks', body: fixture('web/article.html'), headers: { 'last-modified': 'Sun, 01 Feb 2026 00:00:00 GMT' } },
    { path: '/file', headers: { 'content-type': 'application/pdf' }, body: '%PDF' },
  ];

  it('makes a page a post, with its capture, and counts what it cannot read', async () => {
    const { context } = await world({ 'quietdesk.example': pages });
    const crawled = await crawl({ urls }, context);
    expect(crawled).toHaveLength(4);
    expect(refusalsOf(crawled)).toEqual(['not_found', 'robots_disallow', 'unsupported_content_type']);
    expect(postsOf(crawled)).toEqual([
      expect.objectContaining({
        platform: 'web',
        nativeId: 'https://www.quietdesk.example/ten-weeks',
        kind: 'page',
        title: 'Ten weeks with a nasal & oral spray',
        author: 'Mara Lindqvist, T. Oduya',
        createdAt: '2026-02-03T07:30:00.000Z',
        observedAt: '2026-03-01T10:00:00.000Z',
        captureDigest: crawled[0]?.captures[0]?.digest,
      }),
    ]);
  });

  it('asks conditionally, keeps identities, and tells when a known page is gone', async () => {
    const one = { urls: ['https://quietdesk.example/ten-weeks'] };
    const { context, requests, change } = await world({ 'quietdesk.example': pages });
    const first = await crawl(one, context);
    const second = await crawl(one, context, lastCursor(first));
    expect(postsOf(second)).toEqual([]);
    expect(requests.at(-1)?.headers).toMatchObject({ 'if-none-match': expect.stringMatching(/^"\w+"$/), 'if-modified-since': 'Sun, 01 Feb 2026 00:00:00 GMT' });
    change({
      'quietdesk.example': [{ path: '/ten-weeks', body: page('New', 'Changed words.').replace('<title>', '<link rel="canonical" href="/renamed"><title>') }],
    });
    const third = await crawl(one, context, lastCursor(second));
    expect(postsOf(third)).toMatchObject([{ nativeId: 'https://www.quietdesk.example/ten-weeks', text: 'Changed words.' }]);
    change({ 'quietdesk.example': [] });
    const fourth = await crawl(one, context, lastCursor(third));
    expect(postsOf(fourth)).toEqual([
      {
        platform: 'web',
        nativeId: 'https://www.quietdesk.example/ten-weeks',
        kind: 'page',
        text: '',
        observedAt: '2026-03-01T10:00:00.000Z',
        absence: 'missing',
      },
    ]);
  });

  it('goes on past a broken site, leaves a tired host alone, and raises when nothing could be asked', async () => {
    const { context, requests } = await world(
      {
        'a.example': [
          { path: '/1', body: page('a', 'x') },
          { path: '/2', body: page('b', 'y') },
        ],
        'b.example': [{ path: '/1', body: page('c', 'Words of b.') }],
      },
      { fault: (request) => (request.host === 'a.example' && request.path !== '/robots.txt' ? { status: 429, headers: { 'retry-after': '30' } } : undefined) },
    );
    const both = await crawl({ urls: ['https://a.example/1', 'https://a.example/2', 'https://b.example/1'] }, context);
    expect(refusalsOf(both)).toEqual(['rate_limited', 'rate_limited']);
    expect(postsOf(both).map((post) => post.text)).toEqual(['Words of b.']);
    expect(requests.filter((request) => request.host === 'a.example').map((request) => request.path)).toEqual(['/robots.txt', '/1']);
    await expect(crawl({ urls: ['https://a.example/1'] }, context)).rejects.toMatchObject({ name: 'RateLimitedError', retryAfterMs: 30_000 });
  });

  it('does not read pages of platforms that have their own source, not even by redirect', async () => {
    expect(webSource.querySchema.safeParse({ urls: ['https://old.reddit.com/r/x'] }).success).toBe(false);
    const { context } = await world({
      'short.example': [{ path: '/a', status: 302, headers: { location: 'https://www.reddit.com/r/x' }, body: '' }],
      'www.reddit.com': [{ path: '/r/x', body: page('r', 'x') }],
    });
    expect(refusalsOf(await crawl({ urls: ['https://short.example/a'] }, context))).toEqual(['other_platform']);
  });

  it('reads any cursor without a throw', async () => {
    const { context } = await world({ 'a.example': [{ path: '/1', body: page('a', 'Words.') }] });
    for (const cursor of [{ pages: 5 }, { pages: { 'https://a.example/1': { etag: 5 } } }, { other: true }]) {
      expect(postsOf(await crawl({ urls: ['https://a.example/1'] }, context, cursor))).toHaveLength(1);
    }
  });
});

describe('web: threads', () => {
  const reply =
    '<script type="application/ld+json">{"@type":"DiscussionForumPosting","text":"","url":"https://bench.example/threads/focus.77/","comment":[{"@type":"Comment","text":"Last word.","url":"https://bench.example/threads/focus.77/page-2#post-950"}]}</script>';
  const pages: WebPage[] = [
    { path: '/threads/focus.77/', body: fixture('web/forum-json-ld.html') },
    { path: '/threads/focus.77/page-2', body: `<html><head><title>p2</title>${reply}</head><body></body></html>` },
  ];
  const query = { thread: 'https://bench.example/threads/focus.77/' };

  it('follows the pages of a thread; an unchanged page still leads on', async () => {
    const { context, change } = await world({ 'bench.example': pages });
    const first = await crawl(query, context);
    expect(postsOf(first).map((post) => [post.kind, post.nativeId?.split('/').at(-1), post.threadId])).toEqual([
      ['submission', '', query.thread],
      ['comment', '#post-901', query.thread],
      ['comment', '#post-902', query.thread],
      ['comment', undefined, query.thread],
      ['comment', 'page-2#post-950', query.thread],
    ]);
    change({ 'bench.example': [pages[0] as WebPage, { path: '/threads/focus.77/page-2', body: String(pages[1]?.body).replace('Last word', 'Newer word') }] });
    expect(postsOf(await crawl(query, context, lastCursor(first))).map((post) => post.text)).toEqual(['Newer word.']);
    change({ 'bench.example': [] });
    expect(postsOf(await crawl(query, context, lastCursor(first)))).toMatchObject([{ nativeId: query.thread, absence: 'missing' }]);
  });

  it('reads the pages of a forum engine, tells gone posts and counts those without words', async () => {
    const start = 'https://xf2.example/threads/back-pain.12/';
    const second = fixture('web/forums/xenforo-2.html')
      .replaceAll(/post-30(\d)/g, 'post-31$1')
      .replaceAll('back-pain.12/page-2', 'back-pain.12/');
    const { context } = await world({
      'xf2.example': [
        { path: '/threads/back-pain.12/', body: fixture('web/forums/xenforo-2.html') },
        { path: '/threads/back-pain.12/page-2', body: second },
      ],
    });
    const crawled = await crawl({ thread: start }, context);
    const ids = [301, 302, 303, 311, 312, 313].map((id) => `https://xf2.example/posts/${id}/`);
    expect(postsOf(crawled).map((post) => [post.nativeId, post.kind, post.absence])).toEqual([
      [ids[0], 'submission', undefined],
      [ids[1], 'comment', undefined],
      [ids[2], 'comment', 'removed'],
      [ids[3], 'comment', undefined],
      [ids[4], 'comment', undefined],
      [ids[5], 'comment', 'removed'],
    ]);
    expect(new Set(postsOf(crawled).flatMap((post) => post.threadId ?? []))).toEqual(new Set([ids[0]]));
    expect(refusalsOf(crawled)).toEqual(['missing_text', 'missing_text']);
  });

  it.each([
    [
      'gone, with its place shown',
      (html: string) => html.replace('message message--post js-post js-inline', 'message message--deleted message--post js-post js-inline'),
    ],
    [
      'gone without a trace',
      (html: string) => html.replace(/<article class="message [^>]*data-content="post-301"[\s\S]*?<article(?= class="message [^>]*post-302)/, '<article'),
    ],
    ['without words', (html: string) => html.replace(/<div class="bbWrapper">Better[\s\S]*?<\/div><\/div><\/div><\/div>/, '<div class="bbWrapper"></div>')],
  ])('no reply takes the place of an opening post that is %s', async (_name, turn) => {
    const start = 'https://xf2.example/threads/back-pain.12/';
    const before = fixture('web/forums/xenforo-2.html')
      .replaceAll(/rel="next"/g, '')
      .replaceAll('pageNav-jump--next', '');
    const { context, change } = await world({ 'xf2.example': [{ path: '/threads/back-pain.12/', body: before }] });
    const first = await crawl({ thread: start }, context);
    change({ 'xf2.example': [{ path: '/threads/back-pain.12/', body: turn(before) }] });
    const replies = postsOf(await crawl({ thread: start }, context, lastCursor(first))).filter((post) => post.text === 'No change here.');
    expect(replies).toMatchObject([{ nativeId: 'https://xf2.example/posts/302/', kind: 'comment', threadId: 'https://xf2.example/posts/301/' }]);
  });

  it('learns nothing of a thread from a page that stands in for it', async () => {
    const start = 'https://bench.example/threads/focus.77/';
    const thread: WebPage = {
      path: '/threads/focus.77/',
      body: fixture('web/forum-json-ld.html')
        .replace('"@id":"https://bench.example/threads/focus.77/"', '"@id":"#first"')
        .replace('"url":"https://bench.example/threads/focus.77/",\n', '"url":"#first",\n'),
    };
    const { context, change } = await world({ 'bench.example': [{ path: '/threads/focus.77/', body: page('Back soon', 'We are working on it.') }] });
    const closed = await crawl({ thread: start }, context);
    change({ 'bench.example': [thread] });
    const opened = postsOf(await crawl({ thread: start }, context, lastCursor(closed)));
    const calm = await world({ 'bench.example': [thread] });
    expect(opened).toEqual(postsOf(await crawl({ thread: start }, calm.context)));
  });

  it('says when a page is no thread', async () => {
    const { context } = await world({ 'a.example': [{ path: '/1', body: page('a', 'x') }] });
    expect(refusalsOf(await crawl({ thread: 'https://a.example/1' }, context))).toEqual(['no_posts_found']);
  });
});

describe('queries', () => {
  it.each([
    ['web', { urls: [] }, false],
    ['web', { urls: ['ftp://a.example/'] }, false],
    ['web', { urls: ['https://a.example/'], thread: 'https://a.example/' }, false],
    ['web', {}, false],
    ['web', { thread: 'https://a.example/t/1' }, true],
    ['feed', { url: 'https://a.example/feed' }, true],
    ['feed', { url: 'https://a.example/feed', follow: 'yes' }, false],
    ['feed', { url: 'https://x.com/a' }, false],
  ])('%s %j: %s', (name, query, good) => expect((name === 'web' ? webSource : feedSource).querySchema.safeParse(query).success).toBe(good));
});
