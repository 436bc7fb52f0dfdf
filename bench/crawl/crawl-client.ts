/**
 * Hearsay's HTTP client and HTML parser alone, over the site's addresses, in a process of its own: `crawl-client ORIGIN PAGES`. Does what Crawlee does as it comes, and no more:
 * fetch, parse with cheerio, take title and text. Robots.txt is obeyed and every address guarded, as in a crawl.
 */
import { createHttpClient } from '../../src/fetch/client.ts';
import { decodeBody } from '../../src/fetch/decode.ts';
import { parseHtml } from '../../src/sources/web/parse-html.ts';
import { describeArticle } from './site.ts';
import { openTally } from './tally.ts';

/** As many connections as the client opens to one host. */
const AT_ONCE = 8;
const [origin, pages] = process.argv.slice(2) as [string, string];
const http = createHttpClient({ userAgent: 'Hearsay-bench/1.0', hostIntervalMs: 0, allow: [new URL(origin).host] });
const tally = openTally();
let next = 0;

async function visit(): Promise<void> {
  while (next < Number(pages)) {
    const url = `${origin}${describeArticle(next++).path}`;
    const response = await http.fetch({ url, obeyRobots: true });
    const parsed = parseHtml(decodeBody(response.body, response.headers['content-type']).text);
    if (parsed !== undefined) tally.add(response.url, parsed.$('title').text(), parsed.$('body').text());
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, visit));
process.stdout.write(`${JSON.stringify(tally.figures())}\n`);
await http.close();
