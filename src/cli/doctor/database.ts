/** Checks of the database: programs, reachability, version, schema, clock, and the key ids it has seen. */
import type pg from 'pg';
import type { Config } from '../../config.ts';
import { locateBinaries, program } from '../../db/binaries.ts';
import { readConnection } from '../../db/connection-file.ts';
import { listKeyIds } from '../../db/key-ids.ts';
import { readMigrationState } from '../../db/migrate.ts';
import { createPool } from '../../db/pool.ts';
import { mapDatabaseError } from '../../db/database-errors.ts';
import { runAs } from '../../db/run-as.ts';
import type { Check, DoctorDeps } from './check.ts';
import { checkGuards } from './guards.ts';
import { checkPlaces } from './places.ts';
import { checkSigner } from './signer.ts';

const OLDEST_POSTGRES = 14;
/** Difference between the clocks of this machine and the database, in seconds. */
const CLOCK_SLACK_S = 30;

export async function checkDatabase(config: Config, deps: DoctorDeps): Promise<{ checks: readonly Check[]; keyIds: readonly string[] }> {
  const programs = config.databaseUrl === undefined ? await checkPrograms() : [];
  if (programs.some(({ ok }) => ok === false)) return { checks: programs, keyIds: [] };
  if (config.databaseUrl === undefined && !(await readConnection(config.dataDir))?.initialized) {
    return { checks: [...programs, { name: 'database', ok: true, found: 'embedded PostgreSQL (made at the first start)' }], keyIds: [] };
  }
  const opened = await deps.openDatabase(config, { exclusive: false, log: () => undefined });
  const pool = createPool(opened.adminUrl, { max: 1, applicationName: 'hearsay-doctor' });
  try {
    const server = await checkServer(pool, opened.embedded, deps.now);
    const schema = await checkSchema(opened.adminUrl);
    const guards = schema.ok === true ? await checkGuards(opened, deps.now()) : [];
    const signer = schema.ok === true ? await checkSigner(pool, config) : [];
    const places = schema.ok === true ? await checkPlaces(pool, config.checkpointPlaces) : [];
    return { checks: [...programs, ...server, schema, ...guards, ...signer, ...places], keyIds: await listKeyIds(pool) };
  } catch (error) {
    throw mapDatabaseError(error);
  } finally {
    await pool.end();
    await opened.close();
  }
}

async function checkPrograms(): Promise<readonly Check[]> {
  const found = await locateBinaries();
  const result = await runAs({}, [program(found, 'postgres'), '--version']);
  // A build without execute bit or links is copied and repaired at the start; what cannot be run at all shows here.
  const text = result.output.trim().split('\n')[0] ?? '';
  if (result.ok) return [{ name: 'embedded database', ok: true, found: text }];
  return [
    {
      name: 'embedded database',
      ok: 'warn',
      found: `does not run in place: ${text}`,
      doThis: 'if the start fails too, set DATABASE_URL to a PostgreSQL 14 or newer',
    },
  ];
}

async function checkServer(pool: pg.Pool, embedded: boolean, now: () => Date): Promise<readonly Check[]> {
  const { rows } = await pool.query<{ version: number; name: string; encoding: string; fsync: string; clock: Date; connections: number }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_version') AS name,
            current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync, clock_timestamp() AS clock,
            current_setting('max_connections')::int AS connections`,
  );
  const row = rows[0];
  if (row === undefined) return [{ name: 'database', ok: false, found: 'no answer', doThis: 'look into the log of the database' }];
  const checks: Check[] = [];
  const tooOld = row.version < OLDEST_POSTGRES;
  const found = `${embedded ? 'embedded ' : ''}PostgreSQL ${row.name.split(' ')[0]}`;
  checks.push({ name: 'database', ok: !tooOld, found, ...(tooOld && { doThis: `use PostgreSQL ${OLDEST_POSTGRES} or newer` }) });
  if (row.encoding !== 'UTF8')
    checks.push({ name: 'database', ok: false, found: `encoding ${row.encoding}`, doThis: "create the database with ENCODING 'UTF8'" });
  if (row.fsync !== 'on') checks.push({ name: 'database', ok: 'warn', found: 'fsync is off', doThis: 'switch it on: a power cut would break the ledger' });
  if (row.connections < 100) {
    checks.push({ name: 'database', ok: 'warn', found: `max_connections ${row.connections}`, doThis: 'raise it to 100 or more: each worker holds several' });
  }
  const apart = Math.round(Math.abs(row.clock.getTime() - now().getTime()) / 1000);
  if (apart > CLOCK_SLACK_S) {
    checks.push({ name: 'clock', ok: 'warn', found: `${apart} s apart from the database's clock`, doThis: 'synchronise the clocks of both machines (NTP)' });
  }
  return checks;
}

async function checkSchema(url: string): Promise<Check> {
  const { applied, pending, unknown } = await readMigrationState(url);
  if (unknown.length > 0) {
    return { name: 'schema', ok: false, found: `migrated by a newer release (${unknown.join(', ')})`, doThis: 'start that release' };
  }
  if (pending.length > 0)
    return { name: 'schema', ok: 'warn', found: `${pending.length} migrations to come`, doThis: 'they run at the next start of up, serve or worker' };
  return { name: 'schema', ok: true, found: applied.at(-1) ?? 'empty' };
}
