/**
 * One tag of HTML, read as the tokenizer of the standard reads it (https://html.spec.whatwg.org/#tag-open-state to
 * #after-attribute-value-(quoted)-state), but in time linear in its length: parsers compare every attribute with all before it.
 * Proved against a parser on any string by test/property/scan-tag.test.ts.
 */

export interface ScannedTag {
  /** As written. */
  readonly name: string;
  readonly closes: boolean;
  /** Repeated names counted each time. */
  readonly attributes: number;
  /** After the `>`. */
  readonly end: number;
}

const [TAB, LINE_FEED, FORM_FEED, RETURN, SPACE, QUOTE, APOSTROPHE, SLASH, EQUALS, GREATER] = [9, 10, 12, 13, 32, 34, 39, 47, 61, 62];
const NAME_END = /[\t\n\f\r />]/g;

type State = 'before-name' | 'name' | 'after-name' | 'before-value' | 'unquoted';

/** The tag whose `<` is at `at`; undefined when there is no letter behind `<` or `</`, or the text ends within the tag. */
export function scanTag(html: string, at: number): ScannedTag | undefined {
  const closes = html.charCodeAt(at + 1) === SLASH;
  const from = at + (closes ? 2 : 1);
  if (!isLetter(html.charCodeAt(from))) return undefined;
  const nameEnd = indexOfPattern(html, NAME_END, from);
  if (nameEnd === -1) return undefined;
  const name = html.slice(from, nameEnd);
  let attributes = 0;
  let state: State = 'before-name';
  for (let index = nameEnd; index < html.length; index += 1) {
    const code = html.charCodeAt(index);
    if (code === GREATER) return { name, closes, attributes, end: index + 1 };
    if (isSpace(code)) {
      if (state === 'name') state = 'after-name';
      else if (state === 'unquoted') state = 'before-name';
    } else if (state === 'before-value') {
      if (code !== QUOTE && code !== APOSTROPHE) {
        state = 'unquoted';
        continue;
      }
      index = html.indexOf(code === QUOTE ? '"' : "'", index + 1);
      if (index === -1) return undefined;
      state = 'before-name';
    } else if (state !== 'unquoted') {
      if (code === SLASH) state = 'before-name';
      else if (code === EQUALS && state !== 'before-name') state = 'before-value';
      else if (state !== 'name') {
        attributes += 1;
        state = 'name';
      }
    }
  }
  return undefined;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isSpace(code: number): boolean {
  return code === SPACE || code === LINE_FEED || code === TAB || code === RETURN || code === FORM_FEED;
}

function indexOfPattern(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}
