/** Databases for the bench: on the server at `--database URL` (a superuser's), else on an embedded one for the length of the run. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { deleteCluster } from '../../src/db/cluster-home.ts';
import { openDatabase } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';

export interface BenchServer {
  readonly version: string;
  /** A migrated database of its own with empty ledgers of these topics. */
  create(topics: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

export async function openServer(url: string | undefined): Promise<BenchServer> {
  const dataDir = url === undefined ? await mkdtemp(path.join(tmpdir(), 'hearsay-bench-')) : undefined;
  const embedded = dataDir === undefined ? undefined : await openDatabase({ dataDir }, { exclusive: true, log: () => undefined });
  const admin = new pg.Client(url ?? embedded?.adminUrl);
  await admin.connect();
  const names: string[] = [];
  const version = (await admin.query<{ server_version: string }>('SHOW server_version')).rows[0]?.server_version ?? '';
  return {
    version,
    async create(topics) {
      const name = `hearsay_bench_${randomBytes(6).toString('hex')}`;
      await admin.query(`CREATE DATABASE ${name}`);
      names.push(name);
      const address = new URL(url ?? (embedded?.adminUrl as string));
      address.pathname = `/${name}`;
      await migrate(address.href);
      const pool = createPool(address.href, { applicationName: 'hearsay-bench', max: 1 });
      for (const topic of topics) {
        await pool.query(`INSERT INTO topic (slug, title, document) VALUES ($1, $1, '{}')`, [topic]);
        await pool.query('INSERT INTO ledger_head (topic) VALUES ($1)', [topic]);
      }
      await pool.end();
      return address.href;
    },
    async close() {
      for (const name of names) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
      await embedded?.close();
      if (dataDir !== undefined) {
        await deleteCluster(dataDir);
        await rm(dataDir, { recursive: true, force: true });
      }
    },
  };
}
