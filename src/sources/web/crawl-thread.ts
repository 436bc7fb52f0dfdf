/**
 * Crawl of one forum thread, page by page: an engine's markup or structured data of any forum (thread-posts.ts), or Discourse's JSON where the page says
 * that it is Discourse. Proved by test/unit/sources/web.test.ts and web-discourse.test.ts.
 */
import { HearsayError, InvalidInputError } from '../../errors.ts';
import { isGone, requireOk } from '../../fetch/require-ok.ts';
import type { IncomingPost } from '../../model/post.ts';
import { captureOf } from '../capture.ts';
import type { CrawlCursor, CrawlPage, Refusal, SourceContext } from '../source.ts';
import { goneStep } from './crawl-pages.ts';
import { type DiscourseTopic, findTopic, mapDiscoursePost, nativeIdOf, readTopic } from './discourse.ts';
import type { PageReading } from './extract.ts';
import { type PageMemory, readPageMemories, validatorsOf } from './page-memory.ts';
import { readResponse } from './page-post.ts';
import { isSameThread } from './forums/page-marks.ts';
import { isSameHost } from './page-url.ts';
import type { ThreadArticle } from './thread-post.ts';
import { visitPage } from './visit-page.ts';

const MAX_PAGES = 50;
/** Discourse gives at most this many posts per request. */
const LOT = 20;
const MAX_DISCOURSE_POSTS = 2_000;

export async function* crawlThread(start: string, cursor: CrawlCursor, context: SourceContext): AsyncGenerator<CrawlPage> {
  const memories = new Map<string, PageMemory>(Object.entries(readPageMemories(cursor)));
  const visited = new Set<string>();
  let url: string | undefined = start;
  let threadId = memories.get(start)?.id;
  // Addresses of later pages may change with every visit: what is remembered must not grow with them.
  const remember = (): CrawlCursor => ({
    pages: Object.fromEntries([...memories].filter(([page], at) => page === start || at >= memories.size - 2 * MAX_PAGES)),
  });

  while (url !== undefined && visited.size < MAX_PAGES && !visited.has(url)) {
    visited.add(url);
    const memory = memories.get(url);
    const visit = await visitPage(url, memory, context);
    if (visit.kind === 'failed') {
      // A thread whose first page cannot be had has nothing to give; a later page is made up for by the next run.
      if (url === start) throw visit.error;
      yield { captures: [], posts: [], refusals: [visit.refusal], cursor: remember() };
      return;
    }
    if (visit.kind === 'gone') {
      const { posts, refusals } = goneStep(url, url === start ? memory : undefined, visit);
      if (url === start && threadId !== undefined) memories.set(url, { id: threadId });
      yield { captures: [], posts, refusals, cursor: remember() };
      return;
    }
    if (visit.kind === 'unchanged') {
      yield { captures: [], posts: [], refusals: [], cursor: remember() };
      url = memory?.next;
      continue;
    }
    const { response } = visit;
    const read = readResponse(response);
    if ('refusal' in read) {
      yield { captures: [], posts: [], refusals: [read.refusal], cursor: remember() };
      return;
    }
    const topic = read.reading.generator?.startsWith('Discourse') === true ? findTopic(response.url) : undefined;
    if (topic !== undefined) {
      yield* crawlTopic(topic, start, context);
      return;
    }
    const capture = captureOf(response);
    // What the posts answer to is the page itself.
    threadId ??= (read.reading.thread.article === undefined ? read.reading.page.posts[0]?.native_id : undefined) ?? read.reading.canonicalUrl;
    const posts = mapThreadPosts(read.reading, { threadId, isFirstPage: url === start, observedAt: response.fetchedAt, captureDigest: capture.digest });
    const next: string | undefined = leadsOn(read.reading, start) ? read.reading.nextUrl : undefined;
    memories.delete(url);
    // A page without posts may stand in for the thread, as in an outage: it does not say which thread this is.
    const isKnown = memory?.id !== undefined || posts.length > 0;
    memories.set(url, { ...validatorsOf(response), ...(url === start && isKnown ? { id: threadId } : {}), ...(next === undefined ? {} : { next }) });
    const refusals = refuseTextless(read.reading, { url, threadId, isFirstPage: url === start });
    yield { captures: posts.length > 0 ? [capture] : [], posts, refusals, cursor: remember() };
    url = next;
  }
  if (url !== undefined && !visited.has(url))
    yield { captures: [], posts: [], refusals: [refuseRest(start, `pages after the first ${MAX_PAGES} of the thread`)], cursor: remember() };
}

