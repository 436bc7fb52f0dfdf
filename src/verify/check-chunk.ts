/** First half of verification over one chunk of lines: what a worker thread does, callable without one. */
import { isUtf8 } from 'node:buffer';
import { GENESIS } from '../ledger/chain.ts';
import { isClosing, parseEntryLine } from '../ledger/export-format.ts';
import { readHex } from '../ledger/hex.ts';
import { decodeLine, decodeLines } from '../ledger/read-export-lines.ts';
import { checkEntry } from '../ledger/verify-entry.ts';
import { Failure, toFailure } from '../ledger/verify-result.ts';
import { ChunkPacker, type ChunkResult, type ChunkTask } from './chunk-result.ts';

/** The opening line is line 1, so an entry stands on the line after its seq. */
const FIRST_ENTRY = 2;

export function checkChunk({ bytes, context, line, lines, topic }: ChunkTask): ChunkResult {
  const packer = new ChunkPacker(lines);
  const isText = isUtf8(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let previous = line === FIRST_ENTRY ? GENESIS : claimedEntry(buffer.toString('utf8', 0, context - 1));
  for (let [at, number] = [context, line]; at < bytes.length; number++) {
    const end = buffer.indexOf(10, at);
    const text = isText ? buffer.toString('utf8', at, end) : decodeLine(bytes.subarray(at, end));
    if (isClosing(text)) return packer.pack({ closing: decodeLines(bytes.subarray(at)) });
    try {
      const parsed = parseAt(text, number);
      const entry = checkEntry(parsed, { topic, previous, seq: number - FIRST_ENTRY, line: number });
      packer.add(parsed.header, entry);
      previous = entry.entry;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return packer.pack({ failure: { where: error.where, why: error.message } });
    }
    at = end + 1;
  }
  return packer.pack();
}

function parseAt(text: string, number: number): ReturnType<typeof parseEntryLine> {
  try {
    return parseEntryLine(text);
  } catch (error) {
    throw toFailure(`line ${number}`, error);
  }
}

/** What the line before says its entry is. If that line is wrong, its own chunk says so, and this one is never looked at. */
function claimedEntry(text: string): Uint8Array {
  try {
    return readHex(parseEntryLine(text).entry);
  } catch {
    return GENESIS;
  }
}
