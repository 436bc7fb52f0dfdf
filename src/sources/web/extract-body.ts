/**
 * The body of a page: Readability (the reader view of Firefox) on linkedom, then text. Where Readability finds no article, the main
 * element, else the page without its frame. Proved by test/unit/sources/web-extract-page.test.ts; measured by bench/extraction.ts.
 */
import { Readability } from '@mozilla/readability';
import type { CheerioAPI } from 'cheerio';
import { parseHTML } from 'linkedom';
import { renderText, type TextNode } from './render-text.ts';

export interface PageBody {
  readonly text: string;
  readonly title: string | undefined;
  readonly byline: string | undefined;
}

/** Readability refuses beyond this; its scoring is quadratic in the worst case. */
const MAX_ELEMENTS = 60_000;
const FRAME =
  'nav, header, footer, aside, form, [role="navigation"], [role="banner"], [role="contentinfo"], [role="complementary"], [aria-hidden="true"], [hidden]';

/** Attributes Readability judges by. Each costs it a node, so what only a browser needs goes. */
const KEPT_ATTRIBUTES: ReadonlySet<string> = new Set(['class', 'id', 'role', 'hidden', 'aria-hidden', 'itemprop', 'rel', 'colspan', 'rowspan', 'summary']);
const HIDING = /display|visibility/i;
const MAX_ATTRIBUTE_CHARS = 500;
/** Never part of what a page says, and Readability keeps some of it when an article is short. A picture's caption is not the author's sentence; a table's is. */
const NEVER_READ =
  'nav, [role="navigation"], [role="menu"], [role="dialog"], template, svg, math, canvas, title, link, meta, base, figure:not(:has(table)) figcaption';

/** The tree is changed, then handed on in full form, since linkedom adds no missing html or body. */
export function extractBody($: CheerioAPI): PageBody {
  simplify($);
  const html = `<!doctype html>${$.html('html')}`;
  const article = runReadability(html);
  if (article !== undefined && article.text !== '') return article;
  const { document } = parseHTML(html);
  for (const element of document.querySelectorAll(FRAME)) element.remove();
  const root = document.querySelector('main, [role="main"], article') ?? document.body ?? document.documentElement;
  return { text: root === null ? '' : dropEchoes(renderText(root as unknown as TextNode)), title: undefined, byline: undefined };
}

/** Readability changes the tree it works on, so it gets its own. */
function runReadability(html: string): PageBody | undefined {
  try {
    const { document } = parseHTML(html);
    // linkedom makes a text node of every entity, and Readability looks at each many times.
    document.normalize();
    const article = new Readability<TextNode>(document as unknown as ConstructorParameters<typeof Readability>[0], {
      maxElemsToParse: MAX_ELEMENTS,
      serializer: (node) => node as unknown as TextNode,
      disableJSONLD: true,
    }).parse();
    if (article === null || article.content === null || article.content === undefined) return undefined;
    return { text: dropEchoes(renderText(article.content)), title: article.title || undefined, byline: article.byline || undefined };
  } catch {
    // Too many elements, or markup linkedom cannot hold: the plain way below reads what there is.
    return undefined;
  }
}

/** A paragraph said twice in a row (carousels, captions for two screen widths) is said once. */
function dropEchoes(text: string): string {
  const paragraphs = text.split('\n\n');
  return paragraphs.filter((paragraph, at) => paragraph !== paragraphs[at - 1]).join('\n\n');
}

function simplify($: CheerioAPI): void {
  $(NEVER_READ).remove();
  const stack = $('html').toArray() as Branch[];
  for (let branch = stack.pop(); branch !== undefined; branch = stack.pop()) {
    if (branch.attribs !== undefined) branch.attribs = judgedBy(branch.attribs);
    for (const child of branch.children ?? []) stack.push(child);
  }
}

interface Branch {
  attribs?: Record<string, string>;
  readonly children?: readonly Branch[];
}

function judgedBy(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (KEPT_ATTRIBUTES.has(name) || (name === 'style' && HIDING.test(value))) kept[name] = value.slice(0, MAX_ATTRIBUTE_CHARS);
    // A link within the page counts less than one that leads away.
    else if (name === 'href' && value.startsWith('#')) kept[name] = '#x';
  }
  return kept;
}
