/** Sites of the simulated hour: single pages, a thread, a sitemap and two feeds. */
import { startWebStandIn, type WebPage } from '../../../src/demo/standins/web.ts';
import { isoOf, isThere, type Item, makeItems, textAt } from './item.ts';
import type { Random } from './random.ts';
import { START_MS } from './virtual-clock.ts';
import { running, type SimulatedWorld } from './world.ts';

/** A page with one text. */
function pageOf(item: Item, minute: number): string {
  return `<!doctype html><html lang="en"><head><title>Diary</title></head><body><main><p>${textAt(item, minute)}</p></main></body></html>`;
}

const pathOf = (n: number): string => `/days/${n}`;
const addressOn = (host: string) => (n: number) => `https://${host}${pathOf(n)}`;

interface Site {
  readonly host: string;
  readonly source: 'web' | 'feed';
  readonly query: object;
  readonly items: readonly Item[];
  /** `skewMs`: by which the site's clock is ahead. */
  readonly pages: (minute: number, skewMs: number) => readonly WebPage[];
}

function siteWorld({ host, source, query, items, pages }: Site): SimulatedWorld {
  return {
    platform: 'web',
    communities: [{ source, query }],
    items,
    async start(_clock, skewOf) {
      const render = (minute: number) => ({ sites: [{ host, pages: pages(minute, skewOf(host)) }] });
      return running(await startWebStandIn(render(0)), render);
    },
  };
}

const there = (items: readonly Item[], minute: number): readonly Item[] => items.filter((item) => isThere(item, minute));

/** One of them goes, and comes back. */
export function singlePages(random: Random): SimulatedWorld {
  const host = 'pages.example';
  const made = makeItems(random, { kept: 8, fresh: 3, idOf: addressOn(host), edited: 0.4 });
  const items = made.map((item) => (item.n === 2 ? { ...item, edits: [], gone: 12, back: 33 } : item));
  return siteWorld({
    host,
    source: 'web',
    query: { urls: items.map(({ nativeId }) => nativeId) },
    items,
    pages: (minute) => there(items, minute).map((item) => ({ path: pathOf(item.n), body: pageOf(item, minute) })),
  });
}

const PER_PAGE = 4;

/** Structured data, four posts a page. */
export function thread(random: Random): SimulatedWorld {
  const host = 'talk.example';
  const items = makeItems(random, { kept: 9, fresh: 8, idOf: (n) => `https://${host}/t/1#post-${n}`, edited: 0.3 });
  const posting = (item: Item, minute: number): object => ({
    '@context': 'https://schema.org',
    '@type': 'DiscussionForumPosting',
    '@id': item.nativeId,
    text: textAt(item, minute),
    datePublished: isoOf(item.writtenMs),
    author: { '@type': 'Person', name: `member ${item.n}` },
  });
  return siteWorld({
    host,
    source: 'web',
    query: { thread: `https://${host}/t/1` },
    items,
    pages(minute) {
      const shown = there(items, minute);
      const count = Math.ceil(shown.length / PER_PAGE);
      return Array.from({ length: count }, (_, at) => {
        const posts = shown.slice(at * PER_PAGE, (at + 1) * PER_PAGE).map((item) => posting(item, minute));
        const next = at + 1 < count ? `<link rel="next" href="/t/1?page=${at + 2}">` : '';
        return {
          path: at === 0 ? '/t/1' : `/t/1?page=${at + 1}`,
          body: `<!doctype html><html lang="en"><head><title>Examplide thread</title>${next}<script type="application/ld+json">${JSON.stringify(posts)}</script></head><body></body></html>`,
        };
      });
    },
  });
}

/** Every other page is listed without a date, and only its own Last-Modified tells of a change. */
export function sitemap(random: Random): SimulatedWorld {
  const host = 'map.example';
  const items = makeItems(random, { kept: 18, fresh: 6, idOf: addressOn(host), edited: 0.4 });
  const changedMs = (item: Item, minute: number): number => {
    const last = item.edits.filter((edit) => edit <= minute).at(-1);
    return last === undefined ? item.writtenMs : START_MS + last * 60_000;
  };
  return siteWorld({
    host,
    source: 'web',
    query: { sitemap: `https://${host}/sitemap.xml` },
    items,
    pages(minute, skewMs) {
      const shown = there(items, minute).map((item) => ({ item, modified: isoOf(changedMs(item, minute) + skewMs) }));
      const listed = shown.map(({ item, modified }) => `<url><loc>${item.nativeId}</loc>${item.n % 2 === 0 ? '' : `<lastmod>${modified}</lastmod>`}</url>`);
      return [
        { path: '/sitemap.xml', body: `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${listed.join('')}</urlset>` },
        ...shown.map(({ item, modified }) => ({ path: pathOf(item.n), modified, body: pageOf(item, minute) })),
      ];
    },
  });
}

/** `follow`: its entries lead to their pages, and say the beginning only. */
export function feed(random: Random, { host, follow }: { readonly host: string; readonly follow: boolean }): SimulatedWorld {
  const items = makeItems(random, { kept: 9, fresh: 7, idOf: addressOn(host), edited: 0.3 });
  return siteWorld({
    host,
    source: 'feed',
    query: { url: `https://${host}/feed.xml`, follow },
    items,
    pages(minute) {
      const shown = [...there(items, minute)].reverse();
      const entries = shown.map((item) => {
        const said = follow ? `Version ${textAt(item, minute).split('version ')[1]}` : textAt(item, minute);
        return `<item><title>Day ${item.n}</title><link>${item.nativeId}</link><pubDate>${new Date(item.writtenMs).toUTCString()}</pubDate><description>${said}</description></item>`;
      });
      const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>Days</title><link>https://${host}/</link><description>-</description>${entries.join('')}</channel></rss>`;
      return [{ path: '/feed.xml', body }, ...(follow ? shown.map((item) => ({ path: pathOf(item.n), body: pageOf(item, minute) })) : [])];
    },
  });
}
