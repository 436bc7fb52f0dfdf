/**
 * One element of an E-utilities answer as a tree in which every child is a list and every text is raw, so that one
 * and many look the same. Entities are never expanded by the parser: only XML's own five and numeric ones exist in
 * these documents (PubMed DTD, https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd), and they are decoded here in one pass.
 */
import { XMLParser } from 'fast-xml-parser';

export type XmlNode = Readonly<Record<string, unknown>>;

/** Elements whose content mixes text and tags; it is kept as written and read by `inlineText`. */
const MIXED = ['ArticleTitle', 'VernacularTitle', 'AbstractText', 'BookTitle'];
/** Long, and nothing in it is kept: a review's hundreds of references carry their own ids and titles. */
const SKIPPED = ['ReferenceList'];

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  alwaysCreateTextNode: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
  stopNodes: [...MIXED, ...SKIPPED].map((name) => `..${name}`),
});

/** The root element of `xml`; undefined when it is not well-formed. */
export function parseElement(xml: string): { readonly name: string; readonly node: XmlNode } | undefined {
  try {
    const document = parser.parse(xml, true) as Record<string, unknown>;
    const name = Object.keys(document).find((key) => !key.startsWith('#') && !key.startsWith('?'));
    const node = name === undefined ? undefined : childrenOf(document, name)[0];
    return name === undefined || node === undefined ? undefined : { name, node };
  } catch {
    return undefined;
  }
}

export function childrenOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  const value = node !== undefined && Object.hasOwn(node, name) ? node[name] : undefined;
  if (!Array.isArray(value)) return [];
  return value.filter((child): child is XmlNode => typeof child === 'object' && child !== null);
}

/** First element at the end of a path of first elements. */
export function findNode(node: XmlNode | undefined, ...path: readonly string[]): XmlNode | undefined {
  return path.reduce<XmlNode | undefined>((at, name) => childrenOf(at, name)[0], node);
}

/** Text of an element, tags inside it taken off, blanks joined; '' when there is none. */
export function textOf(node: XmlNode | undefined): string {
  const raw = node?.['#text'];
  return typeof raw === 'string' ? inlineText(raw) : '';
}

export function attributeOf(node: XmlNode | undefined, name: string): string {
  const raw = node?.[`@${name}`];
  return typeof raw === 'string' ? decodeEntities(raw).trim() : '';
}

/** What is taken out whole: comments, and the TeX copy of a formula. */
const DROPPED = [
  { open: '<!--', close: '-->' },
  { open: '<annotation', close: '</annotation>' },
  { open: '<mml:annotation ', close: '</mml:annotation>' },
] as const;
const CDATA = { open: '<![CDATA[', close: ']]>' } as const;

/**
 * `CO<sub>2</sub> &lt; 5` -> `CO2 < 5`. Tags go without leaving a blank, as they mark parts of words; of a formula
 * (MathML) the signs stay and its TeX copy goes. One walk from `<` to `<`, so that no text takes more than linear time.
 */
export function inlineText(raw: string): string {
  const parts: string[] = [];
  // Closing marks that do not come any more; looking for them again at every tag would be quadratic.
  const absent = new Set<string>();
  let at = 0;
  while (at < raw.length) {
    const tag = raw.indexOf('<', at);
    parts.push(decodeEntities(raw.slice(at, tag === -1 ? undefined : tag)));
    if (tag === -1) break;
    const cdata = raw.startsWith(CDATA.open, tag);
    const close = cdata ? CDATA.close : (DROPPED.find(({ open }) => raw.startsWith(open, tag))?.close ?? '>');
    const whole = absent.has(close) ? -1 : raw.indexOf(close, tag);
    if (whole === -1) absent.add(close);
    if (cdata && whole !== -1) parts.push(blankControls(raw.slice(tag + CDATA.open.length, whole)));
    // Without its close it is taken for a single tag; a tag without its end takes the rest with it.
    const end = whole === -1 ? (absent.has('>') ? -1 : raw.indexOf('>', tag)) : whole + close.length - 1;
    if (end === -1) break;
    at = end + 1;
  }
  return parts.join('').replace(/\s+/g, ' ').trim();
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** One pass, so that `&amp;amp;lt;` becomes `&amp;lt;` and no more. Control characters become blanks: no store or page has a use for them. */
export function decodeEntities(text: string): string {
  const decoded = text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (_whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? '';
    const code = hex === undefined ? Number.parseInt(decimal ?? '', 10) : Number.parseInt(hex, 16);
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\u{fffd}' : String.fromCodePoint(code);
  });
  return blankControls(decoded);
}

function blankControls(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ' ');
}
