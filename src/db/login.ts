/**
 * The application's own login: a member of hearsay_app that owns no table of the ledger. Made by the administrator's
 * login, in the embedded database at its start, else where HEARSAY_ADMIN_DATABASE_URL is set (docs/operation.md).
 * Proved by test/integration/roles.test.ts.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { InvalidInputError } from '../errors.ts';
import { mapDatabaseError } from './database-errors.ts';
import { APP } from './privileges.ts';
import { tryStatement } from './roles.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** The same login and database, whatever else the addresses say. */
export function isSameLogin(a: string, b: string): boolean {
  return userOf(a) === userOf(b);
}

/**
 * Lets the login of `url` in: makes it where there is none, and a member of hearsay_app; one that is there keeps its
 * password. Then gives the queue its schema, which BullMQ fills and changes itself.
 * Raises `InvalidInputError` `database_login` where the login is there with another password.
 */
export async function prepareLogin(adminUrl: string, url: string): Promise<void> {
  const login = { user: userOf(url), password: decodeURIComponent(new URL(url).password) };
  const admin = new pg.Client({ connectionString: adminUrl, application_name: 'hearsay-login', connectionTimeoutMillis: 10_000 });
  admin.on('error', () => undefined);
  try {
    await admin.connect();
    await createLogin(admin, login);
    await prepareQueueSchema(admin);
  } catch (error) {
    throw mapDatabaseError(error);
  } finally {
    await admin.end().catch(() => undefined);
  }
  await requireLogin(url);
}

/** `reset`: sets the password anew, for a login whose password only we know. */
export async function createLogin(admin: pg.Client, login: Login, options: { readonly reset?: boolean } = {}): Promise<void> {
  const { rows } = await admin.query<{ login: boolean; member: boolean }>(
    `SELECT r.rolcanlogin AS login, r.rolname = $2 OR pg_has_role(r.oid, m.oid, 'USAGE') AS member
       FROM pg_catalog.pg_roles r LEFT JOIN pg_catalog.pg_roles m ON m.rolname = $2 WHERE r.rolname = $1`,
    [login.user, APP],
  );
  const found = rows[0];
  const name = admin.escapeIdentifier(login.user);
  const may = `LOGIN PASSWORD '${scramVerifier(login.password)}'`;
  if (found === undefined) await tryStatement(admin, `CREATE ROLE ${name} ${may}`);
  // The group itself may be the login: the embedded database and compose use it so.
  else if (!found.login || options.reset) await tryStatement(admin, `ALTER ROLE ${name} ${may}`);
  if (login.user !== APP && !found?.member) await tryStatement(admin, `GRANT ${APP} TO ${name}`);
}

/** BullMQ asks for its schema at every start, which needs CREATE on the database even where it is there. */
async function prepareQueueSchema(admin: pg.Client): Promise<void> {
  await admin.query('SELECT pg_advisory_lock(hashtext($1))', ['hearsay queue schema']);
  const { rows } = await admin.query<{ statement: string }>(
    `SELECT format('GRANT CREATE ON DATABASE %I TO %I', current_database(), $1::text) AS statement WHERE NOT has_database_privilege($1, current_database(), 'CREATE')
      UNION ALL
     SELECT format('CREATE SCHEMA bullmq AUTHORIZATION %I', $1::text) WHERE to_regnamespace('bullmq') IS NULL
      UNION ALL
     SELECT format('ALTER SCHEMA bullmq OWNER TO %I', $1::text) FROM pg_catalog.pg_namespace n WHERE nspname = 'bullmq' AND ${isForeign('n.nspowner')}
      UNION ALL
     SELECT format('ALTER %s %s OWNER TO %I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass, $1::text)
       FROM pg_catalog.pg_class c WHERE c.relnamespace = to_regnamespace('bullmq') AND c.relkind IN ('r', 'p', 'S') AND ${isForeign('c.relowner')}
      UNION ALL
     SELECT format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, $1::text)
       FROM pg_catalog.pg_proc p WHERE p.pronamespace = to_regnamespace('bullmq') AND ${isForeign('p.proowner')}
      UNION ALL
     SELECT format('ALTER TYPE %s OWNER TO %I', t.oid::regtype, $1::text)
       FROM pg_catalog.pg_type t WHERE t.typnamespace = to_regnamespace('bullmq') AND t.typtype = 'e' AND ${isForeign('t.typowner')}`,
    [APP],
  );
  for (const { statement } of rows) await tryStatement(admin, statement);
  await admin.query('SELECT pg_advisory_unlock(hashtext($1))', ['hearsay queue schema']);
}

/** Left by a time when one login did everything. What a member of hearsay_app made works for every member that inherits. */
function isForeign(owner: string): string {
  return `${owner}::regrole::text <> $1 AND NOT EXISTS (SELECT FROM pg_catalog.pg_auth_members am WHERE am.member = ${owner} AND am.roleid::regrole::text = $1)`;
}

async function requireLogin(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'hearsay-login', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const mapped = mapDatabaseError(error);
    if (!(mapped instanceof InvalidInputError)) throw mapped;
    throw new InvalidInputError(
      mapped.code,
      `${mapped.message}; HEARSAY_ADMIN_DATABASE_URL lets it in once, but leaves the password of a login that is there alone`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The password itself would stand in the server's log where statements are logged. RFC 5803, and "StoredKey" and "ServerKey" of RFC 5802 section 3. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16), iterations = 4_096): string {
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const keyOf = (label: string): Buffer => createHmac('sha256', salted).update(label).digest();
  const stored = createHash('sha256').update(keyOf('Client Key')).digest();
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored.toString('base64')}:${keyOf('Server Key').toString('base64')}`;
}

function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username);
}
