/**
 * The one way from fetched HTML to a tree. htmlparser2 builds it in one pass without recursion, and no more elements than there are tags; what walks the tree
 * later (selectors, Readability) recurses in places, so that a tree too deep is given up, and its page flattened.
 * Proved by test/unit/sources/web-extract-hostile.test.ts.
 */
import * as cheerio from 'cheerio';
import { cleanHtml } from './clean-html.ts';

export interface ParsedHtml {
  /** `html > body` around all there is, the head's elements too. */
  readonly $: cheerio.CheerioAPI;
  readonly jsonLd: readonly string[];
}

/** Chrome stops nesting at 512 (https://source.chromium.org, kMaximumHTMLParserDOMTreeDepth). */
const MAX_DEPTH = 512;

interface Branch {
  readonly children?: readonly Branch[];
}

/** Undefined when the tree would be too deep or too large. Raises `page_too_large`. */
export function parseHtml(html: string): ParsedHtml | undefined {
  const clean = cleanHtml(html);
  if (!clean.isParsable) return undefined;
  const $ = cheerio.load(`<html${clean.language}><body>${clean.html}`, { xml: { xmlMode: false } });
  return isDeeper($.root().get(0) as Branch) ? undefined : { $, jsonLd: clean.jsonLd };
}

function isDeeper(root: Branch): boolean {
  let level: readonly Branch[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    const below: Branch[] = [];
    for (const { children } of level) if (children !== undefined) for (const child of children) if (child.children !== undefined) below.push(child);
    level = below;
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
