/**
 * Threads of engines that are not known, and comments below an article: a repeated block (repeated-posts.ts) whose parts have words of their own.
 * Asked last, because a wrong post is worse than the page as one text. Proved by test/unit/sources/web-generic.test.ts, and by
 * web-generic-traps.test.ts with what must not be taken for a thread.
 */
import type { CheerioAPI } from 'cheerio';
import { normalizePageUrl } from '../page-url.ts';
import { dropRepeats, type ThreadArticle, type ThreadPost, type ThreadReading } from '../thread-post.ts';
import type { PageAddress } from './markup.ts';
import { findMarks, isSameThread, type PageMarks, withoutPage } from './page-marks.ts';
import { readWords } from './post-words.ts';
import { findOpening, findRepeated, isWhole, type RepeatedPost } from './repeated-posts.ts';

const MAX_POSTS = 2_000;
const MAX_NAME_CHARS = 300;
/** Of them with words of their own, links aside. */
const NEARLY_ALL = 2 / 3;
/** Paragraphs above the comments that make an article; fewer are a notice. */
const ARTICLE_CHARS = 200;
const NEXT =
  'link[rel~="next" i], a[rel~="next" i], a.next, .next > a, .nav-next a, .pagination_next, .pagelinks strong ~ a, .current + a, [aria-current="page"] + a, .current + li > a';
const PAGES =
  '[class*="pagin" i] a, [class*="pagenav" i] a, .page-numbers, .pagelinks a, .comment-navigation a, [class*="load-more" i], [class*="show-more" i]';

export interface GenericReading extends ThreadReading {
  readonly nextUrl: string | undefined;
  readonly isPaged: boolean;
}

export function readGeneric($: CheerioAPI, page: PageAddress): GenericReading | undefined {
  const marks = findMarks($, page);
  for (const found of findRepeated(marks)) {
    const opening = findOpening(marks, found);
    const posts = found.filter(({ element }) => opening === undefined || !isInside(element, opening.element));
    const words = readWords(posts.slice(0, MAX_POSTS));
    if (words.filter(({ ownWords }) => ownWords).length < words.length * NEARLY_ALL) continue;
    const article = readOpening(opening) ?? readParagraphs($, marks, posts);
    return {
      ...divide(posts, words, page),
      ...(article === undefined ? {} : { article }),
      nextUrl: findNext($, page),
      isPaged: $(PAGES).length > 0,
    };
  }
  return undefined;
}

function divide(posts: readonly RepeatedPost[], words: readonly { readonly text: string }[], page: PageAddress): ThreadReading {
  const found: ThreadPost[] = [];
  const textless: ThreadReading['textless'][number][] = [];
  posts.forEach((post, at) => {
    const address = addressOf(post, page);
    const text = words[at]?.text ?? '';
    if (at >= MAX_POSTS) textless.push({ nativeId: address, reason: `a post beyond the first ${MAX_POSTS} of a page` });
    else if (text === '') textless.push({ nativeId: address, reason: 'the post has no words of its own' });
    else if (post.author === undefined && post.time === undefined)
      textless.push({ nativeId: address, reason: 'a block without author and time among the posts' });
    else found.push({ native_id: address, author: nameOf(post), created_at: post.time?.value || null, text, url: address });
  });
  return { posts: dropRepeats(found), gone: [], textless };
}

function nameOf({ author }: RepeatedPost): string | null {
  return author?.value.slice(0, MAX_NAME_CHARS) ?? null;
}

/** An id of the page's own is an address without the number of the page it stands on now, where the id is known to be the site's. */
function addressOf({ place }: RepeatedPost, page: PageAddress): string | null {
  if (place === undefined) return null;
  const url = new URL(place.value, page.base);
  if (/^#(?:li-)?(?:comment|post)-\d+$/.test(url.hash)) {
    const path = withoutPage(url.pathname);
    if (path !== url.pathname.replace(/(?<=.)\/$/, '')) url.pathname = `${path.replace(/\/$/, '')}/`;
  }
  return normalizePageUrl(url.href, { keepFragment: true }) ?? null;
}

/** Neighbouring articles are linked as "next" too; only this thread's pages count. */
function findNext($: CheerioAPI, { url, base }: PageAddress): string | undefined {
  return $(NEXT)
    .toArray()
    .flatMap((link) => normalizePageUrl(link.attribs['href'] ?? '', { base }) ?? [])
    .find((address) => isSameThread(address, url) && address !== normalizePageUrl(url));
}

function isInside(element: RepeatedPost['element'], block: RepeatedPost['element']): boolean {
  for (let up: typeof element.parent = element; up !== null; up = up.parent) if (up === block) return true;
  return false;
}

/** What the posts answer to, in a block of its own. */
function readOpening(opening: RepeatedPost | undefined): ThreadArticle | undefined {
  const [words] = opening === undefined ? [] : readWords([opening]);
  if (opening === undefined || words?.ownWords !== true) return undefined;
  return { text: words.text, author: nameOf(opening), created_at: opening.time?.value || null };
}

function readParagraphs($: CheerioAPI, marks: PageMarks, posts: readonly RepeatedPost[]): ThreadArticle | undefined {
  const first = posts.find(isWhole)?.element;
  const end = first === undefined ? 0 : (marks.order.get(first) ?? 0);
  const paragraphs = $('p')
    .not('nav p, aside p, header p, footer p, form p')
    .toArray()
    .filter((element) => (marks.order.get(element) ?? end) < end)
    .map((element) => $(element).text().replace(/\s+/g, ' ').trim());
  const text = paragraphs.filter(Boolean).join('\n\n');
  return text.length < ARTICLE_CHARS ? undefined : { text, author: null, created_at: null };
}
