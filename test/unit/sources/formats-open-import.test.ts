import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openImport } from '../../../src/sources/formats/open-import.ts';
import { collect } from '../../collect.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hearsay-import-'));
afterAll(() => rmSync(folder, { recursive: true }));
const hasZstd = spawnSync('zstd', ['--version']).status === 0;
const write = (name: string, bytes: string | Buffer) => {
  writeFileSync(path.join(folder, name), bytes);
  return path.join(folder, name);
};
async function readAll(stream: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await collect(stream)).toString();
}

describe('openImport', () => {
  it('reads plain files, gzip and standard input', async () => {
    expect(await readAll(await openImport(write('a.ndjson', 'one')))).toBe('one');
    expect(await readAll(await openImport(write('a.gz', gzipSync('two'))))).toBe('two');
    async function* stdin() {
      yield Buffer.from('three');
    }
    expect(await readAll(await openImport('-', { stdin: stdin() }))).toBe('three');
  });

  it('says what is wrong with a path', async () => {
    await expect(openImport(path.join(folder, 'none'))).rejects.toMatchObject({ name: 'InvalidInputError', code: 'file_not_found' });
    await expect(openImport(folder)).rejects.toMatchObject({ code: 'not_a_file' });
    await expect(openImport(write('b.gz', 'no gzip')).then(readAll)).rejects.toMatchObject({ code: 'bad_gzip' });
  });

  it('says that zstd is not installed', async () => {
    const stream = await openImport(write('c.zst', ''), { zstd: path.join(folder, 'no-such-program') });
    await expect(readAll(stream)).rejects.toMatchObject({ name: 'InvalidInputError', code: 'zstd_missing' });
  });

  it.skipIf(!hasZstd)('unpacks .zst with a long window, and names a broken one (needs zstd)', async () => {
    const text = 'line\n'.repeat(100_000);
    const packed = spawnSync('zstd', ['--long=31', '-c'], { input: text, maxBuffer: 1e8 }).stdout;
    expect(await readAll(await openImport(write('d.ndjson.zst', packed)))).toBe(text);
    await expect(openImport(write('e.zst', 'no zstd')).then(readAll)).rejects.toMatchObject({ code: 'bad_zstd' });
  });

  it.skipIf(!hasZstd)('ends the program when the reader stops early (needs zstd)', async () => {
    const packed = spawnSync('zstd', ['-c'], { input: Buffer.alloc(50_000_000), maxBuffer: 1e8 }).stdout;
    for await (const chunk of await openImport(write('f.zst', packed))) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  });
});
