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
/** Never part of what a page says, and Readability keeps some of it when an article is short. */
const NEVER_TEXT = 'nav, [role="navigation"], [role="menu"], [role="dialog"]';
const FRAME =
  'nav, header, footer, aside, form, [role="navigation"], [role="banner"], [role="contentinfo"], [role="complementary"], [aria-hidden="true"], [hidden]';

/** Attributes Readability judges by, and those that hide things. */
const KEPT_ATTRIBUTES: ReadonlySet<string> = new Set([
  'class',
  'id',
  'role',
  'href',
  'src',
  'alt',
  'hidden',
  'aria-hidden',
  'style',
  'itemprop',
  'rel',
  'datetime',
  'colspan',
  'rowspan',
  'summary',
  'lang',
  'dir',
]);
const MAX_ATTRIBUTE_CHARS = 500;
const NEVER_READ = 'script, style, template, noscript, svg, math, canvas, link';

/** The tree has passed the guard; it is changed. Parsed by the rules of HTML once, then handed on in full form, since linkedom adds no missing html or body. */
export function extractBody($: CheerioAPI): PageBody {
  simplify($);
  const html = `<!doctype html>${$.html('html')}`;
  const article = runReadability(html);
  if (article !== undefined && article.text !== '') return article;
  const { document } = parseHTML(html);
  for (const element of document.querySelectorAll(FRAME)) element.remove();
  removeCaptions(document);
  const root = document.querySelector('main, [role="main"], article') ?? document.body ?? document.documentElement;
  return { text: root === null ? '' : dropEchoes(renderText(root as unknown as TextNode)), title: undefined, byline: undefined };
}

/** Readability changes the tree it works on, so it gets its own. */
function runReadability(html: string): PageBody | undefined {
  try {
    const { document } = parseHTML(html);
    // linkedom makes a text node of every entity, and Readability looks at each many times.
    document.normalize();
    for (const element of document.querySelectorAll(NEVER_TEXT)) element.remove();
    removeCaptions(document);
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

/** A picture's caption is not the author's sentence; a table's is. */
function removeCaptions(document: ReturnType<typeof parseHTML>['document']): void {
  for (const caption of document.querySelectorAll('figcaption')) {
    if (caption.closest('figure')?.querySelector('table') === null) caption.remove();
  }
}

/** A paragraph said twice in a row (carousels, captions for two screen widths) is said once. */
function dropEchoes(text: string): string {
  const paragraphs = text.split('\n\n');
  return paragraphs.filter((paragraph, at) => paragraph !== paragraphs[at - 1]).join('\n\n');
}

function simplify($: CheerioAPI): void {
  $(NEVER_READ).remove();
  $('*').each((_, element) => {
    if (!('attribs' in element)) return;
    for (const [name, value] of Object.entries(element.attribs)) {
      if (!KEPT_ATTRIBUTES.has(name)) delete element.attribs[name];
      else if (value.length > MAX_ATTRIBUTE_CHARS) element.attribs[name] = name === 'href' || name === 'src' ? '' : value.slice(0, MAX_ATTRIBUTE_CHARS);
    }
  });
}
