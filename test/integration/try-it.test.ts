/**
 * The walk through real data of docs/try-it.md, with the first 3,000 lines of the threads: import, repeated records, recorded traffic,
 * everything twice, a killed import, export and review. Needs `../shared/data`; skips where it is absent.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import type { StandIn } from '../../src/demo/standins/stand-in.ts';
import type { PublishedCounts } from '../../src/model/counts.ts';
import type { StoreTally } from '../../src/pipeline/store-posts.ts';
import { TEST_CREDENTIALS } from '../standin/client-for.ts';
import { convertRecord } from '../standin/convert-records.ts';
import { pickClaims } from '../standin/pick-claims.ts';
import { literatureRecordings } from '../standin/recordings-literature.ts';
import { redditRecordings } from '../standin/recordings-reddit.ts';
import { xRecordings } from '../standin/recordings-x.ts';
import { serveRecordings } from '../standin/serve-recordings.ts';
import { SHARED_API } from '../standin/shared-data.ts';
import { createEdge, type TestEdge } from './edge.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DATA = path.dirname(SHARED_API);
const THREADS = path.join(DATA, 'reddit/threads.ndjson');
const RECORDS = path.join(DATA, 'records/peptide_records.jsonl');
const absent = [THREADS, RECORDS, SHARED_API].filter((file) => !existsSync(file));
const LINES = 3_000;
const TOPICS = ['bpc-157', 'ghk-cu'] as const;

let dir: string;
let threads: string;
let records: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-try-'));
  threads = path.join(dir, 'threads.ndjson');
  records = path.join(dir, 'records.ndjson');
  if (absent.length > 0) return;
  await writeFile(threads, `${readLines(THREADS).slice(0, LINES).join('\n')}\n`);
  await writeFile(records, `${readLines(RECORDS).map(convertRecord).join('\n')}\n`);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe.skipIf(absent.length > 0)(`real data${absent.length > 0 ? ` (skipped: no ${absent.join(', ')})` : ''}`, { timeout: 600_000 }, () => {
  let edge: TestEdge;
  beforeAll(async () => {
    edge = await createEdge();
  });
  afterAll(() => edge.close());

  it('is imported to counts, every item accounted for', async () => {
    for (const topic of TOPICS) {
      const first = await importInto(edge, threads, topic);
      expect(first.seen).toBe(LINES);
      expect(first.newPosts + first.unchanged + sum(first.refused)).toBe(LINES);
      expect(Object.keys(first.refused).sort()).toEqual(['already_deleted', 'already_removed']);
      const counts = await readCounts(edge, topic);
      expect(counts.posts).toBeGreaterThan(0);
      expect(counts.posts + (await countRows(edge, `refusal WHERE topic = '${topic}' AND code = 'off_topic'`))).toBe(first.newPosts + first.unchanged);
    }
    expect((await readCounts(edge, 'bpc-157')).claims.total).toBeGreaterThan(0);
  });

  it('takes a record that comes twice once', async () => {
    const twice = path.join(dir, 'twice.ndjson');
    await writeFile(twice, (await readFile(records, 'utf8')).repeat(2));
    const number = readLines(records).length;
    const before = await readCounts(edge, 'ghk-cu');
    expect(await importInto(edge, twice, 'ghk-cu')).toMatchObject({ seen: 2 * number, newPosts: number, unchanged: number, refused: {} });
    expect(await importInto(edge, records, 'bpc-157')).toMatchObject({ newPosts: 0, unchanged: number });
    const scientific = (await readCounts(edge, 'ghk-cu')).sources.scientific;
    expect(before.sources.scientific).toBe(0);
    expect(scientific).toBeGreaterThan(0);
    // Some may wait for a person: those are in no kind.
    const named = await sourceIds(edge, 'ghk-cu', ['pubmed', 'clinicaltrials']);
    expect(new Set(named).size).toBe(named.length);
    expect(named.length).toBeGreaterThanOrEqual(scientific);
  });

  it('changes nothing when all of it is run again', async () => {
    const before = await takeStock(edge);
    for (const topic of TOPICS)
      for (const file of [threads, records]) expect(await importInto(edge, file, topic)).toMatchObject({ newPosts: 0, newRevisions: 0 });
    expect(await takeStock(edge)).toEqual(before);
    for (const topic of TOPICS) await run(edge, 'recount', topic);
  });

  it('is exported and verified, and one changed word is found', async () => {
    const file = path.join(dir, 'bpc-157.ndjson');
    await run(edge, 'ledger', 'export', 'bpc-157', '--out', file);
    await run(edge, 'ledger', 'verify', file);
    await run(edge, 'ledger', 'verify', 'bpc-157');
    const changed = path.join(dir, 'changed.ndjson');
    const text = await readFile(file, 'utf8');
    await writeFile(changed, text.replace('improves', 'worsens'));
    expect(await runCli(['ledger', 'verify', changed], edge)).toBe(4);
  });

  it('gives claims to read by the rule of docs/first-fifty.md, and review decides on them', async () => {
    const file = path.join(dir, 'content.ndjson');
    await run(edge, 'ledger', 'export', 'bpc-157', '--out', file, '--with-content');
    const picked = pickClaims(readLines(file), 25);
    const { claims, effects } = await readCounts(edge, 'bpc-157');
    expect(picked).toHaveLength(Math.min(25, claims.total + effects.reduce((total, { count }) => total + count, 0)));
    const { claim, source } = picked[picked.length - 1] ?? expect.fail('no claim');
    expect(source.content['text']).toContain(claim.content['quote']);
    await run(edge, 'review', 'decide', 'bpc-157', String(claim.header.seq), 'reject', '--reviewer', 'tester');
    const rejected = await readCounts(edge, 'bpc-157');
    expect(rejected.claims.total).toBe(claims.total - 1);
    expect(rejected.set_aside.rejected_claims).toBe(1);
    await run(edge, 'review', 'undo', 'bpc-157', String(rejected.head.size - 1), '--reviewer', 'tester');
    expect((await readCounts(edge, 'bpc-157')).claims).toEqual(claims);
  });

  it('gives the same counts after kill -9 in the middle and a restart', async () => {
    const [disturbed, undisturbed] = [await createEdge(), await createEdge()];
    try {
      await importInto(undisturbed, threads, 'bpc-157');
      const worker = startProcess(disturbed, ['import', threads, '--format', 'ndjson', '--topic', 'bpc-157']);
      const exited = once(worker, 'exit');
      for (const table of ['post', 'refusal', `refusal WHERE stage = 'gate'`]) await waitForRows(disturbed, table);
      worker.kill('SIGKILL');
      expect(await exited).toEqual([null, 'SIGKILL']);
      expect(await countRows(disturbed, 'post')).toBeGreaterThan(0);
      await importInto(disturbed, threads, 'bpc-157');
      const [a, b] = [await readCounts(disturbed, 'bpc-157'), await readCounts(undisturbed, 'bpc-157')];
      // Salts are random, so the root differs; the number of entries may not.
      expect({ ...a, head: a.head.size }).toEqual({ ...b, head: b.head.size });
      await run(disturbed, 'recount', 'bpc-157');
    } finally {
      await Promise.all([disturbed.close(), undisturbed.close()]);
    }
  });
});

describe.skipIf(absent.length > 0)('recorded traffic', { timeout: 600_000 }, () => {
  let server: StandIn;
  let edge: TestEdge;
  beforeAll(async () => {
    server = await serveRecordings([...(await redditRecordings(SHARED_API)), await xRecordings(SHARED_API), ...(await literatureRecordings(SHARED_API))]);
    const topicsDir = path.join(dir, 'topics');
    await mkdir(topicsDir, { recursive: true });
    for (const [slug, text] of Object.entries(readTopicsOfTheWalk())) await writeFile(path.join(topicsDir, `${slug}.yaml`), text);
    const HEARSAY_ROUTES = server.hosts.map((host) => `${host}=${server.url}`).join(',');
    edge = await createEdge({ env: { ...TEST_CREDENTIALS, HEARSAY_ROUTES }, topicsDir });
  });
  afterAll(async () => {
    await edge.close();
    await server.close();
  });

  it('is crawled to posts, counted drops and counts; again, nothing changes', async () => {
    for (const topic of ['bpc-157', 'recorded-drugs']) {
      const first = await crawl(edge, topic);
      expect(first.failed).toBe(0);
      expect(first.newPosts + first.newRevisions + first.unchanged + sum(first.refused)).toBe(first.seen);
      const dropped = await countRows(edge, `refusal WHERE topic = '${topic}' AND code = 'off_topic'`);
      const counts = await readCounts(edge, topic);
      expect(counts.posts + dropped).toBe(await countRows(edge, 'post'));
      // Nobody in the recordings speaks of BPC-157, so all of it must be dropped, and counted.
      expect(counts.posts === 0).toBe(topic === 'bpc-157');
      expect(await crawl(edge, topic, '--recheck')).toMatchObject({ newPosts: 0, newRevisions: 0, gone: 0, failed: 0 });
      expect(await readCounts(edge, topic)).toEqual(counts);
    }
    const platforms = await query<{ platform: string }>(edge, 'SELECT DISTINCT platform FROM post ORDER BY platform');
    expect(platforms.map(({ platform }) => platform)).toEqual(['clinicaltrials', 'pubmed', 'reddit', 'x']);
  });
});

/** The topic files as docs/try-it.md writes them: what stands there is what is run. */
function readTopicsOfTheWalk(): Readonly<Record<string, string>> {
  const page = readFileSync(path.join(ROOT, 'docs/try-it.md'), 'utf8');
  const block = (file: string) => new RegExp(`> ${file} <<'EOF'\\n([\\s\\S]*?)\\nEOF`).exec(page)?.[1] ?? expect.fail(`docs/try-it.md does not write ${file}`);
  const communities = block('communities.yaml');
  const bundled = readFileSync(path.join(ROOT, 'topics/bpc-157.yaml'), 'utf8').replace(/^communities:[\s\S]*/m, '');
  return { 'bpc-157': bundled + communities, 'recorded-drugs': `${block('recorded-drugs.yaml')}\n${communities}` };
}

