/** The web source over the site's sitemap, in a process of its own: `crawl-hearsay ORIGIN PAGES`. Client and source are those that ship; pace and budgets are off. */
import { createHttpClient } from '../../src/fetch/client.ts';
import { webSource } from '../../src/sources/web.ts';
import { openTally } from './tally.ts';

const [origin, pages] = process.argv.slice(2) as [string, string];
const http = createHttpClient({ userAgent: 'Hearsay-bench/1.0', hostIntervalMs: 0, allow: [new URL(origin).host] });
const tally = openTally();
const query = webSource.querySchema.parse({ sitemap: `${origin}/sitemap.xml`, max_pages: Number(pages) });
for await (const page of webSource.crawl({ query, cursor: {} }, { http, credentials: {}, now: () => new Date(), mayReadAhead: true })) {
  for (const post of page.posts) tally.add(post.url ?? '', post.title ?? '', post.text);
}
process.stdout.write(`${JSON.stringify(tally.figures())}\n`);
await http.close();
