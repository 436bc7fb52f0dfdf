import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSource, runChecks, type Check, type DoctorDeps } from '../../../src/cli/doctor-checks.ts';
import { checkSecret, checkSigningKey } from '../../../src/cli/doctor/keys.ts';
import { checkConfiguration, checkDataDirectory, checkForgottenClusters, checkNode, checkSystemClock } from '../../../src/cli/doctor/machine.ts';
import { readInfo } from '../../../src/cli/doctor/queue.ts';
import { readConfig } from '../../../src/config.ts';
import { InvalidInputError } from '../../../src/errors.ts';
import { loadSecret, secretPath } from '../../../src/keys.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-doctor-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const outcome = (checks: readonly Check[]) => checks.map(({ ok }) => ok);

describe('machine', () => {
  it.each([
    ['v20.19.0', true],
    ['v24.1.0', true],
    ['v20.18.3', false],
    ['v18.20.0', false],
  ])('node %s', (version, ok) => {
    expect(outcome(checkNode(version))).toEqual([ok]);
  });

  it('names misspelt variables, a public X switch and routes', () => {
    expect(checkConfiguration(readConfig({}, dir))).toEqual([{ name: 'configuration', ok: true, found: 'every variable understood' }]);
    const config = readConfig({ HEARSAY_PROT: '1', HEARSAY_X_PUBLIC: 'text', HEARSAY_ROUTES: 'a.example=http://127.0.0.1:1' }, dir);
    const checks = checkConfiguration(config);
    expect(outcome(checks)).toEqual(['warn', 'warn', 'warn']);
    expect(checks[0]?.found).toContain('HEARSAY_PROT');
  });

  it('looks at the data directory without creating it', async () => {
    const later = path.join(dir, 'a', 'b');
    expect(await checkDataDirectory(later)).toEqual([{ name: 'data directory', ok: true, found: `${later} (made at the first start)` }]);
    const file = path.join(dir, 'file');
    await writeFile(file, '');
    expect(outcome(await checkDataDirectory(file))).toEqual([false]);
  });

  it('knows a clock that stood still', () => {
    expect(outcome(checkSystemClock(new Date('1970-01-01')))).toEqual([false]);
    expect(outcome(checkSystemClock(new Date('2027-05-01')))).toEqual([true]);
  });

  it('finds databases whose data directory is gone', async () => {
    const place = path.join(dir, 'cluster-x');
    await mkdir(place);
    await writeFile(path.join(place, 'data-directory'), `${path.join(dir, 'gone')}\n`);
    expect((await checkForgottenClusters(dir))[0]).toMatchObject({ ok: 'warn', found: place });
    await mkdir(path.join(dir, 'gone'));
    await writeFile(path.join(dir, 'gone', 'postgres-place'), `${place}\n`);
    expect(await checkForgottenClusters(dir)).toEqual([]);
  });
});

describe('keys', () => {
  it('accepts a first start, halts on a lost or foreign secret', async () => {
    const config = readConfig({ HEARSAY_DATA: dir }, '/');
    expect(outcome(await checkSecret(config, []))).toEqual([true]);
    expect(outcome(await checkSecret(config, ['0123abcd']))).toEqual([false]);
    const { keyId } = await loadSecret(config);
    expect(outcome(await checkSecret(config, [keyId]))).toEqual([true]);
    expect(outcome(await checkSecret(config, ['0123abcd']))).toEqual([false]);
    await chmod(secretPath(dir), 0o644);
    expect(outcome(await checkSecret(config, [keyId]))).toEqual([true, 'warn']);
  });

  it('says when the named signing key is missing', async () => {
    expect(outcome(await checkSigningKey(readConfig({ HEARSAY_DATA: dir }, '/')))).toEqual([true]);
    expect(outcome(await checkSigningKey(readConfig({ HEARSAY_DATA: dir, HEARSAY_SIGNING_KEY: path.join(dir, 'no') }, '/')))).toEqual([false]);
  });
});

describe('queue', () => {
  it('reads what Redis says of itself', () => {
    expect(readInfo('# Server\r\nredis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n')).toEqual([
      { name: 'queue', ok: true, found: 'Redis 7.0.15' },
    ]);
    expect(outcome(readInfo('redis_version:5.0.1\nmaxmemory_policy:allkeys-lru\naof_enabled:0'))).toEqual([false, false, 'warn']);
  });
});

describe('sources', () => {
  const description = {
    collects: '',
    limits: '',
    caveats: '',
    keep: '',
    deletion: '',
    public: 'summary' as const,
    credentials: [
      { env: 'REDDIT_CLIENT_ID', required: true, how: 'ask Reddit' },
      { env: 'REDDIT_USERNAME', required: false, how: 'optional' },
    ],
  };
  it('is a warning with the way to credentials, never an error', () => {
    expect(checkSource({ name: 'reddit', description }, {})).toEqual({
      name: 'source reddit',
      ok: 'warn',
      found: 'cannot be crawled without REDDIT_CLIENT_ID',
      doThis: 'ask Reddit',
    });
    expect(checkSource({ name: 'reddit', description }, { REDDIT_CLIENT_ID: 'x' })).toMatchObject({
      ok: true,
      found: 'ready; optional and unset: REDDIT_USERNAME',
    });
  });
});

describe('runChecks', () => {
  const deps: DoctorDeps = {
    nodeVersion: process.version,
    now: () => new Date('2027-01-01'),
    sources: [],
    readTopics: async () => ['semax'],
    openDatabase: async () => {
      throw new InvalidInputError('no_space', 'the disk is full');
    },
  };

  it('goes on after a check that fails, and shows no secret', async () => {
    const config = readConfig(
      { HEARSAY_DATA: dir, DATABASE_URL: 'postgres://u:hunter2@db/x', REDIS_URL: 'redis://u:hunter2@127.0.0.1:1', HEARSAY_SECRET: 'cd'.repeat(32) },
      '/',
    );
    const readTopics = () => Promise.reject(new InvalidInputError('bad_topic', 'topics/x.yaml:3 title: is missing'));
    const checks = await runChecks(config, { ...deps, readTopics });
    const failed = checks.filter(({ ok }) => ok === false).map(({ name, found }) => `${name}: ${found}`);
    expect(failed).toEqual([
      'database: no_space: the disk is full',
      'queue: Redis does not answer (ECONNREFUSED)',
      'topics: bad_topic: topics/x.yaml:3 title: is missing',
    ]);
    expect(JSON.stringify(checks)).not.toMatch(/hunter2|cdcdcd/);
    for (const { ok, doThis } of checks) if (ok !== true) expect(doThis).toBeTruthy();
  });
});
