/**
 * What on a page may belong to a post of an engine that is not known: names of people, times, and addresses of parts of the page. One pass over the
 * tree, and no text longer than a line is looked at, so that nesting costs nothing. Proved by test/unit/sources/web-generic.test.ts.
 */
import type { CheerioAPI } from 'cheerio';
import { isSameHost } from '../page-url.ts';
import type { PageAddress } from './markup.ts';
import { readForumTimes } from './read-forum-times.ts';

const elementsOf = ($: CheerioAPI) => $('body *').toArray();
export type PageElement = ReturnType<typeof elementsOf>[number];
export type PageNode = PageElement['children'][number];

export interface Mark {
  readonly element: PageElement;
  readonly value: string;
}

export interface PageMarks {
  /** In page order. */
  readonly order: ReadonlyMap<PageElement, number>;
  /** Names that the markup calls an author's. */
  readonly authors: readonly Mark[];
  /** Value: ISO 8601; empty where the time is there but not known ("yesterday"). */
  readonly times: readonly Mark[];
  /** Value: absolute address of a part of this page or thread. */
  readonly places: readonly Mark[];
  /** Headings and permanent links that lead to another page: what they stand in is a teaser of that page. */
  readonly leads: readonly PageElement[];
}

/** `comment-123`, `p123`, `123`, and ids that are no numbers: `comment-9f8b1c2d-...`. */
export const NUMBERED = /^[a-z_:-]{0,40}\d{1,15}$|^[a-z]{1,20}[-_][\da-f-]{8,40}$/i;
const AUTHOR_CLASS = /^fn$|(?:author|user(?:name)?|poster|nick(?:name)?|commenter|reviewer|(?:^|[-_])by(?:line)?|postedby)(?:[-_]?(?:name|link|coloured))?$/i;
const TIME_CLASS = /(?:date|time|stamp|posted|published|when|created|age|ago|smalltext|meta|metadata|info)$/i;
const PROFILE = /\/(?:users?|members?|profiles?|people|u)\/|\/(?:member|profile)\.php|[?&;](?:action=profile|id=(?=[a-z_]))|\/user\?/i;
const RELATIVE = /\b(?:ago|today|yesterday|just now)\b/i;
/** An address of a single post that is no part of the page's: `/post/12`, `?comment=12`, `item?id=12`. */
const POST_ADDRESS = /(?:^|[/?&;_])(?:posts?|comments?|repl(?:y|ies)|messages?|msg|pid|item\?id)[/=_-]?\d{1,15}\b/i;
const MAX_LINE = 120;
const MAX_NODES = 60;

export function classesOf(element: PageElement): readonly string[] {
  return (element.attribs['class'] ?? '').slice(0, 500).split(/\s+/).filter(Boolean);
}

/** Words of other people: what is in it marks no post. */
export function isQuote(element: PageElement): boolean {
  return element.name === 'blockquote' || /quote/i.test((element.attribs['class'] ?? '').slice(0, 500));
}

export function findMarks($: CheerioAPI, page: PageAddress): PageMarks {
  const order = new Map<PageElement, number>();
  const quoted = new Set<unknown>();
  const authors: Mark[] = [];
  const written: Mark[] = [];
  const places: Mark[] = [];
  const leads: PageElement[] = [];
  for (const element of elementsOf($)) {
    order.set(element, order.size);
    if (quoted.has(element.parent) || isQuote(element)) {
      quoted.add(element);
      continue;
    }
    const { attribs, name } = element;
    // Most of a page's elements say nothing.
    if (name !== 'time' && Object.keys(attribs).length === 0) continue;
    const link = name === 'a' ? attribs['href'] : undefined;
    const classes = classesOf(element);
    const isProfile = link !== undefined && PROFILE.test(link);
    if (isProfile || /\bauthor\b/i.test(`${attribs['rel'] ?? ''} ${attribs['itemprop'] ?? ''}`) || classes.some((one) => AUTHOR_CLASS.test(one))) {
      const value = lineOf(element)?.replace(/^by\s+/i, '');
      if (value) authors.push({ element, value });
    }
    const place = link === undefined ? undefined : placeOf(link, element, page);
    if (place !== undefined) places.push({ element, value: place });
    else if (link !== undefined && !isProfile && isHeading(element) && URL.canParse(link, page.base)) {
      if (isSameHost(new URL(link, page.base).href, page.url) && !isSameThread(new URL(link, page.base).href, page.url)) leads.push(element);
    }
    const id = attribs['id'] ?? (name === 'a' ? attribs['name'] : undefined);
    if (id !== undefined && NUMBERED.test(id)) places.push({ element, value: new URL(`#${id}`, page.url).href });
    const said = timeOf(element, classes, place !== undefined);
    if (said !== undefined) written.push({ element, value: said });
  }
  const read = readForumTimes(written.map(({ value }) => value));
  const times = written.flatMap(({ element, value }, at) => {
    const time = read[at] ?? (RELATIVE.test(value) ? '' : undefined);
    return time === undefined ? [] : [{ element, value: time }];
  });
  return { order, authors, times, places, leads };
}

