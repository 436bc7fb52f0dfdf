/**
 * Every role tries every statement on every table: what it may do works, all else is refused. Then what even the owner
 * and a superuser are refused by the triggers, and that nothing planted turns the erase function into something else.
 * 42501: not allowed to try. 23001: nobody may.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareLogin } from '../../src/db/login.ts';
import { inTransaction } from '../../src/db/pool.ts';
import { TABLES } from '../../src/db/privileges.ts';
import { readGaps } from '../../src/db/roles.ts';
import { erasePost } from '../../src/ledger/erase.ts';
import { deriveKeys } from '../../src/keys.ts';
import { ANNOTATOR, digest, type LedgerFixture, NOW, openLedger, report, review } from './ledger-fixture.ts';

const DENIED = '42501';
const REFUSED = '23001';
const FINE = 'fine';

/** Nobody updates, deletes or truncates these. */
const APPEND_ONLY = ['ledger_entry', 'ledger_tile', 'ledger_erased', 'checkpoint', 'log_key', 'cosignature', 'blocked_post'];
const LEDGER = [...APPEND_ONLY, 'ledger_content', 'ledger_head', 'ledger_source'];
const WORK = [
  'topic',
  'community',
  'crawl',
  'coverage',
  'coverage_gap',
  'capture',
  'post',
  'post_revision',
  'post_sighting',
  'absence',
  'recheck_job',
  'recheck_round',
  'citation',
  'citation_miss',
  'topic_post',
  'unannotated',
  'refusal',
  'annotation',
  'llm_answer',
  'counts',
  'setting',
  'host_turn',
  'source_stop',
  'request_day',
];

/** s(elect) i(nsert) u(pdate) d(elete); written out here, not read from privileges.ts: this is what that has to come to. */
const ALLOWED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hearsay_append: {
    ledger_entry: 'si',
    ledger_content: 'si',
    ledger_tile: 'si',
    ledger_head: 'siu',
    ledger_source: 'siu',
    ledger_erased: 's',
    blocked_post: 'si',
    checkpoint: 's',
    topic: 's',
  },
  hearsay_erase: {},
  hearsay_sign: {
    ledger_entry: 's',
    ledger_tile: 's',
    ledger_head: 's',
    checkpoint: 'si',
    log_key: 'si',
    cosignature: 'si',
    checkpoint_delivery: 'siu',
    topic: 's',
    counts: 's',
  },
  hearsay_read: {
    ...Object.fromEntries(['ledger_entry', 'ledger_content', 'ledger_tile', 'ledger_head', 'ledger_source', 'ledger_erased'].map((table) => [table, 's'])),
    ...Object.fromEntries(
      [
        'checkpoint',
        'log_key',
        'cosignature',
        'checkpoint_delivery',
        'counts',
        'topic',
        'community',
        'crawl',
        'coverage',
        'coverage_gap',
        'refusal',
        'source_stop',
        'source_switch',
        'recheck_round',
        'spending',
        'llm_usage',
        'request_day',
      ].map((table) => [table, 's']),
    ),
    ...Object.fromEntries(['key_id', 'setting', 'migration'].map((table) => [table, 's'])),
  },
  hearsay_app: {
    ...Object.fromEntries(WORK.map((table) => [table, 'siud'])),
    ledger_entry: 'si',
    ledger_content: 'si',
    ledger_tile: 'si',
    ledger_head: 'siu',
    ledger_source: 'siu',
    ledger_erased: 's',
    blocked_post: 'si',
    checkpoint: 'si',
    log_key: 'si',
    cosignature: 'si',
    checkpoint_delivery: 'siu',
    reviewer: 'si',
    spending: 'siu',
    llm_usage: 'siu',
    source_switch: 'si',
    key_id: 'si',
    migration: 's',
  },
};

let ledger: LedgerFixture;
let client: pg.Client;
let columns: Map<string, string>;

beforeAll(async () => {
  ledger = await openLedger();
  await ledger.append(ANNOTATOR, report({ post: 'a' }), report({ post: 'b' }), report({ post: 'c' }));
  await ledger.append(review(1, { note: 'a note' }));
  await ledger.sign();
  const context = { now: NOW, folds: ledger.folds, keys: deriveKeys(Buffer.alloc(32, 1)) };
  await inTransaction(ledger.pool, (tx) => erasePost(tx, { postKey: digest('post:c'), reason: 'request' }, context));
  client = new pg.Client(ledger.url);
  await client.connect();
  const { rows } = await client.query<{ name: string; column: string }>(
    `SELECT c.relname AS name, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1
      WHERE c.relnamespace = 'hearsay'::regnamespace AND c.relkind = 'r' ORDER BY 1`,
  );
  columns = new Map(rows.map((row) => [row.name, row.column]));
});
afterAll(async () => {
  await client.end();
  await ledger.close();
});

