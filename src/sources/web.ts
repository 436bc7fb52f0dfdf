/**
 * The web sources. `web`: single pages, or the posts of one forum thread. `feed`: the entries of an RSS, Atom or JSON feed, or the pages they
 * link to. Both go through robots.txt (RFC 9309) and conditional requests (RFC 9110 section 13), and share one fetch queue.
 * Parts in src/sources/web/. Proved by test/unit/sources/web*.test.ts and, against a running stand-in, test/unit/demo/web-stand-in.test.ts.
 */
import { z } from 'zod';
import type { Source, SourceDescription } from './source.ts';
import { crawlFeed } from './web/crawl-feed.ts';
import { crawlPages } from './web/crawl-pages.ts';
import { crawlThread } from './web/crawl-thread.ts';
import { sourceOfHost } from './web/other-platform.ts';
import { normalizePageUrl } from './web/page-url.ts';
import { recheckPages } from './web/recheck-pages.ts';

const MAX_URLS = 500;

const pageUrl = z
  .string()
  .refine((url) => normalizePageUrl(url) !== undefined, 'a whole http or https address')
  .refine((url) => sourceOfHost(url) === undefined, 'this site has a source of its own; use that');

const webQuery = z.union([z.strictObject({ urls: z.array(pageUrl).min(1).max(MAX_URLS) }), z.strictObject({ thread: pageUrl })], {
  error: 'either urls: [addresses] or thread: address',
});
const feedQuery = z.strictObject({ url: pageUrl, follow: z.boolean().default(false) });
export type WebQuery = z.infer<typeof webQuery>;
export type FeedQuery = z.infer<typeof feedQuery>;

const shared = {
  keep: 'Text, title, time, address and a keyed hash of the author, until the page is gone; the response as received, beside it.',
  deletion:
    'Each kept address is asked again: 410 means deleted; 404 and 451 mean removed, and back if it returns. A thread post is removed when its page is there without it.',
  public: 'summary',
  credentials: [],
} as const satisfies Partial<SourceDescription>;

export const webSource: Source<WebQuery> = {
  name: 'web',
  queue: 'web',
  platforms: ['web', 'discourse'],
  description: {
    ...shared,
    collects: 'Single pages (title, author, time, main text), and posts of forum threads that mark them up (JSON-LD, microdata) or run on Discourse.',
    limits: 'HTML and plain text up to 10 MiB; one request per second and host; robots.txt is obeyed; 50 pages or 2,000 posts per thread.',
    caveats:
      'Pages made by scripts in the browser show no text here. What a page says of its author and date is the page’s word. Sites that answer 200 for missing pages hide deletions.',
  },
  querySchema: webQuery,
  crawl({ query, cursor }, context) {
    if ('thread' in query) return crawlThread(query.thread, cursor, context);
    return crawlPages([...new Set(query.urls)], cursor, context);
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
  recheck: recheckPages,
};