/** The same page, or another page of the same thread: path and the query's number, without what counts pages. */
export function isSameThread(address: string, url: string): boolean {
  const [a, b] = [new URL(address), new URL(url)];
  return isSameHost(address, url) && withoutPage(a.pathname) === withoutPage(b.pathname) && [...b.searchParams].every(([key, value]) => fits(a, key, value));
}

/** WordPress and bbPress number what their ids name over the whole site, so that the page it stands on now is no part of its address. */
export function withoutPage(path: string): string {
  return path.replace(/\/(?:comment-page-|page\/)\d{1,6}\/?$/i, '/').replace(/(?<=.)\/$/, '');
}

/** `topic=12.0` and `topic=12.msg345` are one thread; a parameter without a number names none. */
function fits(url: URL, key: string, value: string): boolean {
  const number = /^\d+/.exec(value)?.[0];
  const other = url.searchParams.get(key);
  return number === undefined || other === null || /^(?:page|start|offset|st|p)$/i.test(key) || /^\d+/.exec(other)?.[0] === number;
}

function placeOf(link: string, element: PageElement, page: PageAddress): string | undefined {
  if (!URL.canParse(link, page.base)) return undefined;
  const { href, hash, pathname, search } = new URL(link, page.base);
  if (!isSameHost(href, page.url) || PROFILE.test(link)) return undefined;
  if (NUMBERED.test(hash.slice(1))) return isSameThread(href, page.url) || POST_ADDRESS.test(pathname + search) ? href : undefined;
  const isPermanent =
    classesOf(element).some((one) => /permalink|u-url/i.test(one)) || element.children.some((child) => 'name' in child && child.name === 'time');
  return (isPermanent || /(?:^|[-_])(?:age|date|time)$/.test(parentClass(element))) && POST_ADDRESS.test(pathname.slice(1) + search) ? href : undefined;
}

function parentClass({ parent }: PageElement): string {
  return parent !== null && 'attribs' in parent ? (parent.attribs['class'] ?? '') : '';
}

function isHeading(element: PageElement): boolean {
  const isIn = (other: unknown): boolean => typeof other === 'object' && other !== null && 'name' in other && /^h[1-6]$/.test(String(other.name));
  const said = `${element.attribs['rel'] ?? ''} ${element.attribs['class'] ?? ''} ${parentClass(element)}`;
  return isIn(element.parent) || isIn(element.parent?.parent) || element.children.some(isIn) || /bookmark|title|headline|more/i.test(said);
}

function timeOf(element: PageElement, classes: readonly string[], isPlace: boolean): string | undefined {
  const { attribs, name } = element;
  if (name === 'time' || /date(?:Published|Created)/.test(attribs['itemprop'] ?? '')) return attribs['datetime'] ?? attribs['content'] ?? lineOf(element);
  if (!isPlace && !classes.some((one) => TIME_CLASS.test(one))) return undefined;
  // A title may hold the time twice, as a date and in seconds.
  const inner = element.children.find((child) => 'attribs' in child);
  const title = (attribs['title'] ?? (inner !== undefined && 'attribs' in inner ? inner.attribs['title'] : undefined))?.slice(0, MAX_LINE);
  return title !== undefined && /\d{4}/.test(title) ? (/^\S+T\S+/.exec(title)?.[0] ?? title) : lineOf(element);
}

/** The words of an element that holds no more than a line. */
export function lineOf(element: PageElement): string | undefined {
  let line = '';
  let nodes = 0;
  const stack: PageNode[] = element.children.slice(0, MAX_NODES).reverse();
  while (stack.length > 0) {
    const node = stack.pop() as PageNode;
    nodes += 1;
    if (node.type === 'text') line += node.data.slice(0, 2 * MAX_LINE);
    if ('children' in node) stack.push(...(node.children.slice(0, MAX_NODES).reverse() as PageNode[]));
    if (nodes > MAX_NODES || line.length > 4 * MAX_LINE) return undefined;
  }
  const words = line.replace(/\s+/g, ' ').trim();
  return words === '' || words.length > MAX_LINE ? undefined : words;
}
