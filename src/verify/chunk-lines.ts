/**
 * Cuts a stream of bytes into chunks of whole lines, each with the line before it, so that chunks can be checked apart from each
 * other. The same lines as readExportLines: a last line without its newline gets a mark that no valid line can hold.
 * Proved by test/unit/verify/chunk-lines.test.ts.
 */

export interface LineChunk {
  /** Whole lines with their newlines, in a buffer of their own that may be handed to another thread. */
  readonly bytes: Uint8Array;
  /** Bytes at the start that repeat the line before: 0 in the first chunk. */
  readonly context: number;
  /** Number of the first line after the context, from 1. */
  readonly line: number;
  readonly lines: number;
}

const NEWLINE = 10;
const MAX_LINE = 64 * 1024 * 1024;
const UNTERMINATED = Uint8Array.of(0, NEWLINE);

export async function* chunkLines(stream: AsyncIterable<Uint8Array>, chunkBytes: number): AsyncGenerator<LineChunk> {
  let parts: Uint8Array[] = [];
  let held = 0;
  let before: Uint8Array = new Uint8Array();
  let line = 1;
  const cut = (end: readonly Uint8Array[]): LineChunk => {
    const bytes = concat([before, ...end]);
    const context = before.length;
    const lines = countLines(bytes, context);
    const chunk = { bytes, context, line, lines };
    line += lines;
    // A copy: the buffer may be gone to another thread when the next chunk is cut.
    before = bytes.slice(bytes.lastIndexOf(NEWLINE, -2) + 1);
    return chunk;
  };
  for await (const piece of stream) {
    const last = held + piece.length >= chunkBytes ? piece.lastIndexOf(NEWLINE) : -1;
    if (last >= 0) {
      yield cut([...parts, piece.subarray(0, last + 1)]);
      parts = [];
      held = 0;
    }
    const rest = piece.slice(last + 1);
    parts.push(rest);
    held += rest.length;
    if (held > MAX_LINE) break;
  }
  if (held === 0) return;
  const isTerminated = (parts.at(-1) as Uint8Array).at(-1) === NEWLINE;
  yield cut(isTerminated ? parts : [...parts, UNTERMINATED]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function countLines(bytes: Uint8Array, from: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
