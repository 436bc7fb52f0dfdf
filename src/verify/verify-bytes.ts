/**
 * Verification of an export's bytes on several cores: threads check chunks of lines (verify-entry.ts), this one puts the results in
 * order and checks what entries say of each other (verify-chain.ts). The answer is that of verifyExport on one core, which small
 * inputs get. Proved by test/property/parallel-verify.test.ts on tampered exports.
 */
import { availableParallelism } from 'node:os';
import { decodeLine, decodeLines, readExportLines } from '../ledger/read-export-lines.ts';
import { ExportVerification, startVerification, verifyExport } from '../ledger/verify.ts';
import { type Failed, Failure, settle, type Verified, type VerifyOptions } from '../ledger/verify-result.ts';
import { chunkLines, type LineChunk } from './chunk-lines.ts';
import { type ChunkResult, unpackEntries } from './chunk-result.ts';
import { type ChunkChecker, ChunkThreads } from './chunk-threads.ts';

/** Below this, starting threads costs more than it saves. */
const SMALL = 4 * 1024 * 1024;
const CHUNK = 256 * 1024;
/** Chunks a thread has before it: one in work, one waiting. */
const AHEAD = 2;
/** More threads than this wait for this one. */
const MAX_THREADS = 4;

export interface Cores {
  /** Default: as many as the machine has, at most 4; 1 = everything on this thread. */
  readonly threads?: number;
  /** Bytes of a chunk. */
  readonly chunk?: number;
  /** Inputs up to this many bytes stay on this thread. */
  readonly small?: number;
}

export async function verifyExportBytes(stream: AsyncIterable<Uint8Array>, options: VerifyOptions = {}, cores: Cores = {}): Promise<Verified | Failed> {
  const { threads = Math.min(availableParallelism(), MAX_THREADS), chunk = CHUNK, small = SMALL } = cores;
  if (threads < 2) return verifyExport(readExportLines(stream), options);
  const { begin, more } = await takeUpTo(stream[Symbol.asyncIterator](), small);
  if (!more) return verifyExport(readExportLines(begin), options);
  return verifyChunks(chunkLines(joined(begin, more), chunk), options, { checker: new ChunkThreads(threads), ahead: threads * AHEAD });
}

/** `ahead`: chunks under way at a time. Closes the checker. */
export function verifyChunks(
  chunks: AsyncIterable<LineChunk>,
  options: VerifyOptions,
  work: { readonly checker: ChunkChecker; readonly ahead: number },
): Promise<Verified | Failed> {
  return settle(() => verifyInOrder(chunks, options, work));
}

async function verifyInOrder(
  chunks: AsyncIterable<LineChunk>,
  options: VerifyOptions,
  { checker, ahead }: { readonly checker: ChunkChecker; readonly ahead: number },
): Promise<Verified> {
  const waiting: { readonly result: Promise<ChunkResult>; readonly line: number }[] = [];
  let verification: ReturnType<typeof startVerification> | undefined;
  let lines = 0;
  const settleOldest = async (): Promise<void> => {
    const { result, line } = waiting.shift() as (typeof waiting)[number];
    addChunk(verification as ExportVerification, await result, line);
  };
  try {
    for await (const chunk of chunks) {
      let { bytes, context, line } = chunk;
      lines += chunk.lines;
      if (!verification) {
        const end = bytes.indexOf(10);
        verification = startVerification(decodeLine(bytes.subarray(0, end)), options);
        [context, line] = [end + 1, 2];
      }
      if (!(verification instanceof ExportVerification)) {
        // An excerpt is small by definition.
        for (const text of decodeLines(bytes.subarray(context))) verification.add(text, line++);
        continue;
      }
      const task = { bytes: bytes as Uint8Array<ArrayBuffer>, context, line, lines: chunk.lines, topic: verification.opening.topic };
      const result = checker.check(task);
      // Awaited in its turn; until then a failing thread must not count as an unhandled rejection.
      result.catch(() => undefined);
      waiting.push({ result, line });
      if (waiting.length >= ahead) await settleOldest();
    }
    while (waiting.length > 0) await settleOldest();
    if (!verification) throw new Failure('line 1', 'the export is empty');
    return await verification.finish(lines);
  } finally {
    await checker.close();
  }
}

function addChunk(verification: ExportVerification, result: ChunkResult, line: number): void {
  let number = line;
  for (const entry of unpackEntries(result)) verification.addEntry(() => entry, number++);
  if (result.failure) {
    const { where, why } = result.failure;
    const fail = (): never => {
      throw new Failure(where, why);
    };
    verification.addEntry(fail, number);
  }
  for (const text of result.closing ?? []) verification.close(text, number++);
}

/** The first bytes of a stream, and the rest of it if there is one. */
async function takeUpTo(
  iterator: AsyncIterator<Uint8Array>,
  small: number,
): Promise<{ readonly begin: Uint8Array[]; readonly more?: AsyncIterator<Uint8Array> }> {
  const begin: Uint8Array[] = [];
  for (let held = 0; held <= small; ) {
    const next = await iterator.next();
    if (next.done) return { begin };
    begin.push(next.value);
    held += next.value.length;
  }
  return { begin, more: iterator };
}

async function* joined(begin: Uint8Array[], more: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = begin.shift(); piece; piece = begin.shift()) yield piece;
    for (let next = await more.next(); !next.done; next = await more.next()) yield next.value;
  } finally {
    await more.return?.();
  }
}
