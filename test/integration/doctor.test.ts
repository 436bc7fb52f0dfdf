/** The doctor against a real database and Redis. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runChecks, type DoctorDeps } from '../../src/cli/doctor-checks.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/embedded.ts';
import { requireKnownKey } from '../../src/db/key-ids.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import { prepareDatabase } from '../../src/db/prepare.ts';
import { markScrubPending } from '../../src/db/scrub.ts';
import { createEmptyDatabase, redisUrlForTests, type TestDatabase } from './database.ts';

const deps: DoctorDeps = { nodeVersion: process.version, now: () => new Date(), sources: [], readTopics: async () => ['semax'], openDatabase };

let database: TestDatabase;
let dataDir: string;
beforeEach(async () => {
  database = await createEmptyDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), 'hearsay-doctor-'));
});
afterEach(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

async function outcomes(env: Record<string, string>): Promise<Record<string, unknown>> {
  const checks = await runChecks(readConfig({ HEARSAY_DATA: dataDir, ...env }, '/'), deps);
  return Object.fromEntries(checks.map(({ name, ok }) => [name, ok]));
}

describe('runChecks', () => {
  it('sees an empty, a migrated and a foreign database', async () => {
    const env = { DATABASE_URL: database.url, HEARSAY_SECRET: '33'.repeat(32) };
    expect(await outcomes(env)).toMatchObject({ database: true, schema: 'warn', secret: true });
    await migrate(database.url);
    expect(await outcomes(env)).toMatchObject({ schema: true, secret: true });
    const pool = createPool(database.url, { applicationName: 'hearsay-test' });
    await requireKnownKey(pool, '0123abcd');
    await pool.end();
    expect(await outcomes(env)).toMatchObject({ schema: true, secret: false });
    expect(await outcomes({ DATABASE_URL: database.url })).toMatchObject({ secret: false });
  });

  it('says which guards are missing, who owns the tables, and what is not scrubbed', async () => {
    const secret = { HEARSAY_SECRET: '33'.repeat(32) };
    const alone = { ...secret, DATABASE_URL: database.url };
    await migrate(database.url);
    expect(await outcomes(alone)).toMatchObject({ guards: true, roles: true, login: 'warn' });
    const app = new URL(database.url);
    app.username = 'hearsay_test_app';
    app.password = 'hearsay-test';
    const apart = { ...secret, DATABASE_URL: app.href, HEARSAY_ADMIN_DATABASE_URL: database.url };
    await prepareDatabase({ url: app.href, adminUrl: database.url });
    expect(await outcomes(apart)).toMatchObject({ guards: true, roles: true, login: true });

    const pool = createPool(database.url, { applicationName: 'hearsay-test' });
    try {
      await markScrubPending(pool);
      expect(await outcomes(apart)).toMatchObject({ erasures: true });
      const late = { ...deps, now: () => new Date(Date.now() + 25 * 3_600_000) };
      const checks = await runChecks(readConfig({ HEARSAY_DATA: dataDir, ...apart }, '/'), late);
      expect(checks.find(({ name }) => name === 'erasures')).toMatchObject({ ok: 'warn', doThis: expect.stringContaining('hearsay scrub') });
      await pool.query('REVOKE SELECT ON topic FROM hearsay_read; ALTER TABLE ledger_entry ENABLE TRIGGER append_only; DROP TRIGGER grow_only ON ledger_head');
      const broken = await runChecks(readConfig({ HEARSAY_DATA: dataDir, ...apart }, '/'), deps);
      expect(broken.find(({ name }) => name === 'guards')).toMatchObject({
        ok: false,
        found: expect.stringContaining('ledger_entry: append_only, ledger_head: grow_only'),
      });
      expect(broken.find(({ name }) => name === 'roles')).toMatchObject({
        ok: 'warn',
        found: expect.stringContaining('hearsay_read lacks SELECT on hearsay.topic'),
      });
    } finally {
      await pool.end();
    }
  });

  it('creates nothing in a new data directory', async () => {
    expect(await outcomes({})).toMatchObject({ database: true, secret: true, 'signing key': true, queue: true });
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('reaches Redis', async ({ skip }) => {
    const redis = await redisUrlForTests();
    if (redis === undefined) return skip('no Redis answers');
    const checks = await runChecks(readConfig({ HEARSAY_DATA: dataDir, DATABASE_URL: database.url, REDIS_URL: redis }, '/'), deps);
    expect(checks.find(({ name }) => name === 'queue')?.found).toMatch(/^Redis \d/);
  });
});
