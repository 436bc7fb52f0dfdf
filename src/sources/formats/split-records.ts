/**
 * Cuts a byte stream into records without ever holding more than one. NDJSON: a record is a line. CSV (RFC 4180): a line feed
 * inside quotes belongs to the record. A record beyond the cap is reported and its rest skipped up to the next line feed.
 * Proved by test/unit/sources/formats-read-lines.test.ts.
 */

export interface RawRecord {
  /** Line the record starts on, from 1. */
  readonly line: number;
  /** Without the line feed; undefined when the record is longer than the cap. */
  readonly bytes: Buffer | undefined;
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;

export async function* splitRecords(
  stream: AsyncIterable<Buffer>,
  options: { readonly maxBytes: number; readonly quoted: boolean },
): AsyncGenerator<RawRecord> {
  let parts: Buffer[] = [];
  let size = 0;
  let tooLarge = false;
  let line = 1;
  let firstLine = 1;
  let quotes: QuoteState = 'field-start';

  const take = (): RawRecord => {
    const record = { line: firstLine, bytes: tooLarge ? undefined : trimReturn(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size)) };
    parts = [];
    size = 0;
    tooLarge = false;
    firstLine = line;
    quotes = 'field-start';
    return record;
  };
  const add = (piece: Buffer): void => {
    size += piece.length;
    if (size > options.maxBytes) {
      tooLarge = true;
      parts = [];
    } else if (!tooLarge) parts.push(piece);
  };

  for await (const chunk of stream) {
    let start = 0;
    while (start < chunk.length) {
      const feed = chunk.indexOf(LF, start);
      const end = feed === -1 ? chunk.length : feed;
      const piece = chunk.subarray(start, end);
      if (options.quoted) quotes = scanQuotes(piece, quotes);
      add(piece);
      start = end + 1;
      if (feed === -1) break;
      line += 1;
      // Beyond the cap an open quote is taken for a mistake: one record is lost, not the rest of the file.
      if (options.quoted && quotes === 'inside' && !tooLarge) add(chunk.subarray(feed, feed + 1));
      else yield take();
    }
  }
  if (size > 0) yield take();
}

/** A quote opens a field only at its start; inside, a doubled quote is a quote; after the closing one the rest is taken as it is. */
type QuoteState = 'field-start' | 'plain' | 'inside' | 'quote-inside';

function scanQuotes(piece: Buffer, from: QuoteState): QuoteState {
  let state = from;
  for (const byte of piece) {
    if (state === 'inside') {
      if (byte === QUOTE) state = 'quote-inside';
    } else if (byte === QUOTE) state = state === 'plain' ? 'plain' : 'inside';
    else state = byte === COMMA ? 'field-start' : 'plain';
  }
  return state;
}

function trimReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes;
}
