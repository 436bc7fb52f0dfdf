/**
 * The cluster's files: made once, recognised later, freed of what a killed start left behind.
 * initdb works in `postgres.new-*` and its result is renamed into place, so `postgres` exists exactly if a cluster was
 * ever ready: a start killed half-way is redone, and nothing here deletes a cluster that was ready.
 * Proved by test/integration/embedded-recovery.test.ts.
 */
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, realpath, rename, rm, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInputError, TransientError } from '../errors.ts';
import { program, type Binaries } from './binaries.ts';
import type { ClusterHome } from './cluster-home.ts';
import { DATABASE } from './connection-file.ts';
import { findServerProcesses } from './processes.ts';
import { runAs } from './run-as.ts';
import { explainFailure } from './server-log.ts';

const NEW_PREFIX = 'postgres.new-';
const FAST_STOP_MS = 20_000;
const IMMEDIATE_STOP_MS = 10_000;

/** Raises `InvalidInputError` `cluster_damaged` or `cluster_version`; false where there is none yet. */
export async function clusterExists(home: ClusterHome, binaries: Binaries): Promise<boolean> {
  const entries = await readdir(home.cluster).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new InvalidInputError('data_dir_permission', `cannot read ${home.cluster} (${error.code}): run hearsay as the user who created it`, { cause: error });
  });
  if (entries === undefined || entries.length === 0) return false;
  const major = (await readFile(path.join(home.cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (major === '')
    throw new InvalidInputError('cluster_damaged', `${home.cluster} is not a PostgreSQL cluster: restore it from a backup, or move it away to start empty`);
  const ours = binaries.version.split('.')[0];
  if (major !== ours) {
    throw new InvalidInputError(
      'cluster_version',
      `${home.cluster} was written by PostgreSQL ${major}, this is ${ours}: start once with the old release, dump with pg_dump, and restore the dump into an empty data directory`,
    );
  }
  return true;
}

export async function createCluster(home: ClusterHome, binaries: Binaries, password: string): Promise<void> {
  await removeUnfinished(home);
  const draft = path.join(home.directory, `${NEW_PREFIX}${randomBytes(4).toString('hex')}`);
  // initdb reads the password from a file only: one that the database's user alone can read, for as long as initdb runs.
  const passwordFile = `${draft}.password`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
    const { uid, gid } = home.identity;
    if (uid !== undefined && gid !== undefined) await Promise.all([draft, passwordFile].map((name) => chown(name, uid, gid)));
    const result = await runAs(home.identity, [
      program(binaries, 'initdb'),
      `--pgdata=${draft}`,
      `--username=${DATABASE}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Sorting and case rules come from PostgreSQL itself: the same on every machine, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ]);
    if (!result.ok) throw explainFailure('the database could not be created', result.output);
    await rename(draft, home.cluster);
    await syncDirectory(home.directory);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/** What starts killed during initdb left. Never touches `postgres` itself. */
async function removeUnfinished(home: ClusterHome): Promise<void> {
  for (const name of await readdir(home.directory)) {
    if (name.startsWith(NEW_PREFIX)) await rm(path.join(home.directory, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
}

/** For a cluster whose `postgres.json` is lost: single-user mode needs no password, only the files. */
export async function resetPassword(home: ClusterHome, binaries: Binaries, password: string): Promise<void> {
  const statement = `ALTER ROLE ${DATABASE} PASSWORD '${password}'\n`;
  const result = await runAs(
    home.identity,
    [program(binaries, 'postgres'), '--single', '-D', home.cluster, '-c', 'log_min_error_statement=panic', 'postgres'],
    statement,
  );
  if (!result.ok || /ERROR|FATAL/.test(result.output)) throw explainFailure('the database password could not be set anew', result.output);
}

/**
 * Ends what a killed hearsay left running on this cluster, and removes a pid file that no process stands behind:
 * PostgreSQL would refuse to start when that pid has been reused by anything of the same user. Only under the lock.
 */
export async function stopOrphans(home: ClusterHome, log: (message: string) => void): Promise<void> {
  const cluster = await realpath(home.cluster);
  let running = await findServerProcesses(cluster);
  if (running.length > 0) {
    log('a database server of an earlier run is still up: stopping it');
    for (const [signal, waitMs] of [
      ['SIGINT', FAST_STOP_MS],
      ['SIGQUIT', IMMEDIATE_STOP_MS],
    ] as const) {
      const postmaster = await readPidFile(cluster);
      // Without its postmaster a backend ends by itself; it gets the signal all the same.
      signalAll(postmaster !== undefined && running.includes(postmaster) ? [postmaster] : running, signal);
      running = await waitUntilGone(cluster, waitMs);
      if (running.length === 0) break;
    }
  }
  if (running.length > 0) {
    throw new TransientError(
      'database_busy',
      `an earlier database server (pid ${running.join(', ')}) does not end: stop it by hand with \`kill -QUIT\`, then start again`,
    );
  }
  const left = await readPidFile(cluster);
  if (left !== undefined) await unlink(path.join(cluster, 'postmaster.pid')).catch(() => undefined);
}

async function waitUntilGone(cluster: string, waitMs: number): Promise<readonly number[]> {
  for (let waited = 0; ; waited += 100) {
    const running = await findServerProcesses(cluster);
    if (running.length === 0 || waited >= waitMs) return running;
    await sleep(100);
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone meanwhile, or not ours to stop: the wait that follows tells.
    }
  }
}

/** First line of postmaster.pid. */
async function readPidFile(cluster: string): Promise<number | undefined> {
  const text = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text.split('\n')[0] ?? '', 10);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}
