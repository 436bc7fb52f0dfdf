/**
 * Crawl of one feed: each entry a post, from the feed's own content or, with `follow`, from the linked page of the same site.
 * The feed's validators are remembered only once all its entries have been seen: a run that stops early (budget, crash)
 * finds the rest again. Proved by test/unit/sources/web-feed.test.ts.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { HearsayError, InvalidInputError, RateLimitedError } from '../../errors.ts';
import { decodeBody } from '../../fetch/decode.ts';
import type { IncomingPost } from '../../model/post.ts';
import { findCitedRecords } from '../../normalize/cited-records.ts';
import { captureOf } from '../capture.ts';
import type { Capture, CrawlCursor, CrawlPage, Refusal, SourceContext } from '../source.ts';
import { stepThrough } from './crawl-pages.ts';
import { textOrHtmlToText } from './html-text.ts';
import { feedWindow } from './feed-window.ts';
import { sourceOfHost } from './other-platform.ts';
import { isSameSite } from './page-url.ts';
import { type PageMemory, pageMemorySchema, validatorsOf } from './page-memory.ts';
import { type FeedEntry, MAX_ENTRIES, readFeed } from './read-feed.ts';
import { visitPage } from './visit-page.ts';

const MAX_REMEMBERED = 1_000;

const cursorSchema = z.object({
  feed: pageMemorySchema.optional().catch(undefined),
  /**
   * Native id and digest of each entry as followed last, least recently seen first. A list, because the database keeps no order of an
   * object's keys (jsonb sorts them), and the oldest are the ones to forget.
   */
  followed: z
    .array(z.tuple([z.string(), z.string()]))
    .optional()
    .catch(undefined),
});

export async function* crawlFeed(
  query: { readonly url: string; readonly follow: boolean },
  cursor: CrawlCursor,
  context: SourceContext,
): AsyncGenerator<CrawlPage> {
  const known = cursorSchema.safeParse(cursor).data ?? {};
  const before = known.feed ?? {};
  const visit = await visitPage(query.url, before, context);
  if (visit.kind === 'failed') throw visit.error;
  if (visit.kind === 'gone') throw new InvalidInputError('not_found', `no feed at ${query.url.slice(0, 200)}`);
  if (visit.kind === 'unchanged') {
    yield { captures: [], posts: [], refusals: [], cursor, ended: 'end' };
    return;
  }
  const { response } = visit;
  const found = readFeed(decodeBody(response.body, response.headers['content-type']).text, response.url);
  const entries = found.slice(0, MAX_ENTRIES);
  const beyond: Refusal[] =
    found.length > entries.length ? [{ code: 'not_fetched', detail: `entries after the first ${MAX_ENTRIES} of the feed`, item: query.url.slice(0, 300) }] : [];
  const capture = captureOf(response);
  const origin = { observedAt: response.fetchedAt, captureDigest: capture.digest };
  const validators = validatorsOf(response);

  if (!query.follow) {
    const made = entries.map((entry) => mapEntry(entry, origin));
    const { posts, refusals } = divide(made);
    yield { captures: [capture], posts, refusals: [...refusals, ...beyond], cursor: { feed: validators }, ...feedWindow(entries) };
    return;
  }

  const followed = new Map(known.followed ?? []);
  const window = feedWindow(entries, ({ nativeId }) => nativeId !== undefined && followed.has(nativeId));
  const resting = new Set<string>();
  const remember = (feed: PageMemory): CrawlCursor => ({ feed, followed: [...followed].slice(-MAX_REMEMBERED) });
  yield { captures: [capture], posts: [], refusals: [], cursor: remember(before) };
  let missed = 0;
  for (const entry of entries) {
    const key = entry.nativeId;
    const digest = digestEntry(entry);
    if (key !== undefined && followed.get(key) === digest) {
      // Still in the feed, so not one to forget.
      followed.delete(key);
      followed.set(key, digest);
      continue;
    }
    const result = await followEntry(entry, { feedUrl: response.url, capture, origin, resting }, context);
    if (result.passing) missed += 1;
    else if (key !== undefined) {
      followed.delete(key);
      followed.set(key, digest);
    }
    yield { captures: result.captures, posts: result.posts, refusals: result.refusals, cursor: remember(before) };
  }
  // Entries whose page could not be had today are tried again, so the feed must be read in full next time.
  yield { captures: [], posts: [], refusals: beyond, cursor: remember(missed === 0 ? validators : {}), ...window };
}

