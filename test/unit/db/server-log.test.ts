import { appendFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { InvalidInputError, TransientError } from '../../../src/errors.ts';
import { explainFailure, openServerLog } from '../../../src/db/server-log.ts';

describe('openServerLog', () => {
  it('cuts a log that has grown too long and reads what came since', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'hearsay-log-'));
    await writeFile(path.join(dir, 'postgres.log'), 'x'.repeat(5 * 1024 * 1024));
    const log = await openServerLog(dir);
    try {
      expect(await log.size()).toBe(0);
      expect((await stat(`${log.path}.1`)).size).toBe(5 * 1024 * 1024);
      await appendFile(log.path, 'before');
      const offset = await log.size();
      await appendFile(log.path, 'after');
      expect(await log.readSince(offset)).toBe('after');
      expect(await log.readSince(999_999)).toBe('beforeafter');
    } finally {
      await log.close();
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe('explainFailure', () => {
  it.each([
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', InvalidInputError, 'no_space'],
    ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', TransientError, 'port_taken'],
    ['FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use', TransientError, 'database_busy'],
    ['FATAL:  could not resize shared memory segment "/PostgreSQL.1" to 1 bytes: x', InvalidInputError, 'no_shared_memory'],
    ['FATAL:  data directory "/x" has wrong ownership\nPermission denied', InvalidInputError, 'data_dir_permission'],
    ['PANIC:  could not locate a valid checkpoint record', InvalidInputError, 'database_failed'],
    ['', InvalidInputError, 'database_failed'],
  ])('%s', (output, type, code) => {
    const error = explainFailure('the database did not start', output, '/d/postgres.log');
    expect(error).toBeInstanceOf(type);
    expect(error.code).toBe(code);
    expect(error.message).toContain('/d/postgres.log');
  });
});
