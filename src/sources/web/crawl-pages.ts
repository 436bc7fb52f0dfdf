/** Crawl of single pages: each address is visited once per run; what one does never ends the others. Proved by test/unit/sources/web.test.ts. */
import { type HearsayError, RateLimitedError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import type { Absence, IncomingPost } from '../../model/post.ts';
import { captureOf } from '../capture.ts';
import type { Capture, CrawlCursor, CrawlPage, Refusal, SourceContext } from '../source.ts';
import { type PageMemory, readPageMemories, validatorsOf } from './page-memory.ts';
import { readResponse, type ReadResult, toPagePost } from './page-post.ts';
import { isPassing, type Visit, visitPage } from './visit-page.ts';

/** What one visit gives, and what is remembered of the page. */
export interface PageStep {
  readonly captures: readonly Capture[];
  readonly posts: readonly IncomingPost[];
  readonly refusals: readonly Refusal[];
  readonly memory: PageMemory | undefined;
  /** Set when the page could not be asked. */
  readonly error?: HearsayError;
}

const NOTHING = { captures: [], posts: [], refusals: [] } as const;

export async function* crawlPages(urls: readonly string[], cursor: CrawlCursor, context: SourceContext): AsyncGenerator<CrawlPage> {
  const pages = readPageMemories(cursor);
  // Addresses gone from the topic file are forgotten.
  const memories = new Map(urls.flatMap((url) => (pages[url] === undefined ? [] : [[url, pages[url]] as const])));
  const resting = new Set<string>();
  let reached = 0;
  let passing: HearsayError | undefined;
  for (const url of urls) {
    const { host } = new URL(url);
    const step = resting.has(host) ? restStep(url, memories.get(url)) : await stepThrough(url, memories.get(url), context);
    if (step.memory !== undefined) memories.set(url, step.memory);
    if (step.error === undefined || !isPassing(step.error)) reached += 1;
    else passing = step.error;
    // A host that asked for patience is left alone until the next run.
    if (step.error instanceof RateLimitedError) resting.add(host);
    yield { captures: step.captures, posts: step.posts, refusals: step.refusals, cursor: { pages: Object.fromEntries(memories) } };
  }
  // Nothing could be asked: that is this machine's or the site's trouble, and worth another try soon.
  if (reached === 0 && passing !== undefined) throw passing;
}

/** Visits a page and reads it as one post. */
export async function stepThrough(url: string, memory: PageMemory | undefined, context: SourceContext): Promise<PageStep> {
  return toStep(await visitPage(url, memory, context), { url, memory }, readResponse);
}

/** What a visit gives; `read` may take its time. */
export async function toStep(
  visit: Visit,
  { url, memory }: { readonly url: string; readonly memory: PageMemory | undefined },
  read: (response: HttpResponse) => ReadResult | Promise<ReadResult>,
): Promise<PageStep> {
  if (visit.kind === 'unchanged') return { ...NOTHING, memory };
  if (visit.kind === 'failed') return { ...NOTHING, refusals: [visit.refusal], memory, error: visit.error };
  if (visit.kind === 'gone') return goneStep(url, memory, visit);
  const { response } = visit;
  const capture = captureOf(response);
  const result = await read(response);
  const made = 'refusal' in result ? result : toPagePost(result.reading, { at: response.fetchedAt, captureDigest: capture.digest });
  if ('refusal' in made) return { ...NOTHING, refusals: [made.refusal], memory };
  // Once known, an address keeps its identity: a site that changes its canonical links would double every page.
  const id = memory?.id ?? (made.post.nativeId as string);
  return { captures: [capture], posts: [{ ...made.post, nativeId: id }], refusals: [], memory: { ...validatorsOf(response), id } };
}

/** Gone is news only for a page that was seen before; else the address was wrong. */
export function goneStep(url: string, memory: PageMemory | undefined, gone: { readonly at: string; readonly absence: Absence }): PageStep {
  if (memory?.id === undefined)
    return { ...NOTHING, refusals: [{ code: 'not_found', detail: 'the site answers that there is no such page', item: url.slice(0, 300) }], memory };
  // The id is kept, so that a page that comes back is known; the validators are not, so that it is read in full.
  return { ...NOTHING, posts: [absentPost(memory.id, gone)], memory: { id: memory.id } };
}

function absentPost(id: string, { at, absence }: { readonly at: string; readonly absence: Absence }): IncomingPost {
  return { platform: id.startsWith('discourse:') ? 'discourse' : 'web', nativeId: id, kind: 'page', text: '', observedAt: at, absence };
}

function restStep(url: string, memory: PageMemory | undefined): PageStep {
  return { ...NOTHING, refusals: [{ code: 'rate_limited', detail: 'its site asked for patience earlier in this run', item: url.slice(0, 300) }], memory };
}
