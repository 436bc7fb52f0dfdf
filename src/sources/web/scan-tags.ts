/**
 * The tags of HTML in one pass, without a tree: names, and how many attributes each start tag has, quotes heeded as a parser heeds them.
 * Comments and the insides of scripts are passed over. Proved by test/unit/sources/web-extract-hostile.test.ts.
 */

interface ScannedTag {
  /** Lower case. */
  readonly name: string;
  readonly closes: boolean;
  /** At least as many as a parser finds. */
  readonly attributes: number;
}

const TAG = /<(?:!--|(\/?)([a-zA-Z][a-zA-Z0-9-]{0,30}))/g;
/** Their content is text up to their own end tag (https://html.spec.whatwg.org/#parsing-html-fragments, RCDATA and raw text). */
const RAW = new Set(['script', 'style', 'textarea', 'title', 'xmp', 'iframe', 'noembed', 'noframes']);

export function* scanTags(html: string): Generator<ScannedTag> {
  const tag = new RegExp(TAG);
  for (let found = tag.exec(html); found !== null; found = tag.exec(html)) {
    if (found[2] === undefined) {
      const end = html.indexOf('-->', tag.lastIndex - 2);
      if (end === -1) return;
      tag.lastIndex = end + 3;
      continue;
    }
    const name = found[2].toLowerCase();
    const closes = found[1] === '/';
    const { attributes, end } = scanAttributes(html, tag.lastIndex);
    yield { name, closes, attributes };
    tag.lastIndex = end;
    if (!closes && RAW.has(name)) {
      const close = new RegExp(`</${name}`, 'gi');
      close.lastIndex = end;
      const closing = close.exec(html);
      if (closing === null) return;
      tag.lastIndex = closing.index;
    }
  }
}

const [QUOTE, APOSTROPHE, GREATER, EQUALS, SLASH] = [34, 39, 62, 61, 47];

/** From after the name to after the `>`; an attribute begins with the first character after a space, a slash or a closing quote. */
function scanAttributes(html: string, from: number): { readonly attributes: number; readonly end: number } {
  let attributes = 0;
  let isBetween = true;
  let isValue = false;
  for (let at = from; at < html.length; at += 1) {
    const code = html.charCodeAt(at);
    if (code === GREATER) return { attributes, end: at + 1 };
    if (isValue && (code === QUOTE || code === APOSTROPHE)) {
      const close = html.indexOf(code === QUOTE ? '"' : "'", at + 1);
      if (close === -1) return { attributes, end: html.length };
      at = close;
      isBetween = true;
      isValue = false;
    } else if (code <= 32 || code === SLASH) {
      // Spaces may stand before a value too.
      isBetween = true;
    } else if (code === EQUALS) {
      isValue = true;
      isBetween = false;
    } else {
      if (isBetween && !isValue) attributes += 1;
      isBetween = false;
      isValue = false;
    }
  }
  return { attributes, end: html.length };
}
