/** Writes the made-up dump, packed as archives of Reddit are: one zstd frame with a window of 2^31 bytes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { emptyExpected, type Expected, makeLines } from './lines.ts';

export interface Dump {
  readonly bytes: number;
  readonly expected: Expected;
}

/** At least `bytes` of lines, before packing. `started` is told of the packing process, so that it can be ended. */
export async function writeDump(file: string, bytes: number, started: (child: ChildProcess) => void): Promise<Dump> {
  const zstd = spawn('zstd', ['-q', '-3', '--long=31', '-o', file], { stdio: ['pipe', 'ignore', 'inherit'] });
  started(zstd);
  const expected = emptyExpected();
  let written = 0;
  function* take(): Generator<Buffer> {
    let block: Buffer[] = [];
    let size = 0;
    for (const line of makeLines(expected)) {
      block.push(line);
      size += line.length;
      if (size < 1 << 20 && written + size < bytes) continue;
      yield Buffer.concat(block);
      written += size;
      block = [];
      size = 0;
      if (written >= bytes) return;
    }
  }
  const ended = once(zstd, 'close');
  await pipeline(Readable.from(take(), { objectMode: true, highWaterMark: 1 }), zstd.stdin);
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`zstd ended with ${code}`);
  return { bytes: written, expected };
}