/** What becomes of statements run one after the other as a role, taken back afterwards: SQLSTATE of the last, or `fine`. */
async function attempt(role: string | undefined, ...statements: string[]): Promise<string> {
  await client.query('BEGIN');
  try {
    if (role !== undefined) await client.query(`SET LOCAL ROLE ${role}`);
    for (const statement of statements) await client.query(statement);
    return FINE;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.query('ROLLBACK');
  }
}

function statementsOf(table: string): Readonly<Record<string, string>> {
  const column = columns.get(table) as string;
  return {
    s: `SELECT 1 FROM hearsay.${table} LIMIT 1`,
    i: `INSERT INTO hearsay.${table} DEFAULT VALUES`,
    u: `UPDATE hearsay.${table} SET ${column} = DEFAULT`,
    d: `DELETE FROM hearsay.${table}`,
    t: `TRUNCATE hearsay.${table} CASCADE`,
  };
}

describe('the list of privileges', () => {
  it('names every table, and the database agrees with it', async () => {
    expect(Object.keys(TABLES).sort()).toEqual([...columns.keys()]);
    expect(await readGaps(client)).toEqual([]);
  });

  it('leaves every object to the owner, who cannot log in and is nobody’s member but an administrator’s', async () => {
    const { rows } = await client.query(
      `SELECT c.relname AS object, pg_get_userbyid(c.relowner) AS owner FROM pg_class c WHERE c.relnamespace = 'hearsay'::regnamespace
        UNION ALL SELECT proname, pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'hearsay'::regnamespace
        UNION ALL SELECT typname, pg_get_userbyid(typowner) FROM pg_type WHERE typnamespace = 'hearsay'::regnamespace
        UNION ALL SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'hearsay'`,
    );
    expect(rows.length).toBeGreaterThan(60);
    expect(rows.filter((row) => row.owner !== 'hearsay_owner')).toEqual([]);
    const roles = await client.query(
      `SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication AS mighty FROM pg_roles WHERE rolname ~ '^hearsay_(owner|append|erase|sign|read|app)$' ORDER BY 1`,
    );
    expect(roles.rows.map((row) => [row.rolname, row.mighty])).toEqual(
      ['app', 'append', 'erase', 'owner', 'read', 'sign'].map((name) => [`hearsay_${name}`, false]),
    );
    expect(
      await attempt(undefined, `DO $$ BEGIN IF (SELECT rolcanlogin FROM pg_roles WHERE rolname = 'hearsay_owner') THEN RAISE 'can log in'; END IF; END $$`),
    ).toBe(FINE);
    for (const role of Object.keys(ALLOWED)) {
      const member = await client.query(`SELECT pg_has_role($1, 'hearsay_owner', 'MEMBER') AS is`, [role]);
      expect(member.rows, role).toEqual([{ is: false }]);
    }
  });
});

