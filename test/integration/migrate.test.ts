/** Migrations, key ids and the test harness itself on a real server. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listKeyIds, requireKnownKey } from '../../src/db/key-ids.ts';
import { listMigrations, migrate, readMigrationState } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import { IntegrityError } from '../../src/errors.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(() => database.drop());

async function run(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  it('brings an empty database up to date, once', async () => {
    const known = await listMigrations();
    expect((await readMigrationState(database.url)).pending).toEqual(known);
    expect(await migrate(database.url)).toEqual(known);
    expect(await migrate(database.url)).toEqual([]);
    expect(await readMigrationState(database.url)).toEqual({ applied: known, pending: [], unknown: [] });
    const { rows } = await run("SELECT count(*)::int AS n FROM information_schema.tables WHERE table_schema = 'public'");
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('lets one of many migrate while the others wait', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => migrate(database.url)));
    expect(runs.flat().sort()).toEqual(await listMigrations());
  });

  it('refuses a database that a newer release has migrated', async () => {
    await migrate(database.url);
    await run("INSERT INTO hearsay.migration (name, run_on) VALUES ('9999_future', now())");
    await expect(migrate(database.url)).rejects.toMatchObject({ code: 'database_newer' });
  });

  it('leaves nothing of a migration that fails', async () => {
    await run('CREATE SCHEMA hearsay; CREATE TABLE hearsay.capture (own int)');
    await expect(migrate(database.url)).rejects.toMatchObject({ code: 'migration_failed', message: expect.stringContaining('capture') });
    expect((await readMigrationState(database.url)).applied).toEqual([]);
    expect((await run("SELECT to_regclass('hearsay.topic') AS topic")).rows).toEqual([{ topic: null }]);
  });

  it('maps a server that is not there', async () => {
    await expect(migrate('postgres://x@127.0.0.1:1/x')).rejects.toMatchObject({ code: 'database_unavailable' });
  });
});

describe('requireKnownKey', () => {
  it('notes the first key of a database and halts on another', async () => {
    const pool = createPool(database.url, { applicationName: 'hearsay-test' });
    expect(await listKeyIds(pool)).toEqual([]);
    await migrate(database.url);
    expect(await listKeyIds(pool)).toEqual([]);
    await requireKnownKey(pool, '0123abcd');
    await requireKnownKey(pool, '0123abcd');
    const refused = requireKnownKey(pool, 'ffffffff');
    await expect(refused).rejects.toBeInstanceOf(IntegrityError);
    await expect(refused).rejects.toMatchObject({ code: 'unknown_key', message: expect.stringContaining('0123abcd') });
    expect(await listKeyIds(pool)).toEqual(['0123abcd']);
    await pool.end();
  });

  it('lets one of two first keys win', async () => {
    await migrate(database.url);
    const pool = createPool(database.url, { applicationName: 'hearsay-test' });
    const outcomes = await Promise.allSettled(['00000001', '00000002', '00000003'].map((id) => requireKnownKey(pool, id)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await listKeyIds(pool)).toHaveLength(1);
    await pool.end();
  });
});

describe('createTestDatabase', () => {
  it('is migrated, and its drop fails on a connection left open', async () => {
    const cloned = await createTestDatabase();
    expect((await readMigrationState(cloned.url)).pending).toEqual([]);
    const leaked = new pg.Client({ connectionString: cloned.url, application_name: 'leaky' });
    leaked.on('error', () => undefined);
    await leaked.connect();
    await expect(cloned.drop()).rejects.toThrow(/left open: leaky/);
    await leaked.end().catch(() => undefined);
  });
});