interface Origin {
  readonly observedAt: string;
  readonly captureDigest: string;
}
type Made = { readonly post: IncomingPost } | { readonly refusal: Refusal };

/** The linked page where it may be read, else what the feed itself says. */
async function followEntry(
  entry: FeedEntry,
  feed: { readonly feedUrl: string; readonly capture: Capture; readonly origin: Origin; readonly resting: Set<string> },
  context: SourceContext,
): Promise<Omit<CrawlPage, 'cursor'> & { readonly passing: boolean }> {
  const own = mapEntry(entry, feed.origin);
  if (entry.url === undefined || !isSameSite(entry.url, feed.feedUrl) || sourceOfHost(entry.url) !== undefined)
    return { captures: [feed.capture], ...divide([own]), passing: false };
  const { host } = new URL(entry.url);
  if (feed.resting.has(host)) return { captures: [], posts: [], refusals: [], passing: true };
  const step = await stepThrough(entry.url, undefined, context);
  if (step.error instanceof RateLimitedError) feed.resting.add(host);
  const post = step.posts[0];
  if (post === undefined) {
    const passing = step.error !== undefined && !(step.error instanceof InvalidInputError);
    const { posts } = divide([own]);
    return { captures: passing ? [] : [feed.capture], posts: passing ? [] : posts, refusals: step.refusals, passing };
  }
  // The feed knows what a page may not say.
  const title = post.title ?? entry.title;
  const author = post.author ?? entry.author;
  const createdAt = post.createdAt ?? entry.publishedAt;
  const whole = {
    ...post,
    ...(title === undefined ? {} : { title }),
    ...(author === undefined ? {} : { author }),
    ...(createdAt === undefined ? {} : { createdAt }),
  };
  return { captures: step.captures, posts: [whole], refusals: step.refusals, passing: false };
}

function mapEntry(entry: FeedEntry, origin: Origin): Made {
  const item = (entry.nativeId ?? entry.title ?? '').slice(0, 300);
  const owner = entry.url === undefined ? undefined : sourceOfHost(entry.url);
  if (owner !== undefined) return { refusal: { code: 'other_platform', detail: `an item of ${owner}, which has its own source`, item } };
  let text: string;
  try {
    text = textOrHtmlToText(entry.content);
  } catch (error) {
    if (!(error instanceof HearsayError)) throw error;
    return { refusal: { code: error.code, detail: error.message.slice(0, 120), item } };
  }
  if (text === '') return { refusal: { code: 'missing_text', detail: 'the entry has no content', item } };
  const cites = findCitedRecords(entry.content);
  return {
    post: {
      platform: 'web',
      ...(entry.nativeId === undefined ? {} : { nativeId: entry.nativeId }),
      kind: 'page',
      ...(entry.title === undefined ? {} : { title: entry.title }),
      text,
      ...(entry.url === undefined ? {} : { url: entry.url }),
      ...(entry.author === undefined ? {} : { author: entry.author }),
      ...(entry.publishedAt === undefined ? {} : { createdAt: entry.publishedAt }),
      ...(cites.length === 0 ? {} : { cites }),
      ...origin,
    },
  };
}

function divide(made: readonly Made[]): { readonly posts: readonly IncomingPost[]; readonly refusals: readonly Refusal[] } {
  return { posts: made.flatMap((one) => ('post' in one ? [one.post] : [])), refusals: made.flatMap((one) => ('refusal' in one ? [one.refusal] : [])) };
}

function digestEntry(entry: FeedEntry): string {
  return createHash('sha256')
    .update(JSON.stringify([entry.url, entry.title, entry.content, entry.publishedAt]))
    .digest('hex')
    .slice(0, 16);
}
