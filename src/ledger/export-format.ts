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
import { isCanonicalText } from './canonical-check.ts';

/** Earlier checkpoints in a closing line, at most. */
export const MAX_HISTORY = 32;

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

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;
const isText = (value: unknown): boolean => typeof value === 'string';
const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isOne = (value: unknown): boolean => value === 1;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isHistory = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.length <= MAX_HISTORY && value.every((item) => fits(item, PAST));

const PAST: Shape = { checkpoint: isText, proof: isTexts };
const OPENING: Shape = { format: (value) => value === 'hearsay-ledger', version: isOne, topic: isText, origin: isText, vkey: isText };
const BARE: Shape = { entry: isHash, header: isText };
const ENTRIES: readonly Shape[] = [{ ...BARE, salt: isHash, content: isText }, BARE, { ...BARE, withheld: isOne }, { ...BARE, erased: isOne }];
const EXCERPT_ENTRIES: readonly Shape[] = ENTRIES.map((shape) => ({ ...shape, previous: isHash, proof: isTexts }));
const CLOSING: Shape = { checkpoint: isText, counts: isText };

/** Parsers take a line without its newline. @throws InvalidInputError `bad_line` unless it is the canonical form of such a line. */
export function parseOpeningLine(text: string): OpeningLine {
  return parseLine(text, [OPENING, { ...OPENING, excerpt: isOne }]) as OpeningLine;
}
export function parseEntryLine(text: string): EntryLine {
  return parseLine(text, ENTRIES) as EntryLine;
}
export function parseExcerptLine(text: string): ExcerptLine {
  return parseLine(text, EXCERPT_ENTRIES) as ExcerptLine;
}
export function parseClosingLine(text: string): ClosingLine {
  return parseLine(text, [CLOSING, { ...CLOSING, history: isHistory }]) as ClosingLine;
}
export function parseExcerptClosingLine(text: string): ExcerptClosingLine {
  return parseLine(text, [{ checkpoint: isText }]) as ExcerptClosingLine;
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
  if (!shapes.some((shape) => fits(value, shape))) throw new InvalidInputError('bad_line', 'not a line of this format');
  if (!isCanonicalText(text)) throw new InvalidInputError('bad_line', 'not in canonical form');
  return value;
}

/** True when the object has exactly the keys of the shape. */
function fits(value: unknown, shape: Shape): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === Object.keys(shape).length && keys.every((key) => Object.hasOwn(shape, key) && shape[key]?.((value as Record<string, unknown>)[key]));
}