/** What lies beyond a limit is counted, once for each thread. */
function refuseRest(start: string, detail: string): Refusal {
  return { code: 'not_fetched', detail, item: start.slice(0, 300) };
}

function mapThreadPosts(
  reading: PageReading,
  origin: { readonly threadId: string; readonly isFirstPage: boolean; readonly observedAt: string; readonly captureDigest: string },
): IncomingPost[] {
  const gone = reading.thread.gone.map(
    ({ nativeId, absence }): IncomingPost => ({ platform: 'web', nativeId, kind: 'comment', text: '', observedAt: origin.observedAt, absence }),
  );
  const { article } = reading.thread;
  const opening = article === undefined || !origin.isFirstPage ? [] : [mapArticle(reading, article, origin)];
  // The first post that is left may be a reply: the opening one can be gone, with or without a trace, or have no words.
  const isElsewhere = article !== undefined || [...reading.thread.gone, ...reading.thread.textless].some(({ nativeId }) => nativeId === origin.threadId);
  const posts = reading.page.posts.map((post, at): IncomingPost => {
    const isOpening = origin.isFirstPage && at === 0 && !isElsewhere && (post.native_id ?? origin.threadId) === origin.threadId;
    const nativeId = isOpening ? origin.threadId : post.native_id;
    return {
      platform: 'web',
      ...(nativeId === null ? {} : { nativeId }),
      kind: isOpening ? 'submission' : 'comment',
      ...(reading.page.title === null ? {} : { title: reading.page.title }),
      text: post.text,
      url: post.url ?? reading.canonicalUrl,
      threadId: origin.threadId,
      ...(post.author === null ? {} : { author: post.author }),
      ...(post.created_at === null ? {} : { createdAt: post.created_at }),
      observedAt: origin.observedAt,
      captureDigest: origin.captureDigest,
    };
  });
  return [...opening, ...posts, ...gone];
}

/** The page's own post, as it is when it is crawled as a page, unless that text holds comments too: no sentence may count for two people. */
function mapArticle(
  reading: PageReading,
  article: ThreadArticle,
  origin: { readonly threadId: string; readonly observedAt: string; readonly captureDigest: string },
): IncomingPost {
  const { page, canonicalUrl, cites } = reading;
  const isMixed = page.posts.some(({ text }) => page.text.includes(text.split('\n', 1)[0] as string));
  const author = article.author ?? page.byline;
  const createdAt = article.created_at ?? page.published_at;
  return {
    platform: 'web',
    nativeId: origin.threadId,
    kind: 'page',
    ...(page.title === null ? {} : { title: page.title }),
    text: isMixed || page.text === '' ? article.text : page.text,
    url: canonicalUrl,
    threadId: origin.threadId,
    ...(author === null ? {} : { author }),
    ...(createdAt === null ? {} : { createdAt }),
    ...(cites.length === 0 ? {} : { cites }),
    observedAt: origin.observedAt,
    captureDigest: origin.captureDigest,
  };
}

/** Blogs link the next article as their next page. */
function leadsOn({ nextUrl, thread }: PageReading, start: string): boolean {
  return nextUrl !== undefined && isSameHost(nextUrl, start) && (thread.article === undefined || isSameThread(nextUrl, start));
}

