/**
 * Crawl of the pages a sitemap lists: those never asked first, newest first; then those whose lastmod is another one now or says too little, the one
 * asked longest ago first. A run that stops early goes on where it was. Proved by test/unit/sources/web-sitemap.test.ts.
 */
import { type HearsayError, RateLimitedError } from '../../errors.ts';
import type { CrawlCursor, CrawlPage, SourceContext } from '../source.ts';
import type { PageStep } from './crawl-pages.ts';
import { compare, listSitemap } from './list-sitemap.ts';
import { parseMatch } from './match-address.ts';
import type { PageMemory } from './page-memory.ts';
import { type ListedPage, openSitemapMemory, type SitemapMemory } from './sitemap-memory.ts';
import { type KnownPage, stepInOrder } from './step-in-order.ts';
import { isPassing } from './visit-page.ts';

interface SitemapQuery {
  readonly sitemap: string;
  readonly match?: string | undefined;
  /** Pages asked per run; the others wait for the next. */
  readonly max_pages: number;
}

/** So many failures one after the other are the site's state, not the pages'. */
const MAX_FAILURES = 10;

export async function* crawlSitemap(query: SitemapQuery, cursor: CrawlCursor, context: SourceContext): AsyncGenerator<CrawlPage> {
  const wanted = (query.match === undefined ? undefined : parseMatch(query.match)) ?? (() => true);
  const listing = await listSitemap(query.sitemap, wanted, context);
  const memory = openSitemapMemory(cursor, listing, context.now().getTime());
  const due = listing.pages.filter((page) => memory.isDue(page)).sort(inOrder(memory));
  const room = Math.max(query.max_pages - listing.pages.filter((page) => memory.isDone(page)).length, 0);
  const refusals = [...listing.refusals];
  if (due.length > room)
    refusals.push({ code: 'not_fetched', detail: `${due.length - room} pages wait for the next run (max_pages)`, item: query.sitemap.slice(0, 300) });
  yield { captures: [], posts: [], refusals, cursor: memory.toCursor('open') };

  let reached = 0;
  let failures: HearsayError[] = [];
  const asked = due.slice(0, room);
  const pages = asked.values();
  for await (const step of stepInOrder(recallAll(asked, memory), context)) {
    const page = pages.next().value as ListedPage;
    const failure = step.error !== undefined && isPassing(step.error) ? step.error : undefined;
    // A site that asks for patience is left alone; the page was not asked, and the next run goes on with it.
    if (failure instanceof RateLimitedError) {
      if (reached === 0) throw failure;
      yield { captures: [], posts: [], refusals: step.refusals, cursor: memory.toCursor('open') };
      return;
    }
    failures = failure === undefined ? [] : [...failures, failure];
    if (failure === undefined) reached += 1;
    memory.remember(page, { atMs: context.now().getTime(), wasRead: wasRead(step), id: step.memory?.id });
    yield { captures: step.captures, posts: step.posts, refusals: step.refusals, cursor: memory.toCursor('open') };
    if (failure !== undefined && failures.length === MAX_FAILURES) throw failure;
  }
  // Ended also where nothing could be asked, so that the next try asks all again.
  yield { captures: [], posts: [], refusals: [], cursor: memory.toCursor('ended') };
  if (reached === 0 && failures[0] !== undefined) throw failures[0];
}

function inOrder(memory: SitemapMemory): (a: ListedPage, b: ListedPage) => number {
  return (a, b) => {
    const [first, second] = [memory.visitedMs(a.url), memory.visitedMs(b.url)];
    if (first !== undefined || second !== undefined) return (first ?? 0) - (second ?? 0);
    return compare(b.lastmod ?? '', a.lastmod ?? '');
  };
}

function* recallAll(pages: readonly ListedPage[], memory: SitemapMemory): Generator<KnownPage> {
  for (const page of pages) yield { url: page.url, memory: recall(page, memory) };
}

/** A site's clock may be behind: by it the page was visited earlier. What changed in the day before the visit comes once more, and is known. */
const CLOCKS_APART_MS = 24 * 3_600_000;

/** RFC 9110 section 13.1.3 has If-Modified-Since for just this: to visit only what changed since the last visit. What says it has changed is asked in full. */
function recall(page: ListedPage, memory: SitemapMemory): PageMemory | undefined {
  const id = memory.idOf(page.url);
  if (id === undefined) return undefined;
  const visited = memory.isKnown(page) ? memory.visitedMs(page.url) : undefined;
  return { id, ...(visited === undefined ? {} : { modified: new Date(visited - CLOCKS_APART_MS).toUTCString() }) };
}

function wasRead(step: PageStep): boolean {
  return step.error === undefined && step.posts[0]?.absence === undefined && !step.refusals.some((refusal) => refusal.code === 'not_found');
}
