/**
 * Schema changes: SQL files in `migrations/`, forward only, run by node-pg-migrate in one transaction under an advisory
 * lock, so that of many processes starting at once one migrates and the others wait. Table `hearsay.migration` holds
 * what has run. Proved by test/integration/migrate.test.ts.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { InvalidInputError } from '../errors.ts';
import { mapDatabaseError } from './database-errors.ts';
import { applyRoles } from './roles.ts';

const SCHEMA = 'hearsay';
const TABLE = 'migration';

/** Beside this file, in the sources and in the build, which copies the .sql files. */
export const MIGRATIONS_DIR = fileURLToPath(new URL('migrations/', import.meta.url));

export interface MigrationState {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Applied, but not known to this release: the database is newer. */
  readonly unknown: readonly string[];
}

/** Names without `.sql`, in the order they run. */
export async function listMigrations(dir = MIGRATIONS_DIR): Promise<readonly string[]> {
  const names = await readdir(dir);
  return names
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .map((name) => path.basename(name, '.sql'))
    .sort();
}

export async function readMigrationState(url: string): Promise<MigrationState> {
  return withClient(url, async (client) => compareMigrations(await listMigrations(), await readApplied(client)));
}

/**
 * Brings the schema up to date and returns what was run, then owners and rights (roles.ts): a restored dump may have lost
 * them. Raises `InvalidInputError` `database_newer` where a newer release has been here, `migration_failed` where a file
 * does not apply; nothing of a failed run stays.
 */
export async function migrate(url: string): Promise<readonly string[]> {
  return withClient(url, async (client) => {
    const before = compareMigrations(await listMigrations(), await readApplied(client));
    refuseNewer(before);
    const run = before.pending.length === 0 ? [] : await runMigrations(client);
    await applyRoles(client);
    return run;
  });
}

async function runMigrations(client: pg.Client): Promise<readonly string[]> {
  try {
    const run = await runner({
      dbClient: client,
      dir: MIGRATIONS_DIR,
      ignorePattern: String.raw`(?!\d{4}_\w+\.sql$).*`,
      direction: 'up',
      schema: SCHEMA,
      createSchema: true,
      migrationsSchema: SCHEMA,
      migrationsTable: TABLE,
      singleTransaction: true,
      checkOrder: true,
      advisoryLockMode: 'wait',
      logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    refuseNewer(compareMigrations(await listMigrations(), await readApplied(client)));
    return run.map(({ name }) => name);
  } catch (error) {
    const mapped = mapDatabaseError(error);
    if (mapped !== error || error instanceof InvalidInputError) throw mapped;
    throw new InvalidInputError('migration_failed', `the database schema could not be brought up to date: ${(error as Error).message}`, { cause: error });
  }
}

export function compareMigrations(known: readonly string[], applied: readonly string[]): MigrationState {
  return {
    applied,
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

function refuseNewer(state: MigrationState): void {
  if (state.unknown.length === 0) return;
  throw new InvalidInputError('database_newer', `the database was migrated by a newer hearsay (${state.unknown.join(', ')}): start that release`);
}

async function readApplied(client: pg.Client): Promise<readonly string[]> {
  const { rows: tables } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [`${SCHEMA}.${TABLE}`]);
  if (!tables[0]?.found) return [];
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${SCHEMA}.${TABLE} ORDER BY id`);
  return rows.map(({ name }) => name);
}

/** Statements of a migration, and the wait for another's, may take long: no timeout here. */
async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'hearsay-migrate', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw mapDatabaseError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
