/** Everything a server answers to somebody who follows every link of it, pages and API alike. */
import { load } from 'cheerio';

export interface Answer {
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly body: string;
  /** What a reader sees of a page; of anything else, the body. */
  readonly text: string;
}

/** Addresses that no page links to. */
const API = [
  'sources',
  'claims',
  'claims?state=pending',
  'links',
  'drops',
  'related',
  'counts',
  'checkpoint',
  'export',
  'sources?state=superseded',
  'proofs/inclusion?seq=0',
  'proofs/consistency?from=1',
];
const LOG = ['checkpoint', 'headers/000.p/1', 'tile/entries/000.p/1', 'tile/0/000.p/1'];

export async function* fetchEverything(base: string, slugs: readonly string[]): AsyncGenerator<Answer> {
  const queue = [
    '/',
    '/openapi.json',
    '/api/topics',
    ...slugs.flatMap((slug) => [`/api/topics/${slug}`, ...API.map((path) => `/api/topics/${slug}/${path}`), ...LOG.map((path) => `/log/${slug}/${path}`)]),
  ];
  const seen = new Set(queue);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const response = await get(new URL(path, base));
    const type = response.headers.get('content-type') ?? '';
    const body = await response.text();
    const next: string[] = [];
    let text = body;
    if (type.includes('text/html')) {
      const $ = load(body);
      text = $('html').text();
      for (const link of $('a[href]').toArray()) next.push($(link).attr('href') ?? '');
    } else if (type.includes('application/json') && path.startsWith('/api/')) {
      const { next: cursor } = JSON.parse(body) as { next?: number };
      if (cursor !== undefined) next.push(withCursor(path, cursor));
    }
    yield { path, status: response.status, type, body, text };
    for (const href of next) {
      const url = new URL(href, new URL(path, base));
      const local = `${url.pathname}${url.search}`;
      if (url.origin !== new URL(base).origin || seen.has(local)) continue;
      seen.add(local);
      queue.push(local);
    }
  }
}

/** A kept connection may be closed by the server just as it is used again: what is safe to ask is asked once more (RFC 9110 section 9.2.2). */
function get(url: URL): Promise<Response> {
  return fetch(url).catch((error: { cause?: { code?: string } }) => {
    if (error.cause?.code !== 'ECONNRESET') throw error;
    return fetch(url);
  });
}

function withCursor(path: string, cursor: number): string {
  const url = new URL(path, 'http://local.example');
  url.searchParams.set('cursor', String(cursor));
  return `${url.pathname}${url.search}`;
}
