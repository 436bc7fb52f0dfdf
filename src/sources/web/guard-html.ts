/**
 * Looks at HTML before any parser does. Parsers and Readability walk trees by recursion in places, so a page of a hundred
 * thousand nested tags would end the process; such a page is refused or flattened, never parsed.
 * Proved by test/unit/sources/web-extract-hostile.test.ts.
 */
import { InvalidInputError } from '../../errors.ts';
import { scanTags } from './scan-tags.ts';

/** UTF-16 units. The longest pages people read are far below; parse time grows with length. */
export const MAX_HTML_CHARS = 4_000_000;
/** Chrome stops nesting at 512 (https://source.chromium.org, kMaximumHTMLParserDOMTreeDepth). */
const MAX_DEPTH = 512;
/** Start tags; the longest threads and tables of real pages stay below. */
const MAX_TAGS = 50_000;
/** Elements the tree may come to have: far more than tags, where formatting is left open. */
const MAX_ELEMENTS = 400_000;
/** Parsers compare each attribute of a tag with all before it. */
const MAX_ATTRIBUTES = 500;
/** Over the whole page: pairs of attributes that are compared. */
const MAX_COMPARISONS = 20_000_000;

/** Each becomes a node of its own in one of the parsers, joined again one by one. */
const MAX_ENTITIES = 100_000;

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'param', 'source', 'track', 'wbr']);
/** Elements whose end tag is often left out: they close each other, so they do not nest. */
const SELF_CLOSING = new Set(['p', 'li', 'dt', 'dd', 'tr', 'td', 'th', 'option', 'thead', 'tbody', 'tfoot', 'colgroup', 'rt', 'rp']);
/** Opened again in every block until they are closed (https://html.spec.whatwg.org/#reconstruct-the-active-formatting-elements). */
const FORMATTING = new Set(['a', 'b', 'big', 'code', 'em', 'font', 'i', 'nobr', 's', 'small', 'strike', 'strong', 'tt', 'u']);

/** Raises `page_too_large`. `parse` is false when the tree would be too deep or too large to build. */
export function guardHtml(html: string): { readonly parse: boolean } {
  if (html.length > MAX_HTML_CHARS) throw new InvalidInputError('page_too_large', `page is longer than ${MAX_HTML_CHARS} characters`);
  let depth = 0;
  let tags = 0;
  let elements = 0;
  let comparisons = 0;
  const open = new Map<string, number>();
  let formatting = 0;
  for (const { name, closes, attributes } of scanTags(html)) {
    if (!VOID.has(name) && !SELF_CLOSING.has(name)) depth = closes ? Math.max(depth - 1, 0) : depth + 1;
    if (!closes) {
      tags += 1;
      elements += 1 + formatting;
      comparisons += (attributes * attributes) / 2;
    }
    if (FORMATTING.has(name)) {
      const now = open.get(name) ?? 0;
      const next = closes ? Math.max(now - 1, 0) : now + 1;
      open.set(name, next);
      formatting += next - now;
    }
    if (depth > MAX_DEPTH || tags > MAX_TAGS || elements > MAX_ELEMENTS || attributes > MAX_ATTRIBUTES || comparisons > MAX_COMPARISONS)
      return { parse: false };
  }
  return { parse: !hasMore(html, '&', MAX_ENTITIES) };
}

function hasMore(html: string, character: string, most: number): boolean {
  let count = 0;
  for (let at = html.indexOf(character); at !== -1 && count <= most; at = html.indexOf(character, at + 1)) count += 1;
  return count > most;
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
