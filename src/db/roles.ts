/**
 * Makes the roles and privileges of privileges.ts true, and tells what of them is not. Roles belong to the whole server,
 * where other databases are migrated at the same moment: each statement stands alone, is needed only where something is
 * missing, and is tried again when a rival was first. A login that may not make roles leaves them out: the triggers of
 * 0005_guards.sql hold all the same, and `hearsay doctor` says what is missing. PostgreSQL 14 to 18.
 * https://www.postgresql.org/docs/18/role-membership.html. Proved by test/integration/roles.test.ts and guards.test.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { describeError } from '../errors.ts';
import { APP, listGrants, OWNER, PARTS, ROLES } from './privileges.ts';

/** Something that is not as privileges.ts says, with the statement that mends it. */
export interface Gap {
  readonly what: string;
  readonly statement: string;
}

/** Advisory locks are per database, so this one keeps only starts on the same database apart. */
const LOCK = 4_720_332;
const ROUNDS = 3;

/** Mends what it can; returns what is left. */
export async function applyRoles(client: pg.Client): Promise<readonly Gap[]> {
  if ((await readGaps(client)).length === 0) return [];
  await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  try {
    let left = await readGaps(client);
    // Each round makes the next possible: roles, then memberships and owners, then rights.
    for (let round = 1; left.length > 0 && round <= ROUNDS; round++) {
      for (const { statement } of left) await tryStatement(client, statement);
      left = await readGaps(client);
    }
    return left;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  }
}

/** Lost to a rival: 42710 duplicate_object, 23505 on a catalog's index, XX000 "tuple concurrently updated". */
const RIVAL = new Set(['42710', '23505', 'XX000', '40P01']);
const ATTEMPTS = 5;

/** A refusal is no failure: what it leaves undone is found by the next look. */
export async function tryStatement(client: pg.Client, statement: string): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await client.query(statement);
      return;
    } catch (error) {
      if (!RIVAL.has(describeError(error).code)) return;
      await sleep(20 * attempt);
    }
  }
}

/** Empty where everything is as it should be, or nothing has been migrated yet. */
export async function readGaps(client: pg.Client): Promise<readonly Gap[]> {
  const { rows: schemas } = await client.query<{ oid: string; owner: string }>(
    `SELECT oid, pg_get_userbyid(nspowner) AS owner FROM pg_catalog.pg_namespace WHERE nspname = 'hearsay'`,
  );
  const schema = schemas[0];
  if (schema === undefined) return [];
  const { rows: roles } = await client.query<{ rolname: string }>('SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = ANY ($1)', [ROLES]);
  const present = new Set(roles.map(({ rolname }) => rolname));
  const absent = ROLES.filter((role) => !present.has(role));
  if (absent.length > 0) return absent.map((role) => ({ what: `role ${role} is missing`, statement: `CREATE ROLE ${role} NOLOGIN` }));
  const gaps = [
    ...(await readParts(client)),
    ...(schema.owner === OWNER ? [] : [{ what: `schema hearsay is owned by ${schema.owner}`, statement: `ALTER SCHEMA hearsay OWNER TO ${OWNER}` }]),
    ...(await readOwners(client)),
    ...(await readUsage(client)),
    ...(await readGrants(client)),
  ];
  // Only whoever has something to mend must be able to act as the owner: the application's own login never is.
  return gaps.length === 0 ? [] : [...(await readOwnership(client)), ...gaps];
}

async function readParts(client: pg.Client): Promise<readonly Gap[]> {
  const { rows } = await client.query<{ part: string }>(`SELECT part FROM unnest($1::text[]) AS part WHERE NOT pg_has_role($2, part, 'USAGE')`, [PARTS, APP]);
  return rows.map(({ part }) => ({ what: `${APP} is not a member of ${part}`, statement: `GRANT ${part} TO ${APP}` }));
}