/** A page without posts is no thread; a post without words is counted. */
function refuseTextless(reading: PageReading, at: { readonly url: string; readonly threadId: string; readonly isFirstPage: boolean }): Refusal[] {
  const { posts, gone, textless } = reading.thread;
  if (posts.length + gone.length + textless.length === 0)
    return [{ code: 'no_posts_found', detail: 'the page marks up no thread posts that can be read', item: at.url.slice(0, 300) }];
  return (
    textless
      // Later pages name the opening post too, without its words.
      .filter(({ nativeId }) => at.isFirstPage || nativeId !== at.threadId)
      .map(({ nativeId, reason }) => ({ code: 'missing_text', detail: reason, item: (nativeId ?? at.url).slice(0, 300) }))
  );
}

/** Every post of a topic, in lots; unchanged posts come again, and storing them again changes nothing. */
async function* crawlTopic(topic: DiscourseTopic, start: string, context: SourceContext): AsyncGenerator<CrawlPage> {
  const texts = new Map<number, string>();
  let threadId: string | undefined;
  let title: string | undefined;
  let rest: readonly number[] = [];
  let left = 0;
  let address = `${topic.base}/t/${topic.id}.json`;
  let asked = 0;
  for (let lot = 0; ; lot += 1) {
    const response = requireOk(
      await context.http.fetch({
        url: address,
        headers: { accept: 'application/json' },
        obeyRobots: true,
        ...(context.signal === undefined ? {} : { signal: context.signal }),
      }),
      'Discourse topic',
    );
    const reading = isGone(response) ? undefined : readTopic(response.body);
    // Without the ids of all posts, those after the first lot would be missed without a word.
    if (reading === undefined || (lot === 0 && reading.stream === undefined))
      throw new InvalidInputError('malformed_answer', `${new URL(address).host} gives no Discourse topic`);
    const capture = captureOf(response);
    if (lot === 0) {
      title = reading.title;
      const opening = reading.posts.find((post) => post.post_number === 1);
      threadId = opening === undefined ? undefined : nativeIdOf(topic, opening.id);
      const given = new Set(reading.posts.map((post) => post.id));
      const others = (reading.stream ?? []).filter((id) => !given.has(id));
      rest = others.slice(0, MAX_DISCOURSE_POSTS);
      left = others.length - rest.length;
    }
    const posts: IncomingPost[] = [];
    const refusals = [...reading.refusals];
    const missing = asked - reading.posts.length - reading.refusals.length;
    if (missing > 0) refusals.push({ code: 'missing_from_answer', detail: `${missing} of ${asked} posts were not given`, item: start.slice(0, 300) });
    if (lot === 0 && left > 0) refusals.push(refuseRest(start, `${left} posts beyond what is read of one thread`));
    for (const item of reading.posts) {
      try {
        const post = mapDiscoursePost(item, {
          topic,
          title,
          observedAt: response.fetchedAt,
          captureDigest: capture.digest,
          threadId,
          textOf: (number) => texts.get(number),
        });
        if (post === undefined) {
          refusals.push({ code: 'not_a_post', detail: `Discourse post type ${item.post_type}: nobody's telling`, item: nativeIdOf(topic, item.id) });
          continue;
        }
        texts.set(item.post_number, post.text);
        if (post.text === '' && post.absence === undefined)
          refusals.push({ code: 'missing_text', detail: 'the post has no words of its own', item: nativeIdOf(topic, item.id) });
        else posts.push(post);
      } catch (error) {
        if (!(error instanceof HearsayError)) throw error;
        refusals.push({ code: error.code, detail: error.message.slice(0, 120), item: nativeIdOf(topic, item.id) });
      }
    }
    yield { captures: [capture], posts, refusals, cursor: { pages: threadId === undefined ? {} : { [start]: { id: threadId } } } };
    if (rest.length === 0) return;
    address = `${topic.base}/t/${topic.id}/posts.json?${rest
      .slice(0, LOT)
      .map((id) => `post_ids[]=${id}`)
      .join('&')}`;
    asked = Math.min(rest.length, LOT);
    rest = rest.slice(LOT);
  }
}
