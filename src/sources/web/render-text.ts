/**
 * A DOM tree as text: paragraphs apart by an empty line, list items and table rows as lines, cells joined by ` | `.
 * Walks with its own stack, so depth costs no recursion. Proved by test/unit/sources/web-render-text.test.ts.
 */

/** What the walk needs of a node; linkedom, cheerio and the browser all have it. */
export interface TextNode {
  readonly nodeType: number;
  /** Elements only. */
  readonly tagName?: string;
  /** Text only. */
  readonly nodeValue?: string | null;
  readonly childNodes?: ArrayLike<TextNode>;
}

const ELEMENT = 1;
const TEXT = 3;
const FRAGMENT = 11;
const DOCUMENT = 9;
const SKIPPED = new Set([
  'SCRIPT',
  'STYLE',
  'TEMPLATE',
  'NOSCRIPT',
  'SVG',
  'MATH',
  'IFRAME',
  'OBJECT',
  'HEAD',
  'BUTTON',
  'SELECT',
  'TEXTAREA',
  'VIDEO',
  'AUDIO',
  'CANVAS',
]);
const PARAGRAPHS = new Set([
  'P',
  'DIV',
  'SECTION',
  'ARTICLE',
  'MAIN',
  'ASIDE',
  'HEADER',
  'FOOTER',
  'BLOCKQUOTE',
  'PRE',
  'TABLE',
  'UL',
  'OL',
  'DL',
  'FIGURE',
  'H1',
  'H2',
  'H3',
  'H4',
  'H5',
  'H6',
  'HR',
  'FORM',
  'FIELDSET',
  'ADDRESS',
  'DETAILS',
  'NAV',
  'BODY',
]);
const LINES = new Set(['LI', 'TR', 'DT', 'DD', 'FIGCAPTION', 'CAPTION', 'SUMMARY', 'OPTION', 'THEAD', 'TBODY', 'TFOOT']);
const CELLS = new Set(['TD', 'TH']);

/** Breaks are only asked for; they are written before the next words, the strongest winning. */
type Break = '' | ' ' | ' | ' | '\n' | '\n\n';
const STRENGTH: readonly Break[] = ['', ' ', ' | ', '\n', '\n\n'];

export function renderText(root: TextNode): string {
  const out: string[] = [];
  let pending: Break = '';
  let cellDepth = 0;
  const ask = (wanted: Break): void => {
    // A cell is one piece of its row, whatever blocks it holds.
    const fitted = cellDepth > 0 && (wanted === '\n' || wanted === '\n\n') ? ' ' : wanted;
    if (STRENGTH.indexOf(fitted) > STRENGTH.indexOf(pending)) pending = fitted;
  };
  const write = (raw: string, preformatted: boolean): void => {
    const text = preformatted ? raw : raw.replace(/\s+/g, ' ');
    const words = preformatted ? text.replace(/^\n+|\n+$/g, '') : text.trim();
    if (words === '') {
      if (text !== '') ask(' ');
      return;
    }
    if (/^\s/.test(text)) ask(' ');
    if (out.length > 0) out.push(pending);
    pending = '';
    out.push(words);
    if (/\s$/.test(text)) ask(' ');
  };

  const stack: (TextNode | (() => void))[] = [root];
  let preDepth = 0;
  while (stack.length > 0) {
    const node = stack.pop() as TextNode | (() => void);
    if (typeof node === 'function') {
      node();
      continue;
    }
    if (node.nodeType === TEXT) write(node.nodeValue ?? '', preDepth > 0);
    if (node.nodeType !== ELEMENT && node.nodeType !== FRAGMENT && node.nodeType !== DOCUMENT) continue;
    const name = node.tagName?.toUpperCase() ?? '';
    if (SKIPPED.has(name)) continue;
    const breaks: Break = PARAGRAPHS.has(name) ? '\n\n' : LINES.has(name) || name === 'BR' ? '\n' : CELLS.has(name) ? ' | ' : '';
    // A row begins on a new line; its first cell does not add a bar to that.
    if (CELLS.has(name)) {
      cellDepth += 1;
      stack.push(() => {
        cellDepth -= 1;
        ask(' | ');
      });
    } else {
      ask(breaks);
      if (breaks !== '') stack.push(() => ask(breaks));
    }
    if (name === 'PRE') {
      preDepth += 1;
      stack.push(() => {
        preDepth -= 1;
      });
    }
    // Read once: linkedom makes the list anew at every look.
    const children = Array.from(node.childNodes ?? []);
    for (const child of children.reverse()) stack.push(child);
  }
  return out.join('').trim();
}
