import { afterEach, describe, expect, it } from 'vitest';
import { startWebStandIn, type WebPage } from '../../../src/demo/standins/web.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';
import { webSource } from '../../../src/sources/web.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const thread = (comments: readonly string[], extra = '') =>
  `<html><head>${extra}<script type="application/ld+json">${JSON.stringify({ '@type': 'DiscussionForumPosting', text: 'root', url: 'https://a.example/thread', comment: comments.map((name) => ({ '@type': 'Comment', text: name, url: `https://a.example/thread#${name}` })) })}</script></head><body><div id="c9"></div></body></html>`;
const pages: WebPage[] = [
  { path: '/robots.txt', body: 'User-agent: *\nDisallow: /private' },
  { path: '/live', body: '<p>x</p>' },
  { path: '/gone', status: 410, body: '' },
  { path: '/legal', status: 451, body: '' },
  { path: '/broken', status: 500, body: '' },
  { path: '/forbidden', status: 403, body: '' },
  { path: '/home', status: 302, headers: { location: '/' }, body: '' },
  { path: '/', body: '<p>front</p>' },
  { path: '/moved', status: 301, headers: { location: '/live' }, body: '' },
  { path: '/thread', body: thread(['c1']) },
  { path: '/paged', body: thread(['c1'], '<link rel="next" href="/paged?2">') },
];

it('tells what is live, gone, missing, and what cannot be known', async () => {
  const server = await startWebStandIn({ sites: [{ host: 'a.example', pages }] });
  const http = createHttpClient({ userAgent: 'Hearsay-Test/1', routes: { 'a.example': server.url }, hostIntervalMs: 0 });
  open.push(server, http);
  const wanted = {
    'https://a.example/live': 'live',
    'https://a.example/missing': 'missing',
    'https://a.example/gone': 'gone',
    'https://a.example/legal': 'missing',
    'https://a.example/broken': 'unknown',
    'https://a.example/forbidden': 'unknown',
    'https://a.example/private/x': 'unknown',
    'https://a.example/home': 'unknown',
    'https://a.example/moved': 'live',
    'https://a.example/thread': 'live',
    'https://a.example/thread#c1': 'live',
    'https://a.example/thread#c2': 'missing',
    'https://a.example/thread#c9': 'live',
    'https://a.example/thread#(.*)+$[': 'missing',
    'https://a.example/paged#c2': 'unknown',
    'https://10.0.0.1/inside': 'unknown',
    'no address': 'unknown',
  };
  expect(Object.fromEntries(await webSource.recheck(Object.keys(wanted), { http, credentials: {}, now: () => new Date() }))).toEqual(wanted);
  expect(server.requests.filter((request) => request.path === '/thread')).toHaveLength(1);
});

it('leaves a host alone that asks for patience', async () => {
  const server = await startWebStandIn(
    { sites: [{ host: 'a.example', pages }] },
    { fault: (request) => (request.path === '/robots.txt' ? undefined : { status: 429 }) },
  );
  const http = createHttpClient({ userAgent: 'Hearsay-Test/1', routes: { 'a.example': server.url }, hostIntervalMs: 0 });
  open.push(server, http);
  const outcomes = await webSource.recheck(['https://a.example/live', 'https://a.example/gone'], { http, credentials: {}, now: () => new Date() });
  expect([...outcomes.values()]).toEqual(['unknown', 'unknown']);
  expect(server.requests).toHaveLength(2);
});

it('stops when it is told to', async () => {
  const server = await startWebStandIn({ sites: [{ host: 'a.example', pages }] });
  const http = createHttpClient({ userAgent: 'Hearsay-Test/1', routes: { 'a.example': server.url }, hostIntervalMs: 0 });
  open.push(server, http);
  await expect(
    webSource.recheck(['https://a.example/live'], { http, credentials: {}, now: () => new Date(), signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: 'aborted' });
});

describe('a site that is down as a whole', () => {
  const front: WebPage = { path: '/', body: '<p>front</p>' };
  const numbered = (count: number): string[] => Array.from({ length: count }, (_, n) => `https://a.example/${n}`);

  async function recheck(sitePages: readonly WebPage[], ids: readonly string[], names: Readonly<Record<string, string>> = {}) {
    const server = await startWebStandIn({ sites: [{ host: 'a.example', pages: sitePages }] });
    const resolveHost = async (host: string): Promise<readonly string[]> => {
      throw Object.assign(new Error(host), { code: names[host] ?? 'ENOTFOUND' });
    };
    const http = createHttpClient({ userAgent: 'Hearsay-Test/1', routes: { 'a.example': server.url }, hostIntervalMs: 0, resolveHost });
    open.push(server, http);
    return Object.fromEntries(await webSource.recheck(ids, { http, credentials: {}, now: () => new Date() }));
  }

  it('is told by its front page when nothing else of it is there', async () => {
    const [one = ''] = numbered(1);
    expect(await recheck([front], [one])).toEqual({ [one]: 'missing' });
    expect(await recheck([], [one])).toEqual({ [one]: 'down' });
    expect(await recheck([{ ...front, status: 503 }], [one])).toEqual({ [one]: 'down' });
    expect(await recheck([{ ...front, status: 403 }], [one])).toEqual({ [one]: 'missing' });
  });

  it('is one that has lost all pages at once, whatever its front page says', async () => {
    expect(new Set(Object.values(await recheck([front], numbered(5))))).toEqual(new Set(['down']));
    const one = { path: '/0', body: '<p>x</p>' };
    expect(Object.values(await recheck([front, one], numbered(5)))).toEqual(['live', 'missing', 'missing', 'missing', 'missing']);
  });

  it('is one without a name, if others can be reached, and one that merely fails says nothing', async () => {
    const lost = ['https://lost.example/1', 'https://lost.example/2'];
    expect(await recheck([front], [...lost, 'https://a.example/'])).toMatchObject({ [lost[0] as string]: 'down', [lost[1] as string]: 'down' });
    expect(new Set(Object.values(await recheck([front], lost)))).toEqual(new Set(['unknown']));
    const failing = await recheck([front], [...lost, 'https://a.example/'], { 'lost.example': 'EAI_AGAIN' });
    expect(failing[lost[0] as string]).toBe('unknown');
  });
});
