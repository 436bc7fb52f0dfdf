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
const MAX_TAGS = 150_000;

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
    if (VOID.has(name) || SELF_CLOSING.has(name)) continue;
    tags += 1;
    depth = match[1] === '/' ? Math.max(depth - 1, 0) : depth + 1;
    if (depth > MAX_DEPTH || tags > 2 * MAX_TAGS) return { parse: false };
  }
  return { parse: true };
}

/** Text of a page that cannot be parsed: tags out, blocks as lines, a handful of entities. One pass, no tree. */
export function flattenHtml(html: string): string {
  return html
    .replace(/<(script|style|template|noscript)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/<\/?(p|div|br|li|tr|h[1-6]|section|article|blockquote|pre)\b[^>]{0,2000}>/gi, '\n')
    .replace(/<\/?[a-zA-Z][^>]{0,2000}>/g, ' ')
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
