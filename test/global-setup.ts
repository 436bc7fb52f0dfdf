/**
 * Finds the Postgres the integration tests run on, before the first of them: HEARSAY_TEST_DATABASE_URL, else a local
 * server that lets `postgres` in, else an embedded one for the length of the run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { deleteCluster } from '../src/db/cluster-home.ts';
import { openDatabase } from '../src/db/embedded.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's address of the server; its database is only used to create others. */
    readonly testServerUrl: string;
  }
}

const LOCAL = 'postgres://postgres@127.0.0.1:5432/postgres';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['HEARSAY_TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return useServer(project, given);
  if (await answers(LOCAL)) return useServer(project, LOCAL);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'hearsay-test-'));
  const database = await openDatabase({ dataDir }, { exclusive: true, log: () => undefined });
  const done = await useServer(project, database.adminUrl);
  return async () => {
    await done();
    await database.close();
    await deleteCluster(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  };
}

async function useServer(project: TestProject, url: string): Promise<() => Promise<void>> {
  project.provide('testServerUrl', url);
  await dropLeftOvers(url);
  return async () => undefined;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

/** Databases of runs that were killed; a day old, so that a run beside this one keeps its own. */
async function dropLeftOvers(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT datname AS name FROM pg_database
       WHERE datname ~ '^hearsay_(test|template)_' AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '1 day'`,
    );
    for (const { name } of rows) await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`).catch(() => undefined);
  } finally {
    await client.end();
  }
}
