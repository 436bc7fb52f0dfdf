/** Text of a piece of HTML, as feeds, Discourse and JSON-LD carry it. Proved by test/unit/sources/web-render-text.test.ts. */
import { flattenHtml, parseHtml } from './parse-html.ts';
import { renderText } from './render-text.ts';

/** Says of the page what no reader sees. */
const HEAD = 'title, meta, link, base';

/** Raises `page_too_large`. `without`: selector of what is left out. */
export function htmlToText(html: string, options: { readonly without?: string } = {}): string {
  const parsed = parseHtml(html);
  if (parsed === undefined) return flattenHtml(html);
  const { $ } = parsed;
  $(options.without === undefined ? HEAD : `${HEAD}, ${options.without}`).remove();
  const body = $('body').get(0);
  return body === undefined ? '' : renderText(body);
}

/** For fields that hold either: markup or entities make it HTML, else it is taken as it is. */
export function textOrHtmlToText(value: string): string {
  return /<\/?[a-z][^<>]*>|&(?:[a-z]{2,10}|#\d{2,6}|#x[\da-f]{2,5});/i.test(value) ? htmlToText(value) : value.trim();
}
