/**
 * A database per test file: cloned from a migrated template, dropped at the end, and dropping fails if a connection was
 * left open. The server is chosen by test/global-setup.ts.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import { MIGRATIONS_DIR, listMigrations, migrate } from '../../src/db/migrate.ts';

export interface TestDatabase {
  readonly url: string;
  /** Raises if any connection is still open. */
  drop(): Promise<void>;
}

/** How long closed sockets may take to disappear from pg_stat_activity. */
const CLOSING_MS = 3_000;
/** One template is built at a time, also by runs beside this one. */
const TEMPLATE_LOCK = 4_720_331;

export async function createTestDatabase(): Promise<TestDatabase> {
  const template = await ensureTemplate();
  const name = `hearsay_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await onServer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return { url: databaseUrl(name), drop: () => dropDatabase(name) };
}

/** As `createTestDatabase`, without any schema: for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = `hearsay_test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await onServer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`));
  return { url: databaseUrl(name), drop: () => dropDatabase(name) };
}

/** Copies a database that nobody is connected to, and gives back what puts the copy in its place. */
export async function backUpDatabase(url: string): Promise<() => Promise<void>> {
  const name = new URL(url).pathname.slice(1);
  await onServer((client) => client.query(`CREATE DATABASE ${name}_backup TEMPLATE ${name}`));
  return () =>
    onServer(async (client) => {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await client.query(`ALTER DATABASE ${name}_backup RENAME TO ${name}`);
    });
}

/** A Redis for tests, or undefined where there is none. In CI its absence is an error: no test may be skipped unseen. */
export async function redisUrlForTests(): Promise<string | undefined> {
  const given = process.env['HEARSAY_TEST_REDIS_URL'];
  const url = given === undefined || given === '' ? 'redis://127.0.0.1:6379' : given;
  if (await answersPing(new URL(url))) return url;
  if (process.env['CI'] === 'true' || given) throw new Error('no Redis answers: set HEARSAY_TEST_REDIS_URL to one that does');
  return undefined;
}

function databaseUrl(name: string): string {
  const url = new URL(inject('testServerUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: inject('testServerUrl'), application_name: 'hearsay-test-harness' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Named by the digest of the migrations: a changed file makes a new one. Nobody connects to it once it has its name. */
async function ensureTemplate(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of await listMigrations()) hash.update(name).update(await readFile(path.join(MIGRATIONS_DIR, `${name}.sql`)));
  const template = `hearsay_template_${hash.digest('hex').slice(0, 16)}`;
  await onServer(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount !== 0) return;
    const draft = `hearsay_test_draft_${randomBytes(6).toString('hex')}`;
    await client.query(`CREATE DATABASE ${draft} TEMPLATE template0 ENCODING 'UTF8'`);
    await migrate(databaseUrl(draft));
    await waitForNoConnections(client, draft);
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
  });
  return template;
}

async function dropDatabase(name: string): Promise<void> {
  await onServer(async (client) => {
    const open = await waitForNoConnections(client, name);
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    if (open.length > 0) throw new Error(`connections left open: ${open.join('; ')}`);
  });
}

/** What is still connected after a moment, described. */
async function waitForNoConnections(client: pg.Client, name: string): Promise<readonly string[]> {
  for (let waited = 0; ; waited += 50) {
    const { rows } = await client.query<{ application: string; state: string | null; query: string }>(
      `SELECT application_name AS application, state, left(query, 100) AS query FROM pg_stat_activity
       WHERE datname = $1 AND backend_type = 'client backend'`,
      [name],
    );
    if (rows.length === 0 || waited >= CLOSING_MS) return rows.map((row) => `${row.application || 'unnamed'} (${row.state ?? 'unknown'}): ${row.query}`);
    await sleep(50);
  }
}

/** `PING` and any answer that Redis gives, an authentication error included. */
function answersPing(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port: Number(url.port || 6379), timeout: 2_000 });
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => finish(/^[+-]/.test(data.toString())));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}
