/** What a crawl under measurement says of itself: its cost, and what it saw, which bench/crawl.ts compares with what the site holds. */
import { createHash } from 'node:crypto';
import { describeArticle } from './site.ts';

export interface CrawlFigures {
  readonly seconds: number;
  /** Of all threads of the process, its start included. */
  readonly cpuSeconds: number;
  /** Resident, the whole process. */
  readonly peakMb: number;
  readonly saw: Seen;
}

export interface Seen {
  readonly pages: number;
  /** Pages whose text holds the sentence that no other page has. */
  readonly marked: number;
  /** Over the sorted pairs of path and title. */
  readonly titles: string;
}

export interface Tally {
  add(url: string, title: string, text: string): void;
  /** Since the tally was opened. */
  figures(): CrawlFigures;
}

export function openTally(): Tally {
  const seen = new Map<string, { readonly title: string; readonly isMarked: boolean }>();
  const began = performance.now();
  return {
    add(url, title, text) {
      const path = new URL(url).pathname;
      const number = Number(/^\/articles\/(\d+)\.html$/.exec(path)?.[1] ?? -1);
      // Only the digest's input is kept: the crawler's memory is what is measured.
      if (number >= 0) seen.set(path, { title: digest(title), isMarked: text.includes(describeArticle(number).mark) });
    },
    figures() {
      const seconds = (performance.now() - began) / 1000;
      const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
      const saw = summarize([...seen].map(([path, page]) => ({ path, ...page })));
      return { seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024, saw };
    },
  };
}

/** What a crawler of the whole site has to have seen. */
export function expectAll(pages: number): Seen {
  return summarize(
    Array.from({ length: pages }, (_, number) => ({
      path: describeArticle(number).path,
      title: digest(describeArticle(number).title),
      isMarked: true,
    })),
  );
}

function summarize(pages: readonly { readonly path: string; readonly title: string; readonly isMarked: boolean }[]): Seen {
  const lines = pages.map(({ path, title }) => `${path}\t${title}\n`).sort();
  return { pages: pages.length, marked: pages.filter(({ isMarked }) => isMarked).length, titles: digest(lines.join('')) };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
