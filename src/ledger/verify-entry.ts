/**
 * First half of verification: everything one entry shows by itself and by its predecessor's hash. Canonical bytes, a valid header,
 * the chain, the commitment. It keeps nothing, so entries may be checked on several cores at once; what they say of each other is
 * the second half (verify-chain.ts). Proved by test/property/export.test.ts.
 */
import { isCanonicalText } from './canonical-check.ts';
import type { EntryLine } from './export-format.ts';
import type { Header, HeaderOf } from './header.ts';
import { readHeader } from './header-check.ts';
import { hashContentText, hashEntryText } from './hash-text.ts';
import { equalBytes, readHex } from './hex.ts';
import { leafHashOf } from './merkle.ts';
import { Failure } from './verify-result.ts';

/** Of the content an entry commits to. */
export type Presence = 'none' | 'open' | 'withheld' | 'erased';

/** Where a quote stands in the text of its claim's source, UTF-16 offsets. */
export type Quote = readonly [quote: string, start: number, end: number];

/** What the second half needs to know of an entry that passed the first. */
export interface CheckedEntry {
  readonly header: Header;
  /** 32 bytes */
  readonly entry: Uint8Array;
  /** RFC 6962 leaf hash of `entry`. */
  readonly leaf: Uint8Array;
  readonly presence: Presence;
  /** Of an open source: its text. */
  readonly text?: string;
  /** Of an open claim: its quote; undefined when its content has none that could stand anywhere. */
  readonly quote?: Quote | undefined;
}

export interface EntryPlace {
  readonly topic: string;
  /** The entry hash before this one. */
  readonly previous: Uint8Array;
  /** The seq it must have; in an excerpt only its header knows. */
  readonly seq?: number;
  readonly line: number;
}

/** @throws Failure at `seq N`; in an excerpt at `line N` until the header is known to be the hashed one. */
export function checkEntry(line: EntryLine, place: EntryPlace): CheckedEntry {
  const header = readHeader(line.header);
  const where = place.seq === undefined ? `line ${place.line}` : `seq ${place.seq}`;
  if (typeof header === 'string') throw new Failure(where, `${header} (line ${place.line})`);
  if (header.topic !== place.topic) throw new Failure(where, `the header belongs to topic ${header.topic}`);
  const seq = place.seq ?? header.seq;
  if (header.seq !== seq) throw new Failure(where, `found seq ${header.seq}: an entry is missing, added or out of order (line ${place.line})`);
  const entry = hashEntryText(place.previous, line.header);
  if (!equalBytes(entry, readHex(line.entry))) throw new Failure(where, 'header and predecessor do not hash to the entry: it was changed');
  return { header, entry, leaf: leafHashOf(entry), ...checkContent(header, line, seq) };
}

function checkContent(header: Header, line: EntryLine, seq: number): Pick<CheckedEntry, 'presence' | 'text' | 'quote'> {
  const commitment = 'commitment' in header ? header.commitment : undefined;
  if ('content' in line) {
    if (!commitment) throw new Failure(`seq ${seq}`, 'content for an entry that commits to none');
    const actual = hashContentText(readHex(line.salt), line.content);
    if (!equalBytes(actual, readHex(commitment))) throw new Failure(`seq ${seq}`, 'the content does not match its commitment');
    return { presence: 'open', ...readContent(header, line.content) };
  }
  if ('withheld' in line) {
    if (!commitment) throw new Failure(`seq ${seq}`, 'marked withheld, but the entry commits to no content');
    return { presence: 'withheld' };
  }
  if ('erased' in line) {
    if (!commitment) throw new Failure(`seq ${seq}`, 'marked erased, but the entry commits to no content');
    return { presence: 'erased' };
  }
  if (commitment) throw new Failure(`seq ${seq}`, 'the content is missing without a reason');
  return { presence: 'none' };
}

/** The content of an entry is JCS of an object; sources and claims hold what quotes are checked with. */
function readContent(header: Header, text: string): Pick<CheckedEntry, 'text' | 'quote'> {
  const content = parseObject(text);
  if (content === undefined || !isCanonicalText(text)) throw new Failure(`seq ${header.seq}`, 'the content is not an object in canonical form');
  if (header.type === 'source') {
    if (typeof content['text'] !== 'string') throw new Failure(`seq ${header.seq}`, 'a source without text');
    return { text: content['text'] };
  }
  return header.type === 'claim' ? { quote: readQuote(header, content) } : {};
}

/** @throws Failure where the offsets are no numbers, unless the claim is flagged `ungrounded`: then it stands nowhere. */
function readQuote(header: HeaderOf<'claim'>, content: Readonly<Record<string, unknown>>): Quote | undefined {
  const { quote, start, end } = content;
  if (typeof quote === 'string' && typeof start === 'number' && typeof end === 'number') return [quote, start, end];
  if (header.flags.includes('ungrounded')) return undefined;
  throw new Failure(`seq ${header.seq}`, 'a claim without a quote and its place');
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
