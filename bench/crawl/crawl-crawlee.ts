/**
 * Crawlee's CheerioCrawler over the site's addresses, in a process of its own: `crawl-crawlee ORIGIN PAGES HANDLER TUNING FOLDER`.
 * HANDLER: `text` takes title and text with cheerio, `extract` reads each page as Hearsay does. TUNING: `usual` leaves everything as it comes but for the
 * storage on disk; a number is that many at once from the start, with all switched off that costs time and can be (https://crawlee.dev/js/api/cheerio-crawler).
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { CheerioAPI } from 'cheerio';
import { extractPage } from '../../src/sources/web/extract.ts';
import { describeArticle } from './site.ts';
import { openTally } from './tally.ts';

/** As much of the package as is used here: it is installed out of the compiler's reach (install-crawlee.ts). */
interface Crawlee {
  readonly CheerioCrawler: new (options: object, configuration: object) => { run(): Promise<object> };
  readonly Configuration: new (options: object) => object;
  readonly RequestList: { open(name: null, sources: readonly string[]): Promise<object> };
  readonly log: { setLevel(level: number): void; readonly LEVELS: { readonly ERROR: number } };
}
interface Visited {
  readonly request: { readonly loadedUrl: string };
  readonly $: CheerioAPI;
  readonly body: string | Buffer;
}

const [origin, pages, handler, tuning, folder] = process.argv.slice(2) as [string, string, string, string, string];
const { CheerioCrawler, Configuration, RequestList, log } = createRequire(path.join(folder, 'package.json'))('@crawlee/cheerio') as Crawlee;
log.setLevel(log.LEVELS.ERROR);

const fast = {
  minConcurrency: Number(tuning),
  maxConcurrency: Number(tuning),
  useSessionPool: false,
  persistCookiesPerSession: false,
  statisticsOptions: { persistenceOptions: { enable: false } },
  preNavigationHooks: [
    (_: unknown, got: { useHeaderGenerator?: boolean }) => {
      got.useHeaderGenerator = false;
    },
  ],
};
const urls = Array.from({ length: Number(pages) }, (_, number) => `${origin}${describeArticle(number).path}`);
const tally = openTally();
const crawler = new CheerioCrawler(
  {
    requestList: await RequestList.open(null, urls),
    ...(tuning === 'usual' ? {} : fast),
    async requestHandler({ request, $, body }: Visited) {
      if (handler === 'text') return tally.add(request.loadedUrl, $('title').text(), $('body').text());
      const page = extractPage(body.toString(), request.loadedUrl);
      tally.add(request.loadedUrl, page.title ?? '', page.text);
    },
  },
  new Configuration({ persistStorage: false }),
);
await crawler.run();
process.stdout.write(`${JSON.stringify(tally.figures())}\n`);
