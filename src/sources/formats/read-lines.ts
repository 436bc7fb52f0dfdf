/**
 * Reads import files: bytes in, one parsed value or one refusal out per record, streaming and bounded. Nothing is lost silently: a line
 * that is too long, not UTF-8, not JSON or not CSV comes out as a refusal with its line number, and reading goes on.
 * Formats: NDJSON (one JSON text per line, RFC 8259) and CSV (RFC 4180, with header).
 * Proved by test/unit/sources/formats-read-lines.test.ts and test/property/read-lines.test.ts.
 */
import { parse as parseCsv } from 'csv-parse/sync';
import { MAX_LINE_BYTES } from '../../model/post.ts';
import type { Refusal } from '../source.ts';
import { splitRecords } from './split-records.ts';
import { toUtf8 } from './to-utf8.ts';

export type ReadRecord = { readonly line: number; readonly value: unknown } | { readonly line: number; readonly refusal: Refusal };

/**
 * Framing `csv` also takes NDJSON: a file whose first character is `{` has no header line, and 4CAT hands out both.
 * Blank lines are passed over. CSV values are objects of strings, keyed by the header.
 */
export async function* readRecords(
  stream: AsyncIterable<Uint8Array>,
  framing: 'ndjson' | 'csv',
  options: { readonly maxLineBytes?: number } = {},
): AsyncGenerator<ReadRecord> {
  const maxBytes = options.maxLineBytes ?? MAX_LINE_BYTES;
  const { actual, bytes } = await detectFraming(toUtf8(stream), framing);
  let header: readonly string[] | undefined;
  for await (const record of splitRecords(bytes, { maxBytes, quoted: actual === 'csv' })) {
    const { line } = record;
    if (record.bytes === undefined) {
      yield { line, refusal: refuse('line_too_large', `longer than ${maxBytes} bytes`, line) };
      continue;
    }
    const text = decodeStrictly(record.bytes);
    if (text === undefined) {
      yield { line, refusal: refuse('bad_encoding', 'not UTF-8', line) };
      continue;
    }
    if (text.trim() === '') continue;
    if (actual === 'ndjson') {
      yield { line, ...parseJson(text, line) };
      continue;
    }
    const cells = parseCells(text);
    if (header === undefined) {
      if (cells === undefined) {
        yield { line, refusal: refuse('bad_csv', 'the header line is not CSV', line) };
        return;
      }
      header = cells;
    } else if (cells === undefined || cells.length !== header.length) {
      const why = cells === undefined ? 'quotes do not match' : `${cells.length} cells under a header of ${header.length}`;
      yield { line, refusal: refuse('bad_csv', why, line) };
    } else yield { line, value: nameCells(header, cells) };
  }
}

async function detectFraming(bytes: AsyncGenerator<Buffer>, framing: 'ndjson' | 'csv'): Promise<{ actual: 'ndjson' | 'csv'; bytes: AsyncIterable<Buffer> }> {
  if (framing === 'ndjson') return { actual: framing, bytes };
  const seen: Buffer[] = [];
  let actual: 'ndjson' | 'csv' = 'csv';
  // By hand, not with for-await, which would close the stream on leaving it.
  for (;;) {
    const next = await bytes.next();
    if (next.done === true) break;
    seen.push(next.value);
    const first = next.value.find((byte) => byte > 0x20);
    if (first === undefined) continue;
    if (first === 0x7b) actual = 'ndjson';
    break;
  }
  async function* resume(): AsyncGenerator<Buffer> {
    yield* seen;
    yield* bytes;
  }
  return { actual, bytes: resume() };
}

function decodeStrictly(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parseJson(text: string, line: number): { value: unknown } | { refusal: Refusal } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    // The parser's own message quotes the line; the start of it is enough to find it again.
    return { refusal: refuse('bad_json', `not JSON: ${text.slice(0, 60)}`, line) };
  }
}

function parseCells(text: string): readonly string[] | undefined {
  try {
    const rows = parseCsv(text, { relax_quotes: true, relax_column_count: true }) as string[][];
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Without a prototype, so that a column called `__proto__` is a column. */
function nameCells(header: readonly string[], cells: readonly string[]): Record<string, string> {
  const named = Object.create(null) as Record<string, string>;
  header.forEach((name, at) => {
    named[name.trim()] = cells[at] ?? '';
  });
  return named;
}

function refuse(code: string, detail: string, line: number): Refusal {
  return { code, detail: detail.slice(0, 120), item: `line ${line}` };
}