async function readOwnership(client: pg.Client): Promise<readonly Gap[]> {
  const { rows } = await client.query<{ me: string; version: number }>(
    `SELECT quote_ident(current_user) AS me, current_setting('server_version_num')::int / 10000 AS version WHERE NOT pg_has_role(current_user, $1, 'USAGE')`,
    [OWNER],
  );
  // From 16 on, who makes a role may administer it but neither use it nor become it, unless told so.
  return rows.map(({ me, version }) => ({
    what: `${me} cannot act as ${OWNER}`,
    statement: `GRANT ${OWNER} TO ${me}${version >= 16 ? ' WITH INHERIT TRUE, SET TRUE' : ''}`,
  }));
}

/** Indexes, row types and identity sequences follow their table. */
async function readOwners(client: pg.Client): Promise<readonly Gap[]> {
  const { rows } = await client.query<{ kind: string; name: string; owner: string }>(
    `SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
            c.oid::regclass::text AS name, pg_get_userbyid(c.relowner) AS owner
       FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'hearsay'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND pg_get_userbyid(c.relowner) <> $1
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass)
      UNION ALL
     SELECT 'FUNCTION', p.oid::regprocedure::text, pg_get_userbyid(p.proowner)
       FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'hearsay'::regnamespace AND pg_get_userbyid(p.proowner) <> $1`,
    [OWNER],
  );
  return rows.map(({ kind, name, owner }) => ({ what: `${name} is owned by ${owner}`, statement: `ALTER ${kind} ${name} OWNER TO ${OWNER}` }));
}

async function readUsage(client: pg.Client): Promise<readonly Gap[]> {
  const { rows } = await client.query<{ role: string }>(
    `SELECT role FROM unnest($1::text[]) AS role WHERE NOT has_schema_privilege(role, 'hearsay', 'USAGE')`,
    [[...PARTS, APP]],
  );
  return rows.map(({ role }) => ({ what: `${role} may not use schema hearsay`, statement: `GRANT USAGE ON SCHEMA hearsay TO ${role}` }));
}

/** Both ways: what is missing, and what our roles or everybody have beyond the list. Rights given to other roles are the operator's. */
async function readGrants(client: pg.Client): Promise<readonly Gap[]> {
  const grants = listGrants();
  const { rows } = await client.query<{ object: string; kind: string; role: string; privilege: string; wanted: boolean }>(
    `WITH objects AS (
       SELECT relname::text AS object, oid::regclass::text AS name, 'TABLE' AS kind, relowner AS owner, coalesce(relacl, acldefault('r', relowner)) AS acl
         FROM pg_catalog.pg_class WHERE relnamespace = 'hearsay'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
       UNION ALL
       SELECT p.proname || '(' || array_to_string(ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) AS t), ',') || ')',
              p.oid::regprocedure::text, 'FUNCTION', p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
         FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'hearsay'::regnamespace
     ), present AS (
       SELECT o.object, o.name, o.kind, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee)::text END AS role, a.privilege_type AS privilege
         FROM objects o, aclexplode(o.acl) AS a WHERE a.grantee <> o.owner
     ), wanted AS (
       SELECT o.object, o.name, o.kind, w.role, w.privilege FROM unnest($1::text[], $2::text[], $3::text[]) AS w (object, role, privilege) JOIN objects o USING (object)
     )
     SELECT name AS object, kind, role, privilege, true AS wanted FROM (SELECT * FROM wanted EXCEPT SELECT * FROM present) AS missing
      UNION ALL
     SELECT name, kind, role, privilege, false FROM (SELECT * FROM present WHERE role = 'PUBLIC' OR role = ANY ($4) EXCEPT SELECT * FROM wanted) AS excess`,
    [grants.map(({ object }) => object), grants.map(({ role }) => role), grants.map(({ privilege }) => privilege), ROLES],
  );
  return rows.map(({ object, kind, role, privilege, wanted }) => ({
    what: `${role} ${wanted ? 'lacks' : 'has'} ${privilege} on ${object}`,
    statement: `${wanted ? 'GRANT' : 'REVOKE'} ${privilege} ON ${kind} ${object} ${wanted ? 'TO' : 'FROM'} ${role}`,
  }));
}
