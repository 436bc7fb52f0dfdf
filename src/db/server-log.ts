/**
 * `<dataDir>/postgres.log`: what the server says, of bounded size, and what that means for a person.
 * The server writes to the file itself, so a busy or dead parent never blocks it. Statements and row values are kept out
 * of it (src/db/server.ts): it must not hold texts that were erased from the database.
 */
import { copyFile, open, stat, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError, TransientError, type HearsayError } from '../errors.ts';

const MAX_LOG_BYTES = 4 * 1024 * 1024;
const CHECK_EVERY_MS = 60_000;

export interface ServerLog {
  readonly file: FileHandle;
  readonly path: string;
  /** What the server wrote since `offset`, at most the last 16 KiB. */
  readSince(offset: number): Promise<string>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export async function openServerLog(dataDir: string): Promise<ServerLog> {
  const location = path.join(dataDir, 'postgres.log');
  const file = await open(location, 'a+', 0o600);
  await boundLog(location);
  const timer = setInterval(() => void boundLog(location).catch(() => undefined), CHECK_EVERY_MS);
  timer.unref();
  const size = async () => (await stat(location)).size;
  return {
    file,
    path: location,
    size,
    async readSince(offset) {
      const end = await size().catch(() => 0);
      const start = Math.max(offset > end ? 0 : offset, end - 16_384);
      const buffer = Buffer.alloc(Math.max(end - start, 0));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
      return buffer.toString('utf8', 0, bytesRead);
    },
    async close() {
      clearInterval(timer);
      await file.close();
    },
  };
}

/** Copied and cut in place: the server's descriptor appends, so it goes on at the new end. */
async function boundLog(location: string): Promise<void> {
  if ((await stat(location)).size <= MAX_LOG_BYTES) return;
  await copyFile(location, `${location}.1`);
  await truncate(location, 0);
}

/** Reasons a start or an initdb can fail, by what PostgreSQL prints in the C locale. First match wins. */
const REASONS: readonly { readonly pattern: RegExp; readonly code: string; readonly say: string; readonly retry?: true }[] = [
  { pattern: /No space left on device|Disk quota exceeded/, code: 'no_space', say: 'the disk is full: free space, then start again' },
  { pattern: /Read-only file system/, code: 'data_dir_unwritable', say: 'the disk is read-only: set HEARSAY_DATA to a directory that can be written' },
  {
    pattern: /could not (?:create|bind|listen)[^\n]*(?:socket|address)|Address already in use/,
    code: 'port_taken',
    say: 'its port was taken meanwhile',
    retry: true,
  },
  {
    pattern: /pre-existing shared memory block|lock file "postmaster\.pid" already exists/,
    code: 'database_busy',
    say: 'an earlier server has not ended yet',
    retry: true,
  },
  {
    pattern: /could not (?:create|open|resize|map) (?:shared memory|anonymous)[^\n]*/,
    code: 'no_shared_memory',
    say: 'there is too little shared memory: give the machine or container more (docker run --shm-size=256m)',
  },
  {
    pattern: /database files are incompatible|initialized by PostgreSQL version/,
    code: 'cluster_version',
    say: 'the data was written by another PostgreSQL version',
  },
  {
    pattern: /Permission denied|Operation not permitted|EACCES|EPERM/,
    code: 'data_dir_permission',
    say: 'it may not use its files: check the owner of the data directory',
  },
];

/** The error for a server that did not come up. The log is named, not quoted at length. */
export function explainFailure(what: string, output: string, logPath?: string): HearsayError {
  const reason = REASONS.find(({ pattern }) => pattern.test(output));
  const line = output
    .split('\n')
    .findLast((text) => /FATAL|PANIC|error/i.test(text))
    ?.trim()
    .slice(0, 300);
  const details = [line, logPath && `see ${logPath}`].filter(Boolean).join('; ');
  const message = `${what}: ${reason?.say ?? 'PostgreSQL ended'}${details && ` (${details})`}`;
  if (reason?.retry) return new TransientError(reason.code, message);
  return new InvalidInputError(reason?.code ?? 'database_failed', message);
}
