import { afterEach, expect, it } from 'vitest';
import { startWebStandIn, type WebPage } from '../../../src/demo/standins/web.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';
import type { SourceContext } from '../../../src/sources/source.ts';
import { findTopic, presenceUrl, readPresence } from '../../../src/sources/web/discourse.ts';
import { webSource } from '../../../src/sources/web.ts';
import { collect } from '../../collect.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const THREAD = 'https://talk.example/t/focus-report/77';
const post = (id: number, number: number, change: object = {}) => ({
  id,
  post_number: number,
  cooked: `<p>Words of ${number}.</p>`,
  username: `user${number}`,
  created_at: '2026-02-01T10:00:00.000Z',
  post_type: 1,
  ...change,
});
const topic = {
  title: 'Focus report',
  post_stream: {
    posts: [
      post(501, 1),
      post(502, 2, { reply_to_post_number: 1 }),
      post(503, 3, { user_deleted: true }),
      post(504, 4, { hidden: true }),
      post(505, 5, { post_type: 3 }),
      { id: 'odd' },
    ],
    stream: [501, 502, 503, 504, 505, 506],
  },
};
const pages: WebPage[] = [
  { path: '/t/focus-report/77', body: '<html><head><meta name="generator" content="Discourse 3.4.0"><title>Focus report</title></head><body></body></html>' },
  { path: '/t/77.json', body: JSON.stringify(topic) },
  { path: '/t/77/posts.json?post_ids[]=506', body: JSON.stringify({ post_stream: { posts: [post(506, 6, { reply_to_post_number: 2 })] } }) },
  { path: '/posts/501.json', body: JSON.stringify(post(501, 1)) },
  { path: '/posts/503.json', body: JSON.stringify(post(503, 3, { deleted_at: '2026-02-02T00:00:00Z' })) },
  { path: '/posts/504.json', body: JSON.stringify(post(504, 4, { hidden: true })) },
];

async function context(of: readonly WebPage[]): Promise<SourceContext> {
  const server = await startWebStandIn({ sites: [{ host: 'talk.example', pages: of }] });
  const http = createHttpClient({
    userAgent: 'Hearsay-Test/1',
    routes: { 'talk.example': server.url },
    hostIntervalMs: 0,
    now: () => new Date('2026-03-01T10:00:00Z'),
  });
  open.push(server, http);
  return { http, credentials: {}, now: () => new Date() };
}

it('reads a Discourse topic through its JSON, in lots', async () => {
  const crawled = await collect(webSource.crawl({ query: { thread: THREAD }, cursor: {} }, await context(pages)));
  const posts = crawled.flatMap((page) => page.posts);
  expect(posts.map((one) => [one.nativeId, one.kind, one.text, one.absence, one.parentText])).toEqual([
    ['discourse:talk.example:501', 'submission', 'Words of 1.', undefined, undefined],
    ['discourse:talk.example:502', 'comment', 'Words of 2.', undefined, 'Words of 1.'],
    ['discourse:talk.example:503', 'comment', '', 'deleted', undefined],
    ['discourse:talk.example:504', 'comment', '', 'removed', undefined],
    ['discourse:talk.example:506', 'comment', 'Words of 6.', undefined, 'Words of 2.'],
  ]);
  expect(posts[1]).toMatchObject({
    platform: 'discourse',
    title: 'Focus report',
    url: 'https://talk.example/t/77/2',
    threadId: 'discourse:talk.example:501',
    author: 'user2',
    createdAt: '2026-02-01T10:00:00.000Z',
  });
  // A notice is no post, and is counted.
  expect(crawled.flatMap((page) => page.refusals.map(({ code, item }) => [code, item]))).toEqual([
    ['malformed_item', undefined],
    ['not_a_post', 'discourse:talk.example:505'],
  ]);
  expect(crawled.at(-1)?.cursor).toEqual({ pages: { [THREAD]: { id: 'discourse:talk.example:501' } } });
});

it('names an answer that is no topic', async () => {
  const broken = [pages[0] as WebPage, { path: '/t/77.json', body: '<html>maintenance</html>' }];
  await expect(collect(webSource.crawl({ query: { thread: THREAD }, cursor: {} }, await context(broken)))).rejects.toMatchObject({
    name: 'InvalidInputError',
    code: 'malformed_answer',
  });
});

it('re-checks posts by their own address', async () => {
  const ids = ['discourse:talk.example:501', 'discourse:talk.example:502', 'discourse:talk.example:503', 'discourse:talk.example:504'];
  expect(Object.fromEntries(await webSource.recheck(ids, await context(pages)))).toEqual({
    [ids[0] as string]: 'live',
    [ids[1] as string]: 'missing',
    [ids[2] as string]: 'deleted',
    [ids[3] as string]: 'removed',
  });
});

it.each([
  ['https://f.example/t/some-topic/123/4?x=1', { base: 'https://f.example', id: '123' }],
  ['https://f.example/forum/t/123', { base: 'https://f.example/forum', id: '123' }],
  ['https://f.example/t/some-topic', undefined],
  ['https://f.example/tags/123', undefined],
])('topic of %s', (url, found) => expect(findTopic(url)).toEqual(found));

it('reads presence only from posts', () => {
  expect(presenceUrl('discourse:f.example/forum:9')).toBe('https://f.example/forum/posts/9.json');
  expect(presenceUrl('https://f.example/')).toBeUndefined();
  expect(readPresence(Buffer.from('<html>'))).toBeUndefined();
});

it('takes no quote for the author’s words, and counts a post that is nothing else', async () => {
  const quote = '<aside class="quote" data-username="user1"><div class="title">user1:</div><blockquote><p>Words of 1.</p></blockquote></aside>';
  const posts = [post(501, 1), post(502, 2, { cooked: `${quote}<p>Not for me.</p>` }), post(503, 3, { cooked: quote })];
  const world = [pages[0] as WebPage, { path: '/t/77.json', body: JSON.stringify({ title: 'Focus report', post_stream: { posts, stream: [501, 502, 503] } }) }];
  const crawled = await collect(webSource.crawl({ query: { thread: THREAD }, cursor: {} }, await context(world)));
  expect(crawled.flatMap((page) => page.posts.map((one) => one.text))).toEqual(['Words of 1.', 'Not for me.']);
  expect(crawled.flatMap((page) => page.refusals)).toMatchObject([{ code: 'missing_text', item: 'discourse:talk.example:503' }]);
});
