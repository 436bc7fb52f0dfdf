/**
 * A sitemap as received to its entries: XML `urlset` and `sitemapindex`, either gzipped, and plain text with an address a line
 * (https://www.sitemaps.org/protocol.html). Entries are found by scanning, not by a parser: a file of 50 MB costs no tree, document types are never
 * read, and one broken entry costs only itself. Proved by test/unit/sources/web-sitemap.test.ts.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { InvalidInputError } from '../../errors.ts';
import { decodeBody } from '../../fetch/decode.ts';

/** Both by the protocol: a file is at most 50 MB unpacked and holds at most 50,000 addresses. */
export const MAX_SITEMAP_BYTES = 52_428_800;
const MAX_ENTRIES = 50_000;
/** An entry with a thousand images is longer; its address and time stand before them. */
const MAX_ENTRY_CHARS = 20_000;

export interface SitemapEntry {
  /** As written; absolute by the protocol. */
  readonly address: string;
  /** W3C date or date and time as written; undefined = not said. */
  readonly lastmod: string | undefined;
}

export interface SitemapFile {
  /** `index`: the entries are sitemaps themselves. */
  readonly kind: 'index' | 'pages';
  readonly entries: readonly SitemapEntry[];
  /** Entries that hold no address. */
  readonly malformed: number;
  /** The file holds more than are read. */
  readonly isCut: boolean;
}

/** Raises `bad_gzip`, `body_too_large` and `bad_sitemap`. */
export async function readSitemap(body: Buffer, contentType: string | undefined): Promise<SitemapFile> {
  const { text } = decodeBody(await unpack(body), contentType);
  const root = /<(?:(\w{1,30}):)?(urlset|sitemapindex)[\s>/]/.exec(text.slice(0, 10_000));
  if (root !== null) return readXml(text, root[1], root[2] === 'sitemapindex' ? 'index' : 'pages');
  if (/^\s*</.test(text)) throw new InvalidInputError('bad_sitemap', 'neither a sitemap nor an index of sitemaps; a feed has a source of its own');
  return readLines(text);
}

/** By the first bytes: what `sitemap.xml.gz` is served as differs from server to server. */
async function unpack(body: Buffer): Promise<Buffer> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  try {
    return await promisify(gunzip)(body, { maxOutputLength: MAX_SITEMAP_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidInputError('body_too_large', `a sitemap of more than ${MAX_SITEMAP_BYTES} bytes`);
    throw new InvalidInputError('bad_gzip', 'the sitemap cannot be unpacked', { cause: error });
  }
}

function readXml(text: string, prefix: string | undefined, kind: SitemapFile['kind']): SitemapFile {
  const named = (name: string): string => (prefix === undefined ? name : `${prefix}:${name}`);
  const entryName = named(kind === 'index' ? 'sitemap' : 'url');
  const [open, close] = [new RegExp(`<!--|<${entryName}(?:\\s[^<>]*)?>`, 'g'), `</${entryName}>`];
  const loc = elementPattern(named('loc'));
  const lastmod = elementPattern(named('lastmod'));
  const entries: SitemapEntry[] = [];
  let malformed = 0;
  for (let found = open.exec(text); found !== null; found = open.exec(text)) {
    if (entries.length === MAX_ENTRIES) return { kind, entries, malformed, isCut: true };
    const start = open.lastIndex;
    const end = text.indexOf(found[0] === '<!--' ? '-->' : close, start);
    // What is not closed reaches to the end of the file.
    open.lastIndex = end === -1 ? text.length : end;
    if (found[0] === '<!--') continue;
    const entry = text.slice(start, Math.min(open.lastIndex, start + MAX_ENTRY_CHARS));
    const address = readElement(entry, loc);
    if (address === undefined) malformed += 1;
    else entries.push({ address, lastmod: readElement(entry, lastmod) });
  }
  return { kind, entries, malformed, isCut: false };
}

/** The start tag and the text after it: without the end tag there is nothing to go back for, so reading stays linear. */
function elementPattern(name: string): RegExp {
  return new RegExp(`<${name}(?:\\s[^<>]*)?>(?:\\s*<!\\[CDATA\\[([^\\]]*)|([^<]*))`);
}

function readElement(entry: string, pattern: RegExp): string | undefined {
  const found = pattern.exec(entry);
  const value = (found?.[1] ?? decodeEntities(found?.[2] ?? '')).trim();
  return value === '' ? undefined : value;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five entities of XML and characters by number: a document's own entities are never expanded. */
function decodeEntities(value: string): string {
  return value.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name: string | undefined, decimal?: string, hex?: string) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function readLines(text: string): SitemapFile {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const addresses = lines.filter((line) => /^https?:\/\//i.test(line));
  if (addresses.length === 0) throw new InvalidInputError('bad_sitemap', 'neither XML nor a list of addresses');
  return {
    kind: 'pages',
    entries: addresses.slice(0, MAX_ENTRIES).map((address) => ({ address, lastmod: undefined })),
    malformed: lines.length - addresses.length,
    isCut: addresses.length > MAX_ENTRIES,
  };
}
