/**
 * The export: NDJSON, every line in canonical JSON (RFC 8785), so that any changed byte is caught.
 *
 *   {"format":"hearsay-ledger","origin":"<host>/<slug>","topic":"<slug>","version":1,"vkey":"..."}
 *   {"entry":"<hex>","header":"<bytes>"}, with "content":"<bytes>" and "salt":"<hex>", or "withheld":1, or "erased":1 where the header commits to content
 *   {"checkpoint":"<signed note>","counts":"<JSON text>"}
 *
 * `header` and `content` hold the exact hashed bytes as text; `entry` is the entry's hash, so that a change is found where it is. Proved by test/property/export.test.ts.
 */
import { z } from 'zod';
import { InvalidInputError } from '../errors.ts';
import type { Counts } from '../model/counts.ts';
import { canonicalText } from './canonical.ts';

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);

export const openingLine = z.strictObject({
  format: z.literal('hearsay-ledger'),
  version: z.literal(1),
  topic: z.string(),
  origin: z.string(),
  vkey: z.string(),
});
export type OpeningLine = z.infer<typeof openingLine>;

export const entryLine = z.union([
  z.strictObject({ entry: hex32, header: z.string() }),
  z.strictObject({ entry: hex32, header: z.string(), salt: hex32, content: z.string() }),
  z.strictObject({ entry: hex32, header: z.string(), withheld: z.literal(1) }),
  z.strictObject({ entry: hex32, header: z.string(), erased: z.literal(1) }),
]);
export type EntryLine = z.infer<typeof entryLine>;

export const closingLine = z.strictObject({ checkpoint: z.string(), counts: z.string() });
export type ClosingLine = z.infer<typeof closingLine>;

/** The numbers of a fold as the closing line holds them: without the wording of rules, which may be improved without any number changing. */
export function formatCounts(counts: Counts): string {
  const { grade, ...numbers } = counts;
  return JSON.stringify({ ...numbers, grade: grade.value });
}

/** One line with its newline. */
export function formatLine(line: OpeningLine | EntryLine | ClosingLine): string {
  return `${canonicalText(line)}\n`;
}

/**
 * Parses one line without its newline.
 * @throws InvalidInputError `bad_line` unless it is the canonical form of a value of `schema`.
 */
export function parseLine<T extends OpeningLine | EntryLine | ClosingLine>(text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidInputError('bad_line', 'not JSON');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InvalidInputError('bad_line', 'not a line of this format');
  if (canonicalText(parsed.data) !== text) throw new InvalidInputError('bad_line', 'not in canonical form');
  return parsed.data;
}
