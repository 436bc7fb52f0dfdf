/** An edge for commands under test: output kept in memory, a database and queue prefix of their own. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openQueues, type OpenQueues } from '../../jobs/open-queues.ts';
import type { Edge } from '../../src/cli/edge.ts';
import { readConfig } from '../../src/config.ts';
import { deleteCluster } from '../../src/db/cluster-home.ts';
import { CREDENTIAL_NAMES } from '../../src/sources/list.ts';
import { startWorkers } from '../../workers/start-workers.ts';
import { createTestDatabase } from './database.ts';

export interface TestEdge extends Edge {
  /** What was written to stdout and stderr so far. */
  readonly written: { out: string; talk: string };
  /** Of the superuser: tests look at everything. */
  readonly databaseUrl: string;
  /** Of the queue's keys on Redis. */
  readonly prefix: string;
  stop(): void;
  close(): Promise<void>;
}

export async function createEdge(
  options: {
    readonly redisUrl?: string | undefined;
    readonly env?: Record<string, string>;
    readonly topicsDir?: string;
    /** Its own PostgreSQL in its data directory, started by each command; `databaseUrl` is empty. */
    readonly embedded?: boolean;
  } = {},
): Promise<TestEdge> {
  const database = options.embedded ? undefined : await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'hearsay-edge-'));
  const prefix = `hearsay-test-${randomBytes(6).toString('hex')}`;
  const stop = new AbortController();
  const written = { out: '', talk: '' };
  const env = {
    HEARSAY_DATA: dataDir,
    // As it should be run: the application's login owns nothing, and the other one prepares the database.
    ...(database && options.env?.['DATABASE_URL'] === undefined ? { DATABASE_URL: appUrlOf(database.url), HEARSAY_ADMIN_DATABASE_URL: database.url } : {}),
    HEARSAY_LOG_LEVEL: 'error',
    HEARSAY_PORT: '0',
    ...(options.redisUrl ? { REDIS_URL: options.redisUrl } : {}),
    ...options.env,
  };
  return {
    config: readConfig(env, dataDir, CREDENTIAL_NAMES),
    runtime: {
      openQueues: (config, databaseUrl) => openQueues({ ...(config.redisUrl ? { redisUrl: config.redisUrl, prefix } : {}), databaseUrl }),
      startWorkers: (hearsay, queues, workerOptions) => startWorkers(hearsay, queues as OpenQueues, workerOptions),
    },
    stdin: (async function* () {})(),
    async out(text) {
      written.out += text;
    },
    talk(line) {
      written.talk += `${line}\n`;
    },
    progress: () => undefined,
    signal: stop.signal,
    topicsDir: options.topicsDir ?? path.resolve(import.meta.dirname, '../../topics'),
    written,
    databaseUrl: database?.url ?? '',
    prefix,
    stop: () => stop.abort(),
    async close() {
      if (options.embedded) await deleteCluster(dataDir);
      await rm(dataDir, { recursive: true, force: true });
      await database?.drop();
    },
  };
}

/** A login of the tests, made by the first command of a run. */
function appUrlOf(adminUrl: string): string {
  const url = new URL(adminUrl);
  url.username = 'hearsay_test_app';
  url.password = 'hearsay-test';
  return url.href;
}
