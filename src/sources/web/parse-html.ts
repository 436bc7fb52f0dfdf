/**
 * The one way from fetched HTML to a tree. Parsers and Readability walk trees by recursion in places, so a tree that grows too deep or
 * too large is given up while it is built, and its page flattened. Proved by test/unit/sources/web-extract-hostile.test.ts.
 */
import * as cheerio from 'cheerio';
import { adapter } from 'parse5-htmlparser2-tree-adapter';
import { cleanHtml } from './clean-html.ts';

export interface ParsedHtml {
  readonly $: cheerio.CheerioAPI;
  readonly jsonLd: readonly string[];
}

/** Chrome stops nesting at 512 (https://source.chromium.org, kMaximumHTMLParserDOMTreeDepth). */
const MAX_DEPTH = 512;
/** Elements: far more than tags, where formatting is left open and opened again in every block. */
const MAX_ELEMENTS = 200_000;

class TreeTooLarge extends Error {}

interface Branch {
  readonly children?: readonly Branch[];
}

/** Undefined when the tree would be too deep or too large. Raises `page_too_large`. */
export function parseHtml(html: string): ParsedHtml | undefined {
  const clean = cleanHtml(html);
  if (!clean.isParsable) return undefined;
  try {
    const $ = cheerio.load(clean.html, { treeAdapter: boundedAdapter() });
    return isDeeper($.root().get(0) as Branch) ? undefined : { $, jsonLd: clean.jsonLd };
  } catch (error) {
    if (error instanceof TreeTooLarge) return undefined;
    throw error;
  }
}

function boundedAdapter(): typeof adapter {
  let elements = 0;
  let open = 0;
  return {
    ...adapter,
    createElement(...args) {
      elements += 1;
      if (elements > MAX_ELEMENTS) throw new TreeTooLarge();
      return adapter.createElement(...args);
    },
    onItemPush() {
      open += 1;
      if (open > MAX_DEPTH) throw new TreeTooLarge();
    },
    onItemPop() {
      open -= 1;
    },
  };
}

/** Misnested formatting makes a tree deeper than the parser's stack ever was (https://html.spec.whatwg.org/#adoption-agency-algorithm). */
function isDeeper(root: Branch): boolean {
  let level: readonly Branch[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH + 2) return true;
    level = level.flatMap((node) => node.children ?? []);
  }
  return false;
}

/** Text of a page that cannot be parsed: tags out, blocks as lines, a handful of entities. No tree. */
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