function readLines(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

async function run(edge: TestEdge, ...argv: string[]): Promise<string> {
  const before = edge.written.out.length;
  const code = await runCli(argv, edge);
  // 3: some lines were refused, with a reason; the tally says which.
  expect([0, 3], `${argv.join(' ')}\n${edge.written.talk}`).toContain(code);
  return edge.written.out.slice(before);
}

async function importInto(edge: TestEdge, file: string, topic: string): Promise<StoreTally> {
  return JSON.parse(await run(edge, 'import', file, '--format', 'ndjson', '--topic', topic, '--json')) as StoreTally;
}

async function crawl(edge: TestEdge, topic: string, ...flags: string[]): Promise<StoreTally & { readonly failed: number }> {
  return JSON.parse(await run(edge, 'crawl', 'run', topic, '--json', ...flags)) as StoreTally & { readonly failed: number };
}

async function readCounts(edge: TestEdge, topic: string): Promise<PublishedCounts> {
  return JSON.parse(await run(edge, 'counts', topic, '--json')) as PublishedCounts;
}

/** Counts of both topics with their roots, and the rows of every table that stages write. */
async function takeStock(edge: TestEdge): Promise<object> {
  const tables = ['post', 'post_revision', 'topic_post', 'unannotated', 'annotation', 'refusal', 'ledger_entry', 'ledger_content', 'ledger_source'];
  const rows = await Promise.all(tables.map(async (table) => [table, await countRows(edge, table)] as const));
  return { rows: Object.fromEntries(rows), counts: [await readCounts(edge, 'bpc-157'), await readCounts(edge, 'ghk-cu')] };
}

async function sourceIds(edge: TestEdge, topic: string, platforms: readonly string[]): Promise<string[]> {
  const lines = (await run(edge, 'ledger', 'export', topic, '--out', '-', '--with-content')).trimEnd().split('\n').slice(1, -1);
  return lines.flatMap((line) => {
    const { header, content } = JSON.parse(line) as { readonly header: string; readonly content?: string };
    const { type, platform } = JSON.parse(header) as { readonly type: string; readonly platform?: string };
    return type === 'source' && platforms.includes(platform ?? '') ? [(JSON.parse(content ?? '{}') as { readonly native_id: string }).native_id] : [];
  });
}

async function query<Row extends pg.QueryResultRow>(edge: TestEdge, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: edge.databaseUrl, options: '-c search_path=hearsay,public' });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function countRows(edge: TestEdge, from: string): Promise<number> {
  return (await query<{ count: number }>(edge, `SELECT count(*)::int AS count FROM ${from}`))[0]?.count ?? 0;
}

async function waitForRows(edge: TestEdge, from: string): Promise<void> {
  while ((await countRows(edge, from)) === 0) await sleep(20);
}

function startProcess(edge: TestEdge, args: readonly string[]) {
  const main = fileURLToPath(new URL('../../workers/main.ts', import.meta.url));
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HEARSAY_DATA: edge.config.dataDir, DATABASE_URL: edge.databaseUrl, HEARSAY_LOG_LEVEL: 'error' },
    stdio: 'ignore',
  });
}
