/**
 * The export: NDJSON, every line in canonical JSON (RFC 8785), so that any changed byte is caught.
 *
 *   {"format":"hearsay-ledger","origin":"<host>/<slug>","topic":"<slug>","version":1,"vkey":"..."}
 *   {"entry":"<hex>","header":"<bytes>"}, with "content":"<bytes>" and "salt":"<hex>", or "withheld":1, or "erased":1 where the header commits to content
 *   {"checkpoint":"<signed note>","counts":"<JSON text>"}, with "history":[{"checkpoint":"<earlier note>","proof":["<base64>",...]},...] where there is one
 *
 * `header` and `content` hold the exact hashed bytes as text; `entry` is the entry's hash, so that a change is found where it is. An excerpt has
 * `"excerpt":1` in its first line, some of the entries, each with `"previous":"<hex>"` and its inclusion `"proof"`, and `{"checkpoint":"..."}` as its last.
 * Proved by test/property/export.test.ts and test/unit/ledger/export-format.test.ts.
 */
import { InvalidInputError } from '../errors.ts';
import type { Counts } from '../model/counts.ts';
import { type CanonicalValue, canonicalText } from './canonical.ts';
import { shortestLengthOf, isCanonicalText } from './canonical-check.ts';

/** Earlier checkpoints in a closing line, at most. */
export const MAX_HISTORY = 32;

/** Hashes in a proof, at most (RFC 9162 sections 2.1.3 and 2.1.4): no tree that can be numbered needs more. */
const MAX_INCLUSION = 63;
const MAX_CONSISTENCY = 64;

export interface OpeningLine {
  readonly format: 'hearsay-ledger';
  readonly version: 1;
  readonly topic: string;
  readonly origin: string;
  readonly vkey: string;
  /** Only some of the entries follow. */
  readonly excerpt?: 1;
}

interface BareEntry {
  /** hex */
  readonly entry: string;
  readonly header: string;
}
/** At most one of content with salt, withheld, erased. */
export type EntryLine =
  | BareEntry
  | (BareEntry & { readonly salt: string; readonly content: string })
  | (BareEntry & { readonly withheld: 1 })
  | (BareEntry & { readonly erased: 1 });

/** `previous`: hex of the entry hash before it; `proof`: RFC 6962 inclusion of the leaf in the closing checkpoint, base64. */
export type ExcerptLine = EntryLine & { readonly previous: string; readonly proof: readonly string[] };

export interface ClosingLine {
  readonly checkpoint: string;
  readonly counts: string;
  /** Oldest first, each with its RFC 6962 consistency proof to `checkpoint`, base64. */
  readonly history?: readonly { readonly checkpoint: string; readonly proof: readonly string[] }[];
}
export interface ExcerptClosingLine {
  readonly checkpoint: string;
}

/** The numbers of a fold as the closing line holds them: without the wording of rules, which may be improved without any number changing. */
export function formatCounts(counts: Counts): string {
  const { grade, ...numbers } = counts;
  return JSON.stringify({ ...numbers, grade: grade.value });
}

/** One line with its newline. */
export function formatLine(line: OpeningLine | EntryLine | ExcerptLine | ClosingLine | ExcerptClosingLine): string {
  return `${canonicalText(line as unknown as CanonicalValue)}\n`;
}

/** Keys in canonical order, each with what it accepts. */
type Shape = readonly (readonly [key: string, accepts: (value: unknown) => boolean])[];

const shape = (keys: Readonly<Record<string, (value: unknown) => boolean>>): Shape => Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1));
const isText = (value: unknown): boolean => typeof value === 'string';
const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isOne = (value: unknown): boolean => value === 1;
const isProof =
  (most: number) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.length <= most && value.every(isText);
const isHistory = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.length <= MAX_HISTORY && value.every((item) => fits(item, PAST));

const PAST = shape({ checkpoint: isText, proof: isProof(MAX_CONSISTENCY) });
const opening = { format: (value: unknown) => value === 'hearsay-ledger', version: isOne, topic: isText, origin: isText, vkey: isText };
const OPENING = [shape(opening), shape({ ...opening, excerpt: isOne })];
const bare = { entry: isHash, header: isText };
const entries = [{ ...bare, salt: isHash, content: isText }, bare, { ...bare, withheld: isOne }, { ...bare, erased: isOne }];
const ENTRIES = entries.map(shape);
const EXCERPT_ENTRIES = entries.map((keys) => shape({ ...keys, previous: isHash, proof: isProof(MAX_INCLUSION) }));
const closing = { checkpoint: isText, counts: isText };
const CLOSING = [shape(closing), shape({ ...closing, history: isHistory })];
const EXCERPT_CLOSING = [shape({ checkpoint: isText })];

/** Parsers take a line without its newline. @throws InvalidInputError `bad_line` unless it is the canonical form of such a line. */
export function parseOpeningLine(text: string): OpeningLine {
  return parseLine(text, OPENING) as OpeningLine;
}
export function parseEntryLine(text: string): EntryLine {
  return parseLine(text, ENTRIES) as EntryLine;
}
export function parseExcerptLine(text: string): ExcerptLine {
  return parseLine(text, EXCERPT_ENTRIES) as ExcerptLine;
}
export function parseClosingLine(text: string): ClosingLine {
  return parseLine(text, CLOSING) as ClosingLine;
}
export function parseExcerptClosingLine(text: string): ExcerptClosingLine {
  return parseLine(text, EXCERPT_CLOSING) as ExcerptClosingLine;
}

/** Whether a line is meant as the last one: its first key sorts before those of every other line. */
export function isClosing(text: string): boolean {
  return text.startsWith('{"checkpoint":');
}

function parseLine(text: string, shapes: readonly Shape[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidInputError('bad_line', 'not JSON');
  }
  if (!shapes.some((each) => fits(value, each))) throw new InvalidInputError('bad_line', 'not a line of this format');
  if (!isShortest(text, value as Record<string, unknown>) && !isCanonicalText(text)) throw new InvalidInputError('bad_line', 'not in canonical form');
  return value;
}

/** True when the object has exactly the keys of the shape, in order. */
function fits(value: unknown, keys: Shape): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const found = Object.keys(value);
  return found.length === keys.length && keys.every(([key, accepts], at) => found[at] === key && accepts((value as Record<string, unknown>)[key]));
}

/** Of strings and ones under keys in order the canonical text is the one shortest, which is quicker to tell than to look at each character. */
function isShortest(text: string, line: Readonly<Record<string, unknown>>): boolean {
  let length = 1;
  for (const [key, value] of Object.entries(line)) {
    if (typeof value === 'string') length += key.length + shortestLengthOf(value) + 4;
    else if (value === 1) length += key.length + 5;
    else return false;
  }
  return text.length === length && text.isWellFormed();
}
