import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from '../../src/replace-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearsay-replace-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('replaceFile', () => {
  it('makes and replaces a file, and leaves no draft', async () => {
    const file = path.join(folder, 'note');
    await replaceFile(file, 'first\n');
    await replaceFile(file, 'second, which is longer\n', 0o600);
    expect(await readFile(file, 'utf8')).toBe('second, which is longer\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['note']);
  });
  it('is whole in every moment, whoever writes at once', async () => {
    const file = path.join(folder, 'note');
    const texts = Array.from({ length: 20 }, (_, at) => `${at}\n`.repeat(5_000));
    await replaceFile(file, texts[0] as string);
    let writing = true;
    const reader = (async () => {
      while (writing) expect(texts).toContain(await readFile(file, 'utf8'));
    })();
    await Promise.all(texts.map((text) => replaceFile(file, text)));
    writing = false;
    await reader;
    expect(await readdir(folder)).toEqual(['note']);
  });
  it('fails without a trace where it cannot write', async () => {
    await expect(replaceFile(path.join(folder, 'gone/note'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
    await mkdir(path.join(folder, 'taken'));
    await expect(replaceFile(path.join(folder, 'taken'), 'x')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
