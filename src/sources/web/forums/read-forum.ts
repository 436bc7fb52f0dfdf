/**
 * The posts of a thread page by its engine's markup (list.ts), else by what repeats on it (generic.ts). Quotes are taken out of a post's text: what
 * somebody quotes is not what they report. Proved by test/unit/sources/web-forums.test.ts.
 */
import type { CheerioAPI } from 'cheerio';
import { htmlToText } from '../html-text.ts';
import { isSameHost, normalizePageUrl } from '../page-url.ts';
import { dropRepeats, type ThreadPost, type ThreadReading } from '../thread-post.ts';
import { readGeneric } from './generic.ts';
import { forumMarkups } from './list.ts';
import type { ForumMarkup, Found, PageAddress } from './markup.ts';
import { readForumTimes } from './read-forum-times.ts';

export interface ForumReading extends ThreadReading {
  /** Address of the thread's next page, absolute. */
  readonly nextUrl: string | undefined;
  readonly isPaged: boolean;
  /** By a block that repeats (generic.ts), not by the markup of an engine. */
  readonly isGuess?: true;
}

const MAX_POSTS = 2_000;
const MAX_TEXT_CHARS = 200_000;
const MAX_NAME_CHARS = 300;

/** Undefined for a page that shows no posts. */
export function readForum($: CheerioAPI, url: string): ForumReading | undefined {
  const page: PageAddress = { url, base: baseOf($, url) };
  for (const markup of forumMarkups) {
    const items = findPosts($, markup).flatMap((post) => readItem(post, markup, page) ?? []);
    // A class or an id alone may be anybody's; a post with a body is the engine's.
    if (!items.some((item) => item.hasBody)) continue;
    const times = readForumTimes(items.map((item) => item.time));
    const next = $([`link[rel~="next" i]`, `a[rel~="next" i]`, ...(markup.next === undefined ? [] : [markup.next])].join(', '))
      .first()
      .attr('href');
    return {
      ...divide(items, times),
      nextUrl: next === undefined ? undefined : addressOf(next, page.base),
      isPaged: $(markup.pages).length > 0,
    };
  }
  const generic = readGeneric($, page);
  return generic === undefined ? undefined : { ...generic, isGuess: true };
}

/** No engine puts a post into a post; a page that does would have the same words read once per level. */
function findPosts($: CheerioAPI, markup: ForumMarkup): readonly Found[] {
  const elements = $(markup.post)
    .toArray()
    .filter((element) => markup.id($(element)) !== undefined)
    .slice(0, MAX_POSTS);
  const all: ReadonlySet<unknown> = new Set(elements);
  const isInside = (element: { readonly parent: unknown }): boolean => {
    for (let up = element.parent as typeof element | null; up !== null && up !== undefined; up = up.parent as typeof element | null)
      if (all.has(up)) return true;
    return false;
  };
  return elements.filter((element) => !isInside(element)).map((element) => $(element));
}

/** `<base href>` where it names the page's own host. */
export function baseOf($: CheerioAPI, url: string): string {
  const said = $('base[href]').first().attr('href');
  const base = said !== undefined && URL.canParse(said, url) ? new URL(said, url).href : url;
  return isSameHost(base, url) ? base : url;
}

interface Item {
  readonly address: string | undefined;
  readonly author: string | undefined;
  readonly time: string | undefined;
  readonly absence: ReturnType<ForumMarkup['absence']>;
  readonly hasBody: boolean;
  readonly text: string;
}

function readItem(post: Found, markup: ForumMarkup, page: PageAddress): Item | undefined {
  const id = markup.id(post);
  if (id === undefined) return undefined;
  const body = post.find(markup.body).first();
  const own = body.clone();
  own.find(markup.notOwn).remove();
  const address = markup.address(post, id, page);
  return {
    address: address === undefined ? undefined : addressOf(address, page.base),
    author: markup.author(post)?.trim().slice(0, MAX_NAME_CHARS),
    time: markup.time(post),
    absence: markup.absence(post),
    hasBody: body.length > 0,
    text: htmlToText((own.html() ?? '').slice(0, MAX_TEXT_CHARS)),
  };
}

function divide(items: readonly Item[], times: readonly (string | undefined)[]): ThreadReading {
  const posts: ThreadPost[] = [];
  const gone: ThreadReading['gone'][number][] = [];
  const textless: ThreadReading['textless'][number][] = [];
  items.forEach((item, at) => {
    const nativeId = item.address ?? null;
    if (item.absence !== undefined && nativeId !== null) gone.push({ nativeId, absence: item.absence });
    else if (item.absence !== undefined) textless.push({ nativeId, reason: 'a post that is gone, without an address' });
    else if (item.text === '') textless.push({ nativeId, reason: item.hasBody ? 'the post has no words of its own' : 'the post has no body that can be read' });
    else posts.push({ native_id: nativeId, author: item.author || null, created_at: times[at] ?? null, text: item.text, url: nativeId });
  });
  return { posts: dropRepeats(posts), gone, textless };
}

/** Session ids and search words in a forum's links say who asks, not what is asked for. */
const VISIT = /^(?:sid|s|phpsessid|highlight|hilit)$/i;
const SESSION = /^[\da-f]{32}$/i;

function addressOf(link: string, base: string): string | undefined {
  const address = normalizePageUrl(link, { base, keepFragment: true });
  if (address === undefined) return undefined;
  const url = new URL(address);
  const names = [...url.searchParams].filter(([name, value]) => VISIT.test(name) && (SESSION.test(value) || /^hi/i.test(name))).map(([name]) => name);
  for (const name of names) url.searchParams.delete(name);
  return url.href;
}
