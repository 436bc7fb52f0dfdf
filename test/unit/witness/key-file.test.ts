import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyFile, formatKeyFile, parseKeyFile, readKeyFile } from '../../../src/witness/key-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearsay-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a key file', () => {
  it('has one form, which is read back', async () => {
    const key = { name: 'witness.example/w1', seed: new Uint8Array(32).fill(5) };
    const text = await formatKeyFile(key);
    expect(text).toBe('PRIVATE+KEY+witness.example/w1+567cde09+BAUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUF\n');
    expect(await parseKeyFile(text)).toEqual(key);
  });

  it('is random, for its owner only, and never overwritten', async () => {
    const file = path.join(folder, 'key');
    const key = await createKeyFile(file, 'witness.example');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readKeyFile(file)).toEqual(key);
    expect((await createKeyFile(`${file}2`, 'witness.example')).seed).not.toEqual(key.seed);
    const before = await readFile(file, 'utf8');
    await expect(createKeyFile(file, 'witness.example')).rejects.toMatchObject({ code: 'file_exists' });
    expect(await readFile(file, 'utf8')).toBe(before);
  });

  it('leaves no file for a name that a note could not carry', async () => {
    const file = path.join(folder, 'key');
    await expect(createKeyFile(file, 'my witness')).rejects.toMatchObject({ code: 'bad_key' });
    await expect(readKeyFile(file)).rejects.toMatchObject({ code: 'file_not_found' });
  });

  it('is refused when a byte of it is changed, without a word of what it holds', async () => {
    const text = await formatKeyFile({ name: 'witness.example', seed: new Uint8Array(32).fill(9) });
    const file = path.join(folder, 'key');
    for (const bad of ['', text.replace('witness', 'Witness'), text.replace('CQkJ', 'CQkK'), `${text}x`, text.replace('PRIVATE+KEY+', '')]) {
      await writeFile(file, bad);
      const error = await readKeyFile(file).catch((thrown: Error) => thrown);
      expect(error).toMatchObject({ code: 'bad_key' });
      expect((error as Error).message).not.toContain('CQkJ');
    }
  });
});
