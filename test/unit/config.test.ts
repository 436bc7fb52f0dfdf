import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { InvalidInputError } from '../../src/errors.ts';

const SECRET = 'ab'.repeat(32);

function messageOf(env: Record<string, string>): string {
  try {
    readConfig(env, '/srv');
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInputError);
    expect((error as InvalidInputError).code).toBe('bad_config');
    return (error as Error).message;
  }
  throw new Error('was accepted');
}

describe('readConfig', () => {
  it('has a working default for everything', () => {
    expect(readConfig({}, '/srv/app')).toEqual({
      dataDir: '/srv/app/.hearsay',
      host: '127.0.0.1',
      port: 8080,
      signer: { enabled: true, dir: '/srv/app/.hearsay/signer', everySeconds: 10, everyEntries: 1_000 },
      checkpointPlaces: [],
      allowHosts: [],
      origin: 'localhost',
      routes: {},
      logLevel: 'info',
      sourceBudgets: {},
      xPublic: 'id',
      annotator: 'embedded',
      credentials: {},
      unknownVariables: [],
    });
  });

  it('reads every variable', () => {
    const config = readConfig(
      {
        HEARSAY_DATA: 'data',
        DATABASE_URL: 'postgres://u:p@db.example/hearsay',
        REDIS_URL: 'rediss://cache.example:6380/1',
        HEARSAY_HOST: '::',
        HEARSAY_PORT: '0',
        HEARSAY_SECRET: SECRET.toUpperCase(),
        HEARSAY_SIGNING_KEY: 'keys/signing',
        HEARSAY_SIGNER: 'off',
        HEARSAY_SIGNER_DIR: 'notes',
        HEARSAY_CHECKPOINT_SECONDS: '60',
        HEARSAY_CHECKPOINT_ENTRIES: '50',
        HEARSAY_CHECKPOINT_PLACES: 'dir:outside, https://archive.example/notes',
        HEARSAY_ALLOW_HOSTS: '10.0.0.7:8443, Witness.Internal:080,[0:0::1]:8100,',
        HEARSAY_ORIGIN: 'hearsay.example.org',
        HEARSAY_ROUTES: 'www.Reddit.com=http://127.0.0.1:4000/, oauth.reddit.com = http://[::1]:4001/base',
        HEARSAY_LOG_LEVEL: 'debug',
        HEARSAY_REQUESTS_PER_DAY: 'web=20000',
        HEARSAY_USD_PER_MONTH: 'x=50',
        HEARSAY_X_PUBLIC: 'summary',
        REDDIT_CLIENT_ID: 'client',
        OTHER: 'not asked for',
      },
      '/srv/app',
      ['REDDIT_CLIENT_ID', 'REDDIT_CLIENT_SECRET'],
    );
    expect(config).toEqual({
      dataDir: '/srv/app/data',
      databaseUrl: 'postgres://u:p@db.example/hearsay',
      redisUrl: 'rediss://cache.example:6380/1',
      host: '::',
      port: 0,
      secret: SECRET,
      signingKey: { kind: 'file', path: '/srv/app/keys/signing' },
      signer: { enabled: false, dir: '/srv/app/notes', everySeconds: 60, everyEntries: 50 },
      checkpointPlaces: [
        { kind: 'dir', name: 'dir:/srv/app/outside', path: '/srv/app/outside' },
        { kind: 'http', name: 'https://archive.example/notes', url: 'https://archive.example/notes' },
      ],
      allowHosts: ['10.0.0.7:8443', 'witness.internal:80', '[::1]:8100'],
      origin: 'hearsay.example.org',
      routes: { 'www.reddit.com': 'http://127.0.0.1:4000', 'oauth.reddit.com': 'http://[::1]:4001/base' },
      logLevel: 'debug',
      sourceBudgets: { web: { requestsPerDay: 20_000 }, x: { usdPerMonth: 50 } },
      xPublic: 'summary',
      annotator: 'embedded',
      credentials: { REDDIT_CLIENT_ID: 'client' },
      unknownVariables: [],
    });
  });

  it('takes an empty value as unset and a hex signing key as the seed', () => {
    const config = readConfig({ DATABASE_URL: '', HEARSAY_SECRET: ' ', HEARSAY_SIGNING_KEY: SECRET }, '/srv');
    expect(config.databaseUrl).toBeUndefined();
    expect(config.secret).toBeUndefined();
    expect(config.signingKey).toEqual({ kind: 'seed', hex: SECRET });
  });

  it.each([
    ['HEARSAY_PORT', '65536'],
    ['HEARSAY_PORT', '80.5'],
    ['DATABASE_URL', 'mysql://u:hunter2@db/x'],
    ['DATABASE_URL', 'hunter2'],
    ['REDIS_URL', 'http://u:hunter2@cache'],
    ['HEARSAY_ADMIN_DATABASE_URL', 'mysql://u:hunter2@db'],
    ['HEARSAY_SECRET', 'hunter2'],
    ['HEARSAY_SIGNING_KEY', `${SECRET}ab`],
    ['HEARSAY_ORIGIN', 'https://example.org'],
    ['HEARSAY_LOG_LEVEL', 'loud'],
    ['HEARSAY_REQUESTS_PER_DAY', 'web=2.5'],
    ['HEARSAY_USD_PER_MONTH', 'x'],
    ['HEARSAY_X_PUBLIC', 'everything'],
    ['HEARSAY_HOST', 'not a host'],
    ['HEARSAY_SIGNER', 'maybe'],
    ['HEARSAY_CHECKPOINT_SECONDS', '86401'],
    ['HEARSAY_CHECKPOINT_SECONDS', '2.5'],
    ['HEARSAY_CHECKPOINT_ENTRIES', '-7'],
    ['HEARSAY_CHECKPOINT_PLACES', 'ftp://u:hunter2@h/x'],
    ['HEARSAY_ALLOW_HOSTS', 'witness.internal'],
    ['HEARSAY_ALLOW_HOSTS', 'witness.internal:0'],
    ['HEARSAY_ALLOW_HOSTS', 'witness.internal:65536'],
    ['HEARSAY_ALLOW_HOSTS', 'https://witness.internal:443'],
    ['HEARSAY_ALLOW_HOSTS', 'u:hunter2@witness.internal:443'],
    ['HEARSAY_ALLOW_HOSTS', '*:443'],
    ['HEARSAY_ALLOW_HOSTS', '::1:443'],
  ])('refuses a wrong %s by name, without its value', (name, value) => {
    const message = messageOf({ [name]: value });
    expect(message).toContain(name);
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain(value);
  });

  it('names every wrong variable at once', () => {
    expect(messageOf({ HEARSAY_PORT: 'x', REDIS_URL: 'y' })).toMatch(/REDIS_URL.*HEARSAY_PORT/);
  });

  it.each([
    'www.reddit.com',
    '=http://127.0.0.1:1',
    'www.reddit.com=http://10.0.0.1:80',
    'www.reddit.com=http://127.0.0.1.example.org:80',
    'www.reddit.com=http://user:pw@127.0.0.1:80',
    'www.reddit.com=file:///etc/passwd',
    'www.reddit.com=https://example.org',
  ])('refuses the route %s', (routes) => {
    expect(messageOf({ HEARSAY_ROUTES: routes })).toMatch(/^configuration: HEARSAY_ROUTES entry 1/);
  });

  it('takes every spelling of a loopback address', () => {
    expect(readConfig({ HEARSAY_ROUTES: 'a.example=http://2130706433:81' }, '/').routes).toEqual({ 'a.example': 'http://127.0.0.1:81' });
  });

  it('reports misspelt variables, but not those of tests or sources', () => {
    const env = { HEARSAY_PROT: '1', HEARSAY_TEST_REDIS_URL: 'redis://x', HEARSAY_EXTRA: 'x', PATH: '/bin' };
    expect(readConfig(env, '/', ['HEARSAY_EXTRA']).unknownVariables).toEqual(['HEARSAY_PROT']);
  });
});
