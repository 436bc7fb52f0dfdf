/**
 * One running PostgreSQL server: started, waited for, kept up, stopped.
 * Stopping is fast shutdown (SIGINT), then immediate (SIGQUIT):
 * https://www.postgresql.org/docs/18/server-shutdown.html
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { TransientError, describeError } from '../errors.ts';
import { program, type Binaries } from './binaries.ts';
import type { ClusterHome } from './cluster-home.ts';
import { adminUrlOf, type Connection } from './connection-file.ts';
import { CHILD_ENV } from './run-as.ts';
import { explainFailure, type ServerLog } from './server-log.ts';

/** A server that recovers a large log still answers "starting up"; one that does not answer at all has this long. */
const SILENT_START_MS = 60_000;
const RECOVERY_MS = 15 * 60_000;
const FAST_STOP_MS = 30_000;
const IMMEDIATE_STOP_MS = 10_000;
const PORT_ATTEMPTS = 5;
const RESTART_DELAYS_MS = [250, 1_000, 5_000, 15_000] as const;

/** Given on the command line at every start, so that an old cluster gets today's settings. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // BullMQ on Postgres keeps one LISTEN connection per worker beside its pools.
  max_connections: '200',
  shared_buffers: '128MB',
  // Parallel workers need /dev/shm, 64 MB in a container by default; nothing here is large enough to want them.
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  huge_pages: 'off',
  fsync: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  datestyle: 'ISO',
  password_encryption: 'scram-sha-256',
  // Erased texts must not live on in the log (no statements, no row values) nor in recycled WAL files.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  wal_recycle: 'off',
  max_wal_size: '256MB',
};

export interface RunningServer {
  readonly connection: Connection;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly home: ClusterHome;
  readonly binaries: Binaries;
  readonly connection: Connection;
  readonly serverLog: ServerLog;
  readonly log: (message: string) => void;
}

interface Attempt {
  readonly child: ChildProcess;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
}

/** Starts the server on a free port and resolves when it takes connections. It is restarted if it ends by itself. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  for (let left = PORT_ATTEMPTS; ; left -= 1) {
    const connection = { ...options.connection, port: await findFreePort() };
    try {
      return supervise({ ...options, connection }, await startOnce({ ...options, connection }));
    } catch (error) {
      if (left <= 1 || !(error instanceof TransientError) || (error.code !== 'port_taken' && error.code !== 'database_busy')) throw error;
      await sleep(500);
    }
  }
}

async function startOnce({ home, binaries, connection, serverLog, log }: ServerOptions): Promise<Attempt> {
  const offset = await serverLog.size();
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(program(binaries, 'postgres'), ['-D', home.cluster, '-p', String(connection.port), ...settings], {
    ...home.identity,
    cwd: '/',
    env: CHILD_ENV,
    // A session of its own: Ctrl-C in a terminal reaches hearsay alone, which closes its work before the server.
    detached: true,
    stdio: ['ignore', serverLog.file.fd, serverLog.file.fd],
  });
  let failure: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      failure = error;
      resolve();
    });
    child.once('exit', () => resolve());
  });
  const attempt = { child, ended };
  const outcome = await waitUntilReady(attempt, connection, log);
  if (outcome === 'ready') return attempt;
  await stopAttempt(attempt);
  if (outcome === 'silent') throw new TransientError('database_start_timeout', `the database does not answer; see ${serverLog.path}`);
  throw explainFailure('the database did not start', `${failure?.message ?? ''}\n${await serverLog.readSince(offset)}`, serverLog.path);
}

async function waitUntilReady(attempt: Attempt, connection: Connection, log: (message: string) => void): Promise<'ready' | 'ended' | 'silent'> {
  let hasEnded = false;
  void attempt.ended.then(() => {
    hasEnded = true;
  });
  let announced = false;
  for (let waited = 0; !hasEnded; waited += 50) {
    const answer = await ping(adminUrlOf(connection, 'postgres'));
    if (answer === 'ready') return 'ready';
    if (answer === 'starting' && waited > 5_000 && !announced) {
      announced = true;
      log('the database recovers from an unclean end; this can take minutes');
    }
    if (waited > (answer === 'starting' ? RECOVERY_MS : SILENT_START_MS)) return 'silent';
    await sleep(50);
  }
  return 'ended';
}

/** 57P03 cannot_connect_now: it is up and recovering. */
export async function ping(url: string): Promise<'ready' | 'starting' | 'no'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, application_name: 'hearsay-start' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return 'ready';
  } catch (error) {
    return describeError(error).code === '57P03' ? 'starting' : 'no';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Brings the server back on the same port if it ends by itself: the address has been given out. */
function supervise(options: ServerOptions, first: Attempt): RunningServer {
  let current = first;
  let stopping = false;
  // For exits that skip `stop`: a signal is all that can still be sent, and a fast shutdown needs no more.
  const onExit = () => current.child.kill('SIGINT');
  process.once('exit', onExit);

  const keepUp = async () => {
    for (let failures = 0; !stopping; ) {
      await current.ended;
      if (stopping) return;
      await sleep(RESTART_DELAYS_MS[Math.min(failures, RESTART_DELAYS_MS.length - 1)]);
      if (stopping) return;
      options.log('the database server ended by itself: starting it again');
      try {
        current = await startOnce(options);
        failures = 0;
      } catch (error) {
        failures += 1;
        options.log(`${describeError(error).message}; trying again`);
      }
    }
  };
  const watching = keepUp();

  return {
    connection: options.connection,
    async stop() {
      stopping = true;
      await stopAttempt(current);
      await watching;
      // A restart that was under way when `stop` came.
      await stopAttempt(current);
      process.off('exit', onExit);
    },
  };
}

async function stopAttempt({ child, ended }: Attempt): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
    ['SIGKILL', IMMEDIATE_STOP_MS],
  ] as const) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const timer = new AbortController();
    await Promise.race([ended, sleep(waitMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
  }
}

/** Free at this moment; a clash is answered by trying another. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
