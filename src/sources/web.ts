/**
 * The web sources. `web`: single pages, the pages of a sitemap, or the posts of one forum thread. `feed`: the entries of an RSS, Atom or JSON
 * feed, or the pages they link to. Both go through robots.txt (RFC 9309) and conditional requests (RFC 9110 section 13), and share one fetch queue.
 * Parts in src/sources/web/. Proved by test/unit/sources/web*.test.ts and, against a running stand-in, test/unit/demo/web-stand-in.test.ts.
 */
import { z } from 'zod';
import type { Source, SourceDescription } from './source.ts';
import { crawlFeed } from './web/crawl-feed.ts';
import { crawlPages } from './web/crawl-pages.ts';
import { crawlSitemap } from './web/crawl-sitemap.ts';
import { crawlThread } from './web/crawl-thread.ts';
import { MAX_SITEMAP_PAGES } from './web/list-sitemap.ts';
import { parseMatch } from './web/match-address.ts';
import { sourceOfHost } from './web/other-platform.ts';
import { normalizePageUrl } from './web/page-url.ts';
import { recheckPages } from './web/recheck-pages.ts';

const MAX_URLS = 500;

const pageUrl = z
  .string()
  .refine((url) => normalizePageUrl(url) !== undefined, 'a whole http or https address')
  .refine((url) => sourceOfHost(url) === undefined, 'this site has a source of its own; use that');

const sitemapQuery = z.strictObject({
  sitemap: pageUrl,
  match: z
    .string()
    .min(1)
    .max(500)
    .refine((pattern) => parseMatch(pattern) !== undefined, 'not a regular expression')
    .optional(),
  max_pages: z.number().int().min(1).max(MAX_SITEMAP_PAGES).default(MAX_URLS),
});
const webQuery = z.union([z.strictObject({ urls: z.array(pageUrl).min(1).max(MAX_URLS) }), z.strictObject({ thread: pageUrl }), sitemapQuery], {
  error: 'urls: [addresses], thread: address, or sitemap: address with match and max_pages',
});
const feedQuery = z.strictObject({ url: pageUrl, follow: z.boolean().default(false) });
export type WebQuery = z.infer<typeof webQuery>;
export type FeedQuery = z.infer<typeof feedQuery>;

const shared = {
  keep: 'Text, title, time, address and a keyed hash of the author, until the page is gone; the response as received, beside it.',
  deletion:
    'Each kept address is asked again every week. 404, 451 and a thread page without the post withhold it at once, and erase it when three looks over two weeks found the same; 410 erases at the second look. A site that is down as a whole erases nothing; what is shown again is restored.',
  public: 'summary',
  recheck: {
    everyHours: 7 * 24,
    missing: { looks: 3, days: 14 },
    // The owner's word that it is for good (RFC 9110 section 15.5.11); a second look rules out a slip.
    gone: { looks: 2, days: 0 },
    because: 'no platform sets a time; weekly asks little of small sites',
  },
  credentials: [],
} as const satisfies Partial<SourceDescription>;

export const webSource: Source<WebQuery> = {
  name: 'web',
  queue: 'web',
  platforms: ['web', 'discourse'],
  description: {
    ...shared,
    collects:
      'Single pages and the pages of a sitemap (title, author, time, main text), and posts of forum threads and comments below articles: phpBB, vBulletin, XenForo, bbPress, Discourse, marked up (JSON-LD, microdata), or told by what repeats on the page.',
    limits:
      'HTML and plain text up to 10 MiB; one request per second and host; robots.txt is obeyed; 50 pages or 2,000 posts per thread; 50,000 pages per sitemap.',
    caveats:
      'Pages made by scripts in the browser show no text here. What a page says of its author and date is the page’s word. Sites that answer 200 for missing pages hide deletions.',
  },
  querySchema: webQuery,
  crawl({ query, cursor }, context) {
    if ('thread' in query) return crawlThread(query.thread, cursor, context);
    if ('sitemap' in query) return crawlSitemap(query, cursor, context);
    return crawlPages([...new Set(query.urls)], cursor, context);
  },
  estimate({ query }) {
    if (!('urls' in query)) return { least: 1 };
    const addresses = new Set(query.urls).size;
    return { least: addresses, most: addresses, itemsPerRequest: 1 };
  },
  recheck: recheckPages,
};

export const feedSource: Source<FeedQuery> = {
  name: 'feed',
  queue: 'web',
  platforms: ['web'],
  description: {
    ...shared,
    collects: 'Entries of RSS, Atom and JSON feeds: the feed’s own content, or with follow the linked page when it is on the same site.',
    limits: 'The newest 1,000 entries of a feed; linked pages as in the web source.',
    caveats: 'An entry that has left the feed is not deleted. Many feeds carry only the beginning of a text; use follow for these.',
  },
  querySchema: feedQuery,
  crawl: ({ query, cursor }, context) => crawlFeed(query, cursor, context),
  estimate: ({ query }) => ({ least: 1, ...(query.follow ? {} : { most: 1 }) }),
  recheck: recheckPages,
};
