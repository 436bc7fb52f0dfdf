import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deriveKeys, loadSecret, loadSigningKey, secretPath } from '../../src/keys.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'hearsay-keys-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('deriveKeys', () => {
  const secret = Buffer.alloc(32, 7);
  const keys = deriveKeys(secret);

  it('is HKDF-SHA256 per purpose and HMAC over length-prefixed parts', () => {
    const key = Buffer.from(hkdfSync('sha256', secret, '', 'hearsay/key/v1/author', 32));
    const message = Buffer.concat([Buffer.from([0, 0, 0, 6]), Buffer.from('reddit'), Buffer.from([0, 0, 0, 2]), Buffer.from('é')]);
    expect(keys.hmac('author', 'reddit', 'é')).toEqual(createHmac('sha256', key).update(message).digest());
    const id = Buffer.from(hkdfSync('sha256', secret, '', 'hearsay/key/v1/id', 32));
    expect(keys.keyId).toBe(createHash('sha256').update(id).digest('hex').slice(0, 8));
  });

  it('tells purposes, splits and secrets apart', () => {
    const values = [
      keys.hmac('author', 'ab', 'c'),
      keys.hmac('author', 'a', 'bc'),
      keys.hmac('author', 'abc'),
      keys.hmac('author', 'abc', ''),
      keys.hmac('dedup', 'ab', 'c'),
      keys.hmac('phone', 'ab', 'c'),
      deriveKeys(Buffer.alloc(32, 8)).hmac('author', 'ab', 'c'),
    ].map((value) => value.toString('hex'));
    expect(new Set(values).size).toBe(values.length);
    expect(keys.hmac('author', Buffer.from('abc'))).toEqual(keys.hmac('author', 'abc'));
  });
});

describe('loadSecret', () => {
  it('makes one private file and finds the same keys again, also for starts at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => loadSecret({ dataDir })));
    expect(new Set(all.map(({ keyId }) => keyId)).size).toBe(1);
    expect((await stat(secretPath(dataDir))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['secret.json']);
    expect((await loadSecret({ dataDir })).hmac('author', 'x')).toEqual(all[0]?.hmac('author', 'x'));
  });

  it('takes the environment, and refuses one that contradicts the file', async () => {
    const secret = '11'.repeat(32);
    expect((await loadSecret({ dataDir, secret })).keyId).toBe(deriveKeys(Buffer.from(secret, 'hex')).keyId);
    expect(await readdir(dataDir)).toEqual([]);
    await loadSecret({ dataDir });
    const failed = loadSecret({ dataDir, secret });
    await expect(failed).rejects.toMatchObject({ code: 'secret_conflict' });
    await expect(failed).rejects.not.toThrow(secret);
  });

  it('never replaces a damaged file', async () => {
    await loadSecret({ dataDir });
    const text = await readFile(secretPath(dataDir), 'utf8');
    const damaged = text.replace(/"secret":"../, '"secret":"zz');
    await writeFile(secretPath(dataDir), damaged);
    await expect(loadSecret({ dataDir })).rejects.toMatchObject({ code: 'bad_secret' });
    await writeFile(secretPath(dataDir), text.replace(/"keyId":"......../, '"keyId":"00000000'));
    await expect(loadSecret({ dataDir })).rejects.toMatchObject({ code: 'bad_secret' });
  });
});

describe('loadSigningKey', () => {
  it('makes a private file on first use and reads it again', async () => {
    const first = await loadSigningKey({ dataDir });
    expect(first.seed).toHaveLength(32);
    expect(await loadSigningKey({ dataDir })).toEqual(first);
    expect((await stat(path.join(dataDir, 'signing-key'))).mode & 0o777).toBe(0o600);
  });

  it('takes a seed, or a file, and never invents a named file', async () => {
    const hex = '22'.repeat(32);
    expect((await loadSigningKey({ dataDir, signingKey: { kind: 'seed', hex } })).seed).toEqual(Uint8Array.from(Buffer.from(hex, 'hex')));
    const file = path.join(dataDir, 'named');
    await expect(loadSigningKey({ dataDir, signingKey: { kind: 'file', path: file } })).rejects.toMatchObject({ code: 'signing_key_missing' });
    await writeFile(file, 'short');
    await expect(loadSigningKey({ dataDir, signingKey: { kind: 'file', path: file } })).rejects.toMatchObject({ code: 'bad_signing_key' });
    await writeFile(file, `${hex}\n`);
    expect((await loadSigningKey({ dataDir, signingKey: { kind: 'file', path: file } })).seed).toHaveLength(32);
  });
});
