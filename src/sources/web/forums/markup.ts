/**
 * The port of a forum engine's markup: where on its thread pages the posts stand. A new engine is one file and one line in list.ts;
 * test/unit/sources/web-forums.test.ts runs over that list with one fixture each. Structures are those of the engines' own default templates.
 */
import type { CheerioAPI } from 'cheerio';
import type { Absence } from '../../../model/post.ts';

/** What cheerio finds. */
export type Found = ReturnType<CheerioAPI>;

/** Where the page stands, for addresses. */
export interface PageAddress {
  readonly url: string;
  /** By `<base href>`, else the page's own. */
  readonly base: string;
}

export interface ForumMarkup {
  readonly name: string;
  /** Selector of the element of each post, and of what stands in the place of a post that is gone. */
  readonly post: string;
  /** The forum's number of the post; undefined = the element is no post. */
  id(post: Found): string | undefined;
  /** Selector of the post's own words, inside the post. */
  readonly body: string;
  /** Selector of what in the body are not the author's words: quotes of other posts, cards of linked pages. */
  readonly notOwn: string;
  author(post: Found): string | undefined;
  /** As written: ISO, seconds since 1970, or a date in words or numbers. */
  time(post: Found): string | undefined;
  /** An address that stays the post's own when it moves to another page of the thread. */
  address(post: Found, id: string, page: PageAddress): string | undefined;
  /** Set for what stands in the place of a post. */
  absence(post: Found): Absence | undefined;
  /** Selector of the link to the thread's next page, where it has no rel=next. */
  readonly next?: string;
  /** Selector of what shows that the thread has several pages. */
  readonly pages: string;
}

/** The first words a selector finds, in one line. */
export function wordsIn(post: Found, selector: string): string | undefined {
  const words = post.find(selector).first().text().replace(/\s+/g, ' ').trim();
  return words === '' ? undefined : words;
}

export function attributeIn(post: Found, selector: string, name: string): string | undefined {
  const value = post.find(selector).first().attr(name)?.trim();
  return value === '' ? undefined : value;
}

/** The digits of an id such as `post-123` or `p123`. */
export function numberIn(value: string | undefined, form: RegExp): string | undefined {
  return form.exec(value ?? '')?.[1];
}

/** `relative` resolved at `base`; undefined where that is no address. */
export function resolve(relative: string | undefined, base: string): string | undefined {
  return relative !== undefined && URL.canParse(relative, base) ? new URL(relative, base).href : undefined;
}