describe.each(Object.keys(ALLOWED))('%s', (role) => {
  it('may do on each table what is listed, and nothing else', async () => {
    const wrong: string[] = [];
    for (const table of columns.keys()) {
      const allowed = ALLOWED[role]?.[table] ?? '';
      for (const [letter, statement] of Object.entries(statementsOf(table))) {
        const code = await attempt(role, statement);
        // What is allowed may still fail on a constraint: an empty row is no entry.
        if ((code === DENIED) === allowed.includes(letter)) wrong.push(`${statement}: ${code}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    'ALTER TABLE hearsay.ledger_entry DISABLE TRIGGER ALL',
    'DROP TRIGGER append_only ON hearsay.ledger_entry',
    'DROP TABLE hearsay.ledger_tile',
    'CREATE TABLE hearsay.own (n int)',
    'CREATE FUNCTION hearsay.own() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
    'ALTER FUNCTION hearsay.erase_content(text, bigint) SET search_path = public',
    'CREATE OR REPLACE FUNCTION hearsay.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$',
    'GRANT DELETE ON hearsay.ledger_content TO PUBLIC',
    'SET session_replication_role = replica',
    'LOCK TABLE hearsay.ledger_entry IN ACCESS EXCLUSIVE MODE',
    "SELECT hearsay.tombstone_refs('semax', 0)",
  ])('may not %s', async (statement) => {
    const code = await attempt(role, statement);
    // GRANT by one who has no right to grant is only a warning; that nothing was granted shows in the first test.
    if (statement.startsWith('GRANT')) expect([DENIED, FINE]).toContain(code);
    else expect(code).toBe(DENIED);
  });

  it('may call the erase function only if that is its part', async () => {
    const tombstone = await client.query<{ seq: string }>(`SELECT seq FROM hearsay.ledger_entry WHERE type = 'tombstone'`);
    const code = await attempt(role, `SELECT hearsay.erase_content('semax', ${tombstone.rows[0]?.seq})`);
    expect(code).toBe(role === 'hearsay_erase' || role === 'hearsay_app' ? FINE : DENIED);
  });
});

const ENTRY = `(SELECT seq FROM hearsay.ledger_entry WHERE type = 'source' ORDER BY seq LIMIT 1)`;
/** Statements that the rows decide about, and what the application does every day beside them. */
const ROW_RULES: readonly (readonly [expected: string, statement: string])[] = [
  [REFUSED, 'DELETE FROM hearsay.ledger_content'],
  [REFUSED, `DELETE FROM hearsay.ledger_content WHERE seq = ${ENTRY}`],
  [REFUSED, `INSERT INTO hearsay.ledger_erased SELECT 'semax', 1, max(seq) FROM hearsay.ledger_entry`],
  [REFUSED, `INSERT INTO hearsay.ledger_erased VALUES ('semax', 1, 0)`],
  [REFUSED, `INSERT INTO hearsay.ledger_erased VALUES ('semax', 1, 999)`],
  [REFUSED, `SELECT hearsay.erase_content('semax', 0)`],
  [REFUSED, `SELECT hearsay.erase_content('semax', 999)`],
  [REFUSED, `SELECT hearsay.erase_content('other', 1)`],
  [REFUSED, `UPDATE hearsay.ledger_head SET size = size - 1`],
  [REFUSED, `UPDATE hearsay.ledger_head SET entry = sha256('x')`],
  [REFUSED, `UPDATE hearsay.ledger_head SET frontier = frontier || sha256('x')`],
  [REFUSED, `UPDATE hearsay.ledger_head SET size = size + 1`],
  [REFUSED, `UPDATE hearsay.ledger_head SET topic = 'other'`],
  [FINE, `UPDATE hearsay.ledger_head SET size = size + 1, entry = sha256('x'), frontier = sha256('y')`],
  [FINE, `UPDATE hearsay.ledger_head SET size = size`],
  [REFUSED, `UPDATE hearsay.ledger_source SET post_key = sha256('x')`],
  [REFUSED, `UPDATE hearsay.ledger_source SET number = number + 100`],
  [REFUSED, `UPDATE hearsay.ledger_source SET thread = 0`],
  [REFUSED, `UPDATE hearsay.ledger_source SET experience = 0`],
  [REFUSED, `UPDATE hearsay.ledger_source SET revision_id = 77`],
  [REFUSED, `UPDATE hearsay.ledger_source SET author_key = sha256('x')`],
  [REFUSED, `UPDATE hearsay.ledger_source SET text_digest = sha256('x')`],
  [REFUSED, `UPDATE hearsay.ledger_source SET signature = sha256('x')`],
  [REFUSED, `UPDATE hearsay.ledger_source SET bands = '{7}'`],
  [REFUSED, `UPDATE hearsay.ledger_source SET state = 'live' WHERE state = 'erased'`],
  [FINE, `UPDATE hearsay.ledger_source SET revision_id = NULL, author_key = NULL, thread_key = NULL, text_digest = NULL, signature = NULL, bands = '{}'`],
  [FINE, `UPDATE hearsay.ledger_source SET state = 'withheld' WHERE state = 'live'`],
  [FINE, `UPDATE hearsay.ledger_source SET state = 'erased'`],
  ['23503', `INSERT INTO hearsay.ledger_content VALUES ('semax', 999, sha256('salt'), '{}')`],
];

describe.each([
  ['the owner', ['SET LOCAL ROLE hearsay_owner']],
  ['a superuser', []],
  ['a superuser in a session that replicates', ['SET LOCAL session_replication_role = replica']],
])('%s', (_name, before) => {
  it.each(APPEND_ONLY)('can neither change nor empty %s', async (table) => {
    const { u, d, t } = statementsOf(table);
    for (const statement of [u, d, t, `DELETE FROM hearsay.${table} WHERE false`])
      expect([statement, await attempt(undefined, ...before, statement as string)]).toEqual([statement, REFUSED]);
  });

  it.each(LEDGER)('cannot truncate %s, nor by way of what it refers to', async (table) => {
    for (const statement of [`TRUNCATE hearsay.${table} CASCADE`, 'TRUNCATE hearsay.topic CASCADE'])
      expect(await attempt(undefined, ...before, statement)).toBe(REFUSED);
  });

  it('cannot delete a head or a source, nor change a content', async () => {
    for (const statement of ['DELETE FROM hearsay.ledger_head', 'DELETE FROM hearsay.ledger_source', 'UPDATE hearsay.ledger_content SET content = salt']) {
      expect(await attempt(undefined, ...before, statement)).toBe(REFUSED);
    }
  });

  it.each(ROW_RULES)('gets %s for %s', async (expected, statement) => {
    const code = await attempt(undefined, ...before, statement);
    // Foreign keys are silent in a session that replicates; the guards are not.
    if (expected === '23503' && before.some((line) => line.includes('replica'))) expect(code).toBe(FINE);
    else expect(code).toBe(expected);
  });
});

describe('the erase function', () => {
  it('destroys what its tombstone names in its own bytes, and nothing else', async () => {
    const names = await client.query<{ seq: string }>(
      `SELECT jsonb_array_elements_text(convert_from(header, 'UTF8')::jsonb -> 'refs') AS seq FROM hearsay.ledger_entry WHERE type = 'tombstone'`,
    );
    const erased = await client.query<{ seq: string }>('SELECT seq FROM hearsay.ledger_erased ORDER BY seq');
    expect(erased.rows).toEqual(names.rows);
    const kept = await client.query<{ seq: string }>('SELECT seq FROM hearsay.ledger_content ORDER BY seq');
    expect(kept.rows.length).toBeGreaterThan(5);
    expect(kept.rows.filter(({ seq }) => erased.rows.some((row) => row.seq === seq))).toEqual([]);
  });

  it('is not turned by what a stolen password can plant', async () => {
    const url = new URL(ledger.url);
    url.username = 'hearsay_test_app';
    url.password = 'hearsay-test';
    await prepareLogin(ledger.url, url.href);
    const thief = new pg.Client(url.href);
    await thief.connect();
    const before = await client.query('SELECT count(*) FROM hearsay.ledger_content');
    const ask = (statement: string): Promise<string> =>
      thief.query(statement).then(
        () => FINE,
        (error: { code: string }) => error.code,
      );
    try {
      // Tables, operators and functions of the same names, found first by whoever does not say which are meant.
      await thief.query(`CREATE TEMP TABLE ledger_entry (topic text, seq bigint, type text, header bytea)`);
      await thief.query(
        `INSERT INTO ledger_entry VALUES ('semax', 0, 'tombstone', convert_to('{"type":"tombstone","topic":"semax","seq":0,"refs":[1,2,3]}', 'UTF8'))`,
      );
      await thief.query(
        `CREATE TEMP TABLE ledger_erased AS SELECT 'semax'::text AS topic, n::bigint AS seq, 0::bigint AS tombstone FROM generate_series(0, 99) AS n`,
      );
      await thief.query('CREATE SCHEMA planted');
      await thief.query('CREATE FUNCTION planted.yes(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$');
      await thief.query('CREATE FUNCTION planted.yes(bigint, bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$');
      await thief.query('CREATE OPERATOR planted.= (LEFTARG = text, RIGHTARG = text, FUNCTION = planted.yes)');
      await thief.query('CREATE OPERATOR planted.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = planted.yes)');
      await thief.query(
        `CREATE FUNCTION planted.convert_from(bytea, name) RETURNS text LANGUAGE sql AS $$ SELECT '{"type":"tombstone","topic":"semax","seq":0,"refs":[1,2,3]}' $$`,
      );
      for (const path of ['pg_temp, hearsay', 'planted, pg_catalog, hearsay', 'pg_temp, planted, pg_catalog']) {
        await thief.query(`SET search_path = ${path}`);
        expect([path, await ask(`SELECT hearsay.erase_content('semax', 0)`)]).toEqual([path, REFUSED]);
        expect([path, await ask(`DELETE FROM hearsay.ledger_content`)]).toEqual([path, DENIED]);
      }
      // A tombstone that is a row, but not in the chain: beyond the head, and hashed onto nothing.
      await thief.query('SET search_path = pg_catalog');
      await thief.query('BEGIN');
      const stray = `{"refs":[1,2,3],"seq":1000000000,"topic":"semax","type":"tombstone"}`;
      expect(
        await ask(
          `INSERT INTO hearsay.ledger_entry (topic, seq, type, key, header, entry) VALUES ('semax', 1000000000, 'tombstone', '\\x01', convert_to('${stray}', 'UTF8'), sha256('\\x00'))`,
        ),
      ).toBe(FINE);
      expect(await ask(`SELECT hearsay.erase_content('semax', 1000000000)`)).toBe(REFUSED);
      await thief.query('ROLLBACK');
      expect(await ask('SET ROLE hearsay_owner')).toBe(DENIED);
      expect(await ask('SET session_replication_role = replica')).toBe(DENIED);
      expect(await ask('ALTER TABLE hearsay.ledger_content DISABLE TRIGGER erased_only')).toBe(DENIED);
      expect(await ask('ALTER ROLE hearsay_test_app SUPERUSER')).toBe(DENIED);
    } finally {
      await thief.query('DROP SCHEMA IF EXISTS planted CASCADE');
      await thief.end();
    }
    expect((await client.query('SELECT count(*) FROM hearsay.ledger_content')).rows).toEqual(before.rows);
  });
});
