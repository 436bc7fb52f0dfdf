/**
 * Splits an export into lines, strictly: every line is UTF-8 and ends with one newline. Bytes that are not UTF-8 must not be replaced:
 * EF BF BD, which is U+FFFD, and F0 BF BD, which is nothing, would give one text. Runs in the browser too.
 * Proved by test/conformance/python-verifier.test.ts.
 */

const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 10;
/** What a line that is not UTF-8, or not ended, is read as or ends with: no valid line can hold it. */
const BROKEN = '\u0000';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Yields lines without their newline; a last line without one is yielded with a mark that no valid line can hold. */
export async function* readExportLines(stream: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array>): AsyncGenerator<string> {
  let begun: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield* decodeLines(concat([...begun, bytes.subarray(0, end)]));
      begun = [];
      held = 0;
    }
    begun.push(bytes.slice(end));
    held += bytes.length - end;
    if (held > MAX_LINE_BYTES) break;
  }
  if (held > 0) yield `${decodeLine(concat(begun))}${BROKEN}`;
}

/** One line without its newline. */
export function decodeLine(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return BROKEN;
  }
}

/** Whole lines with their newlines; one by one only where one of them is broken. */
export function decodeLines(bytes: Uint8Array): string[] {
  try {
    return strict.decode(bytes).split('\n').slice(0, -1);
  } catch {
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(NEWLINE, at);
      lines.push(decodeLine(bytes.subarray(at, end)));
      at = end + 1;
    }
    return lines;
  }
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
