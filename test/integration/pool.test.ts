/** Connections and transactions against a real server. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool, inTransaction, streamSnapshot, withSnapshot } from '../../src/db/pool.ts';
import { mapDatabaseError } from '../../src/db/database-errors.ts';
import { IntegrityError, TransientError } from '../../src/errors.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, { max: 6, applicationName: 'hearsay-test' });
  await pool.query('CREATE TABLE tally (name text PRIMARY KEY, n bigint NOT NULL)');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function backendPid(client: pg.PoolClient): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

describe('createPool', () => {
  it('works in schema hearsay, in UTC, with limits, under its name', async () => {
    const { rows } = await pool.query(
      `SELECT current_schema() AS schema, current_setting('timezone') AS zone, current_setting('statement_timeout') AS timeout,
              current_setting('application_name') AS name, 'tally'::regclass::text AS found`,
    );
    expect(rows).toEqual([{ schema: 'hearsay', zone: 'UTC', timeout: '2min', name: 'hearsay-test', found: 'tally' }]);
  });

  it('keeps search_path when the address has options of its own', async () => {
    const url = new URL(database.url);
    url.searchParams.set('options', '-c search_path=public');
    const other = createPool(url.href, { applicationName: 'hearsay-test', statementTimeoutMs: 0 });
    expect((await other.query("SELECT current_schema() AS schema, current_setting('statement_timeout') AS timeout")).rows).toEqual([
      { schema: 'hearsay', timeout: '0' },
    ]);
    await other.end();
  });

  it('gives int8 as a number, and refuses to round one', async () => {
    const { rows } = await pool.query(
      'SELECT count(*) AS n, 9007199254740991::bigint AS largest, NULL::bigint AS none, ARRAY[1]::bigint[] AS list, 1.5::numeric AS exact FROM tally',
    );
    expect(rows).toEqual([{ n: 0, largest: Number.MAX_SAFE_INTEGER, none: null, list: ['1'], exact: '1.5' }]);
    await expect(pool.query('SELECT 9007199254740993::bigint')).rejects.toMatchObject({ code: 'unsafe_integer' });
    expect((await pool.query('SELECT 1::int AS still')).rows).toEqual([{ still: 1 }]);
  });

  it('survives the loss of idle connections', async () => {
    const lost: Error[] = [];
    const other = createPool(database.url, { applicationName: 'hearsay-test', onIdleError: (error) => lost.push(error) });
    const client = await other.connect();
    const pid = await backendPid(client);
    client.release();
    const noticed = new Promise((resolve) => other.once('remove', resolve));
    await pool.query('SELECT pg_terminate_backend($1)', [pid]);
    await noticed;
    expect(lost).toHaveLength(1);
    expect((await other.query('SELECT 1::int AS one')).rows).toEqual([{ one: 1 }]);
    await other.end();
  });
});

describe('inTransaction', () => {
  it('commits what worked and nothing of what failed', async () => {
    expect(await inTransaction(pool, async (client) => (await client.query("INSERT INTO tally VALUES ('kept', 1)")).rowCount)).toBe(1);
    await expect(
      inTransaction(pool, async (client) => {
        await client.query("INSERT INTO tally VALUES ('dropped', 1)");
        throw new Error('own reason');
      }),
    ).rejects.toThrow('own reason');
    expect((await pool.query('SELECT name FROM tally')).rows).toEqual([{ name: 'kept' }]);
  });

  it('runs again on a serialization failure until every increment counts', async () => {
    await pool.query("INSERT INTO tally VALUES ('raced', 0)");
    const raise = () =>
      inTransaction(
        pool,
        async (client) => {
          const { rows } = await client.query<{ n: number }>("SELECT n FROM tally WHERE name = 'raced'");
          await client.query("UPDATE tally SET n = $1 WHERE name = 'raced'", [(rows[0]?.n ?? 0) + 1]);
        },
        { isolation: 'serializable', attempts: 50 },
      );
    await Promise.all(Array.from({ length: 20 }, raise));
    expect((await pool.query("SELECT n FROM tally WHERE name = 'raced'")).rows).toEqual([{ n: 20 }]);
  });

  it('gives up after its attempts', async () => {
    let runs = 0;
    const failing = inTransaction(
      pool,
      async () => {
        runs += 1;
        throw Object.assign(new Error('deadlock'), { code: '40P01' });
      },
      { attempts: 3 },
    );
    await expect(failing).rejects.toMatchObject({ code: 'database_contention' });
    expect(runs).toBe(3);
  });

  it('does not report success when a failed statement was swallowed', async () => {
    const swallowing = inTransaction(pool, async (client) => {
      await client.query("INSERT INTO tally VALUES ('lost', 1)");
      await client.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(swallowing).rejects.toMatchObject({ code: 'transaction_aborted' });
  });

  it('maps a connection lost inside it, and hands out a good one next', async () => {
    const lost = inTransaction(pool, async (client) => {
      const pid = await backendPid(client);
      await pool.query('SELECT pg_terminate_backend($1)', [pid]);
      await client.query('SELECT 1');
    });
    await expect(lost).rejects.toBeInstanceOf(TransientError);
    await expect(lost).rejects.toMatchObject({ code: 'database_unavailable' });
    for (let times = 0; times < 8; times += 1) expect((await pool.query('SELECT 1::int AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('refuses writes where it is read-only', async () => {
    await expect(inTransaction(pool, (client) => client.query('DELETE FROM tally'), { readOnly: true })).rejects.toMatchObject({ code: '25006' });
  });

  it('maps a server that is not there', async () => {
    const nowhere = createPool('postgres://x@127.0.0.1:1/x', { applicationName: 'hearsay-test' });
    await expect(inTransaction(nowhere, async () => 1)).rejects.toMatchObject({ code: 'database_unavailable' });
    const failure = await nowhere.query('SELECT 1').catch((error: unknown) => error);
    expect(mapDatabaseError(failure)).toBeInstanceOf(TransientError);
    await nowhere.end();
  });
});

describe('a snapshot', () => {
  it('sees one state, writes nothing, and gives its connection back', async () => {
    await pool.query(`INSERT INTO tally VALUES ('snapshot', 1)`);
    const count = (client: pg.PoolClient) => client.query<{ n: number }>('SELECT n FROM tally WHERE name = $1', ['snapshot']).then(({ rows }) => rows[0]?.n);
    const seen = await withSnapshot(pool, async (client) => {
      const before = await count(client);
      await pool.query(`UPDATE tally SET n = 2 WHERE name = 'snapshot'`);
      return [before, await count(client)];
    });
    expect(seen).toEqual([1, 1]);
    await expect(withSnapshot(pool, (client) => client.query('DELETE FROM tally'))).rejects.toMatchObject({ code: '25006' });
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  it('says why it was lost while nothing was asked of it, and the pool goes on', async () => {
    const lost = async (client: pg.PoolClient): Promise<unknown> => {
      const ended = new Promise((resolve) => client.once('end', resolve));
      await pool.query('SELECT pg_terminate_backend($1)', [await backendPid(client)]);
      await ended;
      return client.query('SELECT 1');
    };
    await expect(withSnapshot(pool, lost)).rejects.toMatchObject({ code: 'database_unavailable', message: expect.stringContaining('57P01') });
    const lines = streamSnapshot(pool, async function* (client) {
      yield 'a line';
      yield await lost(client);
    });
    expect(await lines.next()).toEqual({ done: false, value: 'a line' });
    await expect(lines.next()).rejects.toMatchObject({ code: 'database_unavailable' });
    expect((await pool.query('SELECT 1::int AS still')).rows).toEqual([{ still: 1 }]);
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  it('does not put the loss of its connection in the place of what failed', async () => {
    const fail = async (client: pg.PoolClient): Promise<never> => {
      await pool.query('SELECT pg_terminate_backend($1)', [await backendPid(client)]);
      throw new IntegrityError('tree_differs', 'a defect');
    };
    await expect(withSnapshot(pool, fail)).rejects.toMatchObject({ code: 'tree_differs' });
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  it('ends with a reader that takes no more lines', async () => {
    for await (const line of streamSnapshot(pool, async function* () {
      yield 'a line';
      yield 'another';
    })) {
      expect(line).toBe('a line');
      break;
    }
    expect(pool.idleCount).toBe(pool.totalCount);
  });
});
