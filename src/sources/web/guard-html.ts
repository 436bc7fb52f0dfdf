/**
 * Looks at HTML before any parser does. Parsers and Readability walk trees by recursion in places, so a page of a hundred
 * thousand nested tags would end the process; such a page is refused or flattened, never parsed.
 * Proved by test/unit/sources/web-extract-hostile.test.ts.
 */
import { InvalidInputError } from '../../errors.ts';

/** UTF-16 units. The longest pages people read are far below; parse time grows with length. */
export const MAX_HTML_CHARS = 4_000_000;
/** Chrome stops nesting at 512 (https://source.chromium.org, kMaximumHTMLParserDOMTreeDepth). */
const MAX_DEPTH = 512;
/** Start tags; the longest threads and tables of real pages stay below. */
const MAX_TAGS = 50_000;
/** A tag longer than this is looked into: parsers compare each attribute with all before it. */
const LONG_TAG_CHARS = 20_000;
const MAX_ATTRIBUTES = 500;

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source', 'track', 'wbr']);
/** Elements whose end tag is often left out: they close each other, so they do not nest. */
const SELF_CLOSING = new Set(['p', 'li', 'dt', 'dd', 'tr', 'td', 'th', 'option', 'thead', 'tbody', 'tfoot', 'colgroup', 'rt', 'rp']);
const TAG = /<(\/?)([a-zA-Z][a-zA-Z0-9-]{0,30})/g;

/** Raises `page_too_large`. `parse` is false when the tree would be too deep or too large to build. */
export function guardHtml(html: string): { readonly parse: boolean } {
  if (html.length > MAX_HTML_CHARS) throw new InvalidInputError('page_too_large', `page is longer than ${MAX_HTML_CHARS} characters`);
  let depth = 0;
  let tags = 0;
  for (const match of html.matchAll(TAG)) {
    const name = (match[2] as string).toLowerCase();
    const closes = match[1] === '/';
    if (!closes) tags += 1;
    if (!VOID.has(name) && !SELF_CLOSING.has(name)) depth = closes ? Math.max(depth - 1, 0) : depth + 1;
    if (depth > MAX_DEPTH || tags > MAX_TAGS) return { parse: false };
  }
  return { parse: !hasAttributeFlood(html) };
}

function hasAttributeFlood(html: string): boolean {
  for (const [tag] of html.matchAll(/<[a-zA-Z][^<>]*/g)) {
    if (tag.length > LONG_TAG_CHARS && (tag.match(/\s[^\s=]+=?/g)?.length ?? 0) > MAX_ATTRIBUTES) return true;
  }
  return false;
}

/** Text of a page that cannot be parsed: tags out, blocks as lines, a handful of entities. One pass, no tree. */
export function flattenHtml(html: string): string {
  return html
    .replace(/<(script|style|template|noscript)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/<\/?(p|div|br|li|tr|h[1-6]|section|article|blockquote|pre)\b[^<>]*>/gi, '\n')
    .replace(/<\/?[a-zA-Z][^<>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{2,}/g, '\n\n')
    .trim();
}
