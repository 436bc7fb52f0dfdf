/**
 * Opens an import file as a stream of bytes: plain, `.gz`, `.zst` through an installed `zstd` (archives of Reddit use a window of
 * 2^31 bytes, hence --long=31), or `-` for standard input.
 * Proved by test/unit/sources/formats-open-import.test.ts.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { InvalidInputError } from '../../errors.ts';

export interface OpenImportOptions {
  /** Read for `-`; default: the process's standard input. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Program that unpacks `.zst`; default `zstd`, found on the PATH. */
  readonly zstd?: string;
}

/** Raises `file_not_found` and `not_a_file` at once; `zstd_missing`, `bad_zstd` and `bad_gzip` while reading. */
export async function openImport(path: string, options: OpenImportOptions = {}): Promise<AsyncIterable<Uint8Array>> {
  if (path === '-') return options.stdin ?? process.stdin;
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new InvalidInputError('file_not_found', `no such file: ${path}`);
  if (found.isDirectory()) throw new InvalidInputError('not_a_file', `a directory, not a file: ${path}`);
  if (path.endsWith('.zst')) return unpackZstd(path, options.zstd ?? 'zstd');
  if (path.endsWith('.gz')) return unpackGzip(path);
  return createReadStream(path, { highWaterMark: 256 * 1024 });
}

async function* unpackZstd(path: string, program: string): AsyncGenerator<Uint8Array> {
  const child = spawn(program, ['-dc', '--long=31', '--', path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, 500);
  });
  const ended = once(child, 'close').then(
    ([code]) => ({ code: code as number | null }),
    (error: unknown) => ({ error }),
  );
  try {
    yield* child.stdout;
    const end = await ended;
    if ('error' in end) {
      throw new InvalidInputError(
        'zstd_missing',
        `${path} needs the program zstd, which is not installed (Debian: apt install zstd; macOS: brew install zstd)`,
        { cause: end.error },
      );
    }
    if (end.code !== 0) throw new InvalidInputError('bad_zstd', `zstd cannot unpack ${path}: ${complaint.trim().split('\n')[0] ?? ''}`);
  } finally {
    // A reader that stops early leaves the child writing into a closed pipe.
    if (child.exitCode === null && child.pid !== undefined) child.kill();
  }
}

async function* unpackGzip(path: string): AsyncGenerator<Uint8Array> {
  const source = createReadStream(path);
  const unpacked = source.pipe(createGunzip());
  source.on('error', (error) => unpacked.destroy(error));
  try {
    yield* unpacked;
  } catch (error) {
    throw new InvalidInputError('bad_gzip', `cannot unpack ${path}`, { cause: error });
  } finally {
    source.destroy();
  }
}
