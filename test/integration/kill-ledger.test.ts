/**
 * kill -9 under load: of appenders that share a ledger, and of Postgres below them. Every report whose append was confirmed is in the
 * chain, once, and the chain verifies. The signer's turn is in signer-kill.test.ts, whole commands' in kill.test.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { locateBinaries } from '../../src/db/binaries.ts';
import { deleteCluster } from '../../src/db/cluster-home.ts';
import { openDatabase } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import { verifyTopic } from '../../src/verify/verify-topic.ts';
import { digest, openLedger } from './ledger-fixture.ts';

const installed = await locateBinaries().then(
  () => true,
  () => false,
);
const PATIENCE_MS = 120_000;

/** One appender after the other under one name: each goes on where its predecessor's confirmed work ends. */
class Appender {
  confirmed = 0;
  #child: ChildProcess | undefined;
  readonly #name: string;
  readonly #url: string;

  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
  }

  start(): void {
    const child = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), path.join(import.meta.dirname, 'append-process.ts'), this.#url, 'semax', this.#name, String(this.confirmed)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() as string;
      this.confirmed = Number(lines.at(-1) ?? this.confirmed);
    });
    this.#child = child;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) throw new Error(`appender ${this.#name} is not running`);
    child.kill('SIGKILL');
    await once(child, 'close');
  }

  /** Posts it was told are in. */
  posts(): string[] {
    return Array.from({ length: this.confirmed }, (_, nth) => `${this.#name}-${nth}`);
  }

  async progress(): Promise<void> {
    const before = this.confirmed;
    for (let waited = 0; this.confirmed === before; waited += 50) {
      if (waited > PATIENCE_MS) throw new Error(`appender ${this.#name} confirms nothing more`);
      await sleep(50);
    }
  }
}

let appenders: Appender[] = [];
beforeEach(() => {
  appenders = [];
});
afterEach(async () => {
  for (const appender of appenders) await appender.kill().catch(() => undefined);
});

/** Confirmed posts are there once each; nothing is there twice. */
async function expectAll(pool: Pool): Promise<void> {
  const found = await pool.query<{ post_key: Buffer }>(`SELECT post_key FROM ledger_source WHERE topic = 'semax'`);
  const keys = found.rows.map((row) => row.post_key.toString('hex'));
  expect(new Set(keys).size).toBe(keys.length);
  const wanted = appenders.flatMap((appender) => appender.posts());
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((post) => !keys.includes(digest(`post:${post}`).toString('hex')))).toEqual([]);
  expect(await verifyTopic(pool, 'semax')).toMatchObject({ ok: true, entries: 1 + 3 * keys.length });
}

it('appenders killed while they append lose nothing that was confirmed and repeat nothing', async () => {
  const ledger = await openLedger();
  try {
    appenders = ['a', 'b', 'c'].map((name) => new Appender(ledger.url, name));
    for (const appender of appenders) appender.start();
    for (let round = 0; round < 9; round++) {
      const appender = appenders[round % appenders.length] as Appender;
      await appender.progress();
      await sleep(randomInt(0, 60));
      await appender.kill();
      appender.start();
    }
    for (const appender of appenders) await appender.progress();
    for (const appender of appenders) await appender.kill();
    await expectAll(ledger.pool);
  } finally {
    await ledger.close();
  }
}, 300_000);

it.skipIf(!installed)(
  'Postgres killed below them comes back with everything that was confirmed',
  async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'hearsay-kill-ledger-'));
    const database = await openDatabase({ dataDir }, { exclusive: true, log: () => undefined });
    try {
      await migrate(database.adminUrl);
      const pool = createPool(database.adminUrl, { applicationName: 'test-kill', max: 2 });
      await pool.query(`INSERT INTO topic (slug, title, document) VALUES ('semax', 'semax', '{}')`);
      await pool.query(`INSERT INTO ledger_head (topic) VALUES ('semax')`);
      const { rows } = await pool.query<{ directory: string }>(`SELECT setting AS directory FROM pg_settings WHERE name = 'data_directory'`);
      const pidFile = path.join((rows[0] as { directory: string }).directory, 'postmaster.pid');
      appenders = ['a', 'b'].map((name) => new Appender(database.adminUrl, name));
      for (const appender of appenders) appender.start();
      for (let round = 0; round < 3; round++) {
        for (const appender of appenders) await appender.progress();
        await sleep(randomInt(0, 200));
        process.kill(Number((await readFile(pidFile, 'utf8')).split('\n')[0]), 'SIGKILL');
      }
      for (const appender of appenders) await appender.progress();
      for (const appender of appenders) await appender.kill();
      await expectAll(pool);
      await pool.end();
    } finally {
      await database.close();
      await deleteCluster(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    }
  },
  300_000,
);
