/** Text of a piece of HTML, as feeds, Discourse and JSON-LD carry it. Proved by test/unit/sources/web-render-text.test.ts. */
import { parseHTML } from 'linkedom';
import { flattenHtml, guardHtml } from './guard-html.ts';
import { renderText, type TextNode } from './render-text.ts';

/** Raises `page_too_large`. `without`: selector of what is left out. */
export function htmlToText(html: string, options: { readonly without?: string } = {}): string {
  if (!guardHtml(html).parse) return flattenHtml(html);
  const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`);
  if (options.without !== undefined) for (const element of document.querySelectorAll(options.without)) element.remove();
  return renderText(document.body as unknown as TextNode);
}

/** For fields that hold either: markup or entities make it HTML, else it is taken as it is. */
export function textOrHtmlToText(value: string): string {
  return /<\/?[a-z][^<>]*>|&(?:[a-z]{2,10}|#\d{2,6}|#x[\da-f]{2,5});/i.test(value) ? htmlToText(value) : value.trim();
}
