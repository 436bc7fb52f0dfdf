/**
 * Steps through pages in order. With `mayReadAhead` the next pages are fetched while those before are still read: one request after the other all the same,
 * so that a site meets no more of them at once. Proved by test/unit/sources/web-read-ahead.test.ts.
 */
import { availableParallelism } from 'node:os';
import { RateLimitedError } from '../../errors.ts';
import type { SourceContext } from '../source.ts';
import { type PageStep, stepThrough, toStep } from './crawl-pages.ts';
import type { PageMemory } from './page-memory.ts';
import { PageReaders } from './page-readers.ts';
import { type Visit, visitPage } from './visit-page.ts';

export interface KnownPage {
  readonly url: string;
  readonly memory: PageMemory | undefined;
}

/** Each holds the code of the parsers and a page's tree; one connection hardly keeps two busy. */
const MAX_THREADS = 2;
/** Pages asked and not yet given: for each thread one in work and one waiting. */
const READ_AHEAD = 4;

export async function* stepInOrder(pages: Iterable<KnownPage>, context: SourceContext): AsyncGenerator<PageStep> {
  if (context.mayReadAhead !== true) for (const { url, memory } of pages) yield await stepThrough(url, memory, context);
  else yield* stepAhead(pages, context);
}

async function* stepAhead(pages: Iterable<KnownPage>, context: SourceContext): AsyncGenerator<PageStep> {
  const stop = new AbortController();
  const signal = context.signal === undefined ? stop.signal : AbortSignal.any([context.signal, stop.signal]);
  const readers = new PageReaders(Math.min(availableParallelism(), MAX_THREADS));
  const steps: Promise<PageStep>[] = [];
  let last: Promise<Visit | undefined> = Promise.resolve(undefined);
  try {
    for (const page of pages) {
      const visit: Promise<Visit> = last.then((before) => (asksForPatience(before) ? before : visitPage(page.url, page.memory, { ...context, signal })));
      const step = visit.then((seen) => toStep(seen, page, (response) => readers.read(response)));
      // Awaited in its turn; until then a failure must not count as an unhandled rejection.
      step.catch(() => undefined);
      steps.push(step);
      last = visit;
      if (steps.length > READ_AHEAD) yield await (steps.shift() as Promise<PageStep>);
    }
    for (let next = steps.shift(); next !== undefined; next = steps.shift()) yield await next;
  } finally {
    // Whoever takes no more of it wants nothing more asked.
    stop.abort();
    await last.catch(() => undefined);
    await readers.close();
  }
}

/** What comes after it is not asked: its answer stands for theirs. */
function asksForPatience(visit: Visit | undefined): visit is Visit {
  return visit?.kind === 'failed' && visit.error instanceof RateLimitedError;
}
