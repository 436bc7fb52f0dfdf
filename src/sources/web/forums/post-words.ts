/**
 * The author's own words in a block of no known engine: what stands beside author and time, the same part of each post. Nothing is copied, so posts
 * inside posts cost what the page costs. Proved by test/unit/sources/web-generic.test.ts.
 */
import { renderText, type TextNode } from '../render-text.ts';
import { classesOf, isQuote, lineOf, type PageElement, type PageNode } from './page-marks.ts';
import type { RepeatedPost } from './repeated-posts.ts';

const MAX_TEXT_CHARS = 200_000;
/** Beside the words: the writer's panel, buttons, titles. */
const BESIDE =
  /(?:author|user|profile|poster|avatar|signature|sig|meta|metadata|info|foot(?:er)?|head(?:er)?|actions?|tools?|controls?|buttons?|reply|nav|share|votes?|likes?|reactions?|rank|badge|score|title|subject|permalink|report|edited|options|statistics|smalltext|keyinfo)$/i;
const BESIDE_TAGS = new Set(['aside', 'header', 'footer', 'nav', 'form', 'button', 'script', 'style', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'img', 'input']);
/** Not the post's words, wherever it stands. */
const LEFT_OUT = /signature|(?:^|[-_])sig$|(?:controls|actions|buttons|tools|share)$/i;
/** "Reply" in any language, where a block of this class is the link and not a post. */
const LINK_CHARS = 30;
const BODY = /content|body|text|message|msg|inner|words/i;
/** Paragraphs and words without a frame of their own. */
const FLOW = new Set(['p', 'ul', 'ol', 'pre', 'dl', 'table', 'br', 'b', 'i', 'em', 'strong', 'a', 'span', 'code', 'u', 's']);

interface Part {
  readonly shape: string;
  readonly text: string;
  readonly isLinks: boolean;
  readonly isAfter: boolean;
}

/** One text per post, empty where it has none; `ownWords`: whether there is more than links. */
export function readWords(posts: readonly RepeatedPost[]): readonly { readonly text: string; readonly ownWords: boolean }[] {
  const blocks = new Set<unknown>(posts.map(({ element }) => element));
  const all = posts.map((post) => partsOf(post, blocks));
  const weight = new Map<string, number>();
  for (const { shape, text, isLinks } of all.flat())
    weight.set(shape, (weight.get(shape) ?? 0) + text.length * (BODY.test(shape) ? 4 : 1) * (isLinks ? 0.1 : 1));
  const [body] = [...weight].sort((a, b) => b[1] - a[1])[0] ?? [''];
  return all.map((parts) => {
    const same = parts.filter(({ shape }) => shape === body);
    // Bare words before the time are "says" and "on"; those after it are the post.
    const after = body === 'flow' ? same.filter(({ isAfter }) => isAfter) : same;
    const own = after.some(({ text }) => text !== '') ? after : same;
    return {
      text: own
        .map(({ text }) => text)
        .filter(Boolean)
        .join('\n\n')
        .slice(0, MAX_TEXT_CHARS),
      ownWords: own.some(({ text, isLinks }) => text !== '' && !isLinks),
    };
  });
}

function partsOf({ element, author, time }: RepeatedPost, blocks: ReadonlySet<unknown>): readonly Part[] {
  const [authors, times] = [author, time].map((mark) => pathTo(mark?.element, element)) as [Set<unknown>, Set<unknown>];
  const marks = [author?.element, time?.element];
  const isLeftOut = (node: PageNode): boolean => blocks.has(node) || ('attribs' in node && (isQuote(node) || isLeftOver(node)));
  const parts: Part[] = [];
  let passed = 0;
  const stack: PageNode[] = [...element.children].reverse();
  while (stack.length > 0) {
    const node = stack.pop() as PageNode;
    if (isLeftOut(node)) continue;
    if (authors.has(node) || times.has(node)) {
      if (marks.includes(node as PageElement)) passed += 1;
      // The writer's panel holds the name and not the time.
      else if ('attribs' in node && !(isBeside(node) && authors.has(node) !== times.has(node))) stack.push(...[...node.children].reverse());
      else passed += 1;
      continue;
    }
    if ('attribs' in node && isBeside(node)) continue;
    const text = renderText(viewOf(node, isLeftOut)).trim();
    if (text !== '') parts.push({ shape: shapeOf(node), text, isLinks: isLinks(node, isLeftOut), isAfter: passed >= 2 });
  }
  return joinFlow(parts);
}

/** Words in a row that only have no frame are one text. */
function joinFlow(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.shape !== 'flow' || last?.shape !== 'flow' || last.isAfter !== part.isAfter) joined.push(part);
    else joined[joined.length - 1] = { ...last, text: `${last.text}\n\n${part.text}`, isLinks: last.isLinks && part.isLinks };
  }
  return joined;
}

function pathTo(from: PageElement | undefined, block: PageElement): Set<unknown> {
  const path = new Set<unknown>();
  for (let up: PageElement['parent'] | PageElement = from ?? null; up !== null && up !== block; up = up.parent) path.add(up);
  return path;
}

function isLeftOver(element: PageElement): boolean {
  const classes = classesOf(element);
  return classes.some((one) => LEFT_OUT.test(one)) || (classes.includes('reply') && (lineOf(element)?.length ?? 0) <= LINK_CHARS);
}

function isBeside(element: PageElement): boolean {
  return BESIDE_TAGS.has(element.name) || classesOf(element).some((one) => BESIDE.test(one));
}

function shapeOf(node: PageNode): string {
  if (!('attribs' in node)) return 'flow';
  const [first] = classesOf(node);
  return FLOW.has(node.name) && (first === undefined || node.name === 'p') ? 'flow' : `${node.name}.${(first ?? '').replace(/\d+/g, '')}`;
}

function isLinks(node: PageNode, isLeftOut: (node: PageNode) => boolean): boolean {
  const isLink = (inner: PageNode): boolean => 'name' in inner && inner.name === 'a';
  return isLink(node) || renderText(viewOf(node, (inner) => isLeftOut(inner) || isLink(inner))).trim() === '';
}

/** The tree as renderText reads it, without what is left out. */
function viewOf(node: PageNode, isLeftOut: (node: PageNode) => boolean): TextNode {
  return {
    nodeType: node.nodeType,
    ...('name' in node ? { tagName: node.name } : {}),
    ...(node.type === 'text' ? { nodeValue: node.data } : {}),
    get childNodes() {
      const children = 'children' in node ? (node.children as PageNode[]) : [];
      return children.filter((child) => !isLeftOut(child)).map((child) => viewOf(child, isLeftOut));
    },
  };
}
