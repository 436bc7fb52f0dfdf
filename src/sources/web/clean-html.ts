/**
 * HTML as it is handed to a parser: without what no reader reads (scripts, styles, comments), and so that no parser can take it for other
 * tags than were counted here, whatever state it is in: nothing that looks like a tag is left in text, attribute values or titles. Without `html`, `head` and
 * `body` too: pages leave them out, or write them twice, and parsers differ in what they make of that.
 * Most of a page's bytes are scripts, so parsing takes less than half of the time. Proved by test/unit/sources/web-clean-html.test.ts.
 */
import { InvalidInputError } from '../../errors.ts';
import { type ScannedTag, scanTag } from './scan-tag.ts';

export interface CleanHtml {
  readonly html: string;
  /** Attribute for the `html` element: ` lang="en"`, or nothing. */
  readonly language: string;
  /** Blocks of `application/ld+json`, in order. */
  readonly jsonLd: readonly string[];
  /** False when parsing it would cost too much. */
  readonly isParsable: boolean;
}

/** UTF-16 units. The longest pages people read are far below; parse time grows with length. */
export const MAX_HTML_CHARS = 4_000_000;
/** Start tags; the longest threads and tables of real pages stay below. */
const MAX_TAGS = 50_000;
/** A tag with more loses them all: parsers compare each attribute of a tag with those before it. */
const MAX_ATTRIBUTES = 150;
/** Each becomes a node of its own in one of the parsers, joined again one by one. */
const MAX_ENTITIES = 100_000;

/** Their content is text up to their own end tag (https://html.spec.whatwg.org/#parsing-html-fragments); `noscript` where scripts run. */
const UNREAD = new Set(['script', 'style', 'textarea', 'iframe', 'noembed', 'noframes', 'noscript']);
const READ_AS_TEXT = new Set(['title', 'xmp']);
const OUTER = new Set(['html', 'head', 'body']);
const LANGUAGE = /\s(?:xml:)?lang\s*=\s*["']?\s*([a-z]{2,3}(?:[-_][a-z\d]{1,8}){0,3})/i;
const JSON_LD = /\stype\s*=\s*["']?\s*application\/ld\+json/i;

/** Raises `page_too_large`. */
export function cleanHtml(fetched: string): CleanHtml {
  if (fetched.length > MAX_HTML_CHARS) throw new InvalidInputError('page_too_large', `page is longer than ${MAX_HTML_CHARS} characters`);
  // The standard's parser ignores them in text; two-byte text read as one-byte text has one behind every letter.
  const html = fetched.replaceAll('\0', '');
  const out: string[] = [];
  const jsonLd: string[] = [];
  let language = '';
  let tags = 0;
  let at = 0;
  while (at < html.length && tags <= MAX_TAGS) {
    const open = html.indexOf('<', at);
    if (open === -1) {
      out.push(html.slice(at));
      break;
    }
    if (open > at) out.push(html.slice(at, open));
    const beyond = endOfMarkup(html, open);
    if (beyond !== undefined) {
      at = beyond;
      continue;
    }
    const tag = scanTag(html, open);
    if (tag === undefined) {
      // A letter behind it: the page ends within the tag. Else it is a sign people write.
      if (/^<\/?[a-z]/i.test(html.slice(open, open + 3))) break;
      out.push('&lt;');
      at = open + 1;
      continue;
    }
    at = tag.end;
    const name = tag.name.toLowerCase();
    if (OUTER.has(name)) {
      const said = name === 'html' && language === '' ? LANGUAGE.exec(html.slice(open, tag.end))?.[1] : undefined;
      if (said !== undefined) language = ` lang="${said}"`;
      continue;
    }
    if (!tag.closes && (UNREAD.has(name) || READ_AS_TEXT.has(name))) {
      const start = html.slice(open, tag.end);
      const close = closingTag(html, name, tag.end);
      const content = html.slice(tag.end, close.start);
      at = close.end;
      if (READ_AS_TEXT.has(name)) out.push(`<${name}>`, withoutTags(content), `</${name}>`);
      else if (name === 'script' && JSON_LD.test(start)) jsonLd.push(content);
      continue;
    }
    if (!tag.closes) tags += 1;
    out.push(written(html.slice(open, tag.end), tag));
  }
  const clean = out.join('');
  return { html: clean, language, jsonLd, isParsable: tags <= MAX_TAGS && !hasMore(clean, '&', MAX_ENTITIES) };
}

/** After a comment, or what a parser takes for one (https://html.spec.whatwg.org/#bogus-comment-state); undefined at a tag or plain text. */
function endOfMarkup(html: string, open: number): number | undefined {
  const next = html[open + 1];
  if (html.startsWith('<!--', open)) return endOf(html, '-->', open + 2);
  if (next === '!' || next === '?') return endOf(html, '>', open + 2);
  if (next === '/' && html.length > open + 2 && !/[a-z]/i.test(html[open + 2] as string)) return endOf(html, '>', open + 2);
  return undefined;
}

function endOf(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found === -1 ? html.length : found + mark.length;
}

/** The end tag of raw text; the end of the page where there is none. */
function closingTag(html: string, name: string, from: number): { readonly start: number; readonly end: number } {
  const pattern = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi');
  pattern.lastIndex = from;
  const found = pattern.exec(html);
  if (found === null) return { start: html.length, end: html.length };
  return { start: found.index, end: scanTag(html, found.index)?.end ?? html.length };
}

function written(tag: string, { name, closes, attributes }: ScannedTag): string {
  if (closes) return `</${withoutTags(name)}>`;
  if (attributes > MAX_ATTRIBUTES) return `<${withoutTags(name)}>`;
  return tag.includes('<', 1) ? `<${withoutTags(tag.slice(1))}` : tag;
}

function withoutTags(text: string): string {
  return text.replaceAll('<', '&lt;');
}

function hasMore(html: string, character: string, most: number): boolean {
  let count = 0;
  for (let at = html.indexOf(character); at !== -1 && count <= most; at = html.indexOf(character, at + 1)) count += 1;
  return count > most;
}
