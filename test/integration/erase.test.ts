/** What an erasure leaves: nothing of the post in any table, a tombstone in every ledger it was in, and a closed door. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import type { PublishedCounts } from '../../src/model/counts.ts';
import { createEdge, type TestEdge } from './edge.ts';

const CANARY = 'zanzibar-quokka-4711';
const LINES = [
  {
    id: 't3_canary',
    platform: 'reddit',
    author: `author-${CANARY}`,
    thread: 't3_canary',
    title: `Semax and ${CANARY}`,
    text: `I took Semax for three weeks and my focus got much better, says ${CANARY}. No headaches at all.`,
    url: 'https://www.reddit.com/r/example/comments/canary/',
  },
  {
    id: 't1_other',
    platform: 'reddit',
    thread: 't3_canary',
    title: 'Semax',
    text: 'Semax did nothing for me, I took it for two months and felt no difference.',
  },
];

let edge: TestEdge;
let dir: string;
let file: string;
beforeEach(async () => {
  edge = await createEdge();
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-erase-'));
  file = path.join(dir, 'posts.ndjson');
  await writeFile(file, `${LINES.map((line) => JSON.stringify(line)).join('\n')}\n`);
});
afterEach(async () => {
  await edge.close();
  await rm(dir, { recursive: true, force: true });
});

async function run(...argv: string[]): Promise<string> {
  const before = edge.written.out.length;
  const code = await runCli(argv, edge);
  expect(code, `${argv.join(' ')}\n${edge.written.talk}`).toBe(0);
  return edge.written.out.slice(before);
}

/** Every table and column that holds `needle`, whatever the type. */
async function findEverywhere(needle: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: edge.databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ schema: string; name: string }>(
      `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables WHERE table_schema IN ('hearsay', 'bullmq') AND table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { schema, name } of tables.rows) {
      const hex = Buffer.from(needle).toString('hex');
      const hits = await client.query(`SELECT 1 FROM ${schema}.${name} AS t WHERE t::text LIKE $1 OR t::text LIKE $2 LIMIT 1`, [`%${needle}%`, `%${hex}%`]);
      if (hits.rowCount) found.push(`${schema}.${name}`);
    }
    return found;
  } finally {
    await client.end();
  }
}

describe('hearsay erase', () => {
  it('destroys a post everywhere, keeps the chain whole, and keeps the post out for good', async () => {
    await run('import', file, '--format', 'ndjson', '--topic', 'semax');
    expect((await findEverywhere(CANARY)).sort()).toEqual(expect.arrayContaining(['hearsay.annotation', 'hearsay.ledger_content', 'hearsay.post_revision']));
    const before = JSON.parse(await run('counts', 'semax', '--json')) as PublishedCounts;
    expect(before.posts).toBe(2);

    expect(await run('erase', 'reddit', 't3_canary', '--reason', 'request', '--dry-run')).toContain('would erase source entry');
    expect(JSON.parse(await run('counts', 'semax', '--json'))).toEqual(before);

    await run('erase', 'reddit', 't3_canary', '--reason', 'request');
    expect(await findEverywhere(CANARY)).toEqual([]);
    expect(await findEverywhere('t3_canary')).toEqual([]);
    const after = JSON.parse(await run('counts', 'semax', '--json')) as PublishedCounts;
    expect(after).toMatchObject({ posts: 1, set_aside: { erased: 1, reasons: { request: 1 } } });
    expect(await run('ledger', 'verify', 'semax')).toContain('OK');

    const exported = path.join(dir, 'semax.ndjson');
    await run('ledger', 'export', 'semax', '--out', exported, '--with-content');
    expect(await run('ledger', 'verify', exported)).toMatch(/[1-9]\d* erased/);

    const code = await runCli(['import', file, '--format', 'ndjson', '--topic', 'semax'], edge);
    expect(code).toBe(3);
    expect(edge.written.out).toContain('erased_before');
    expect(await findEverywhere(CANARY)).toEqual([]);
    expect(JSON.parse(await run('counts', 'semax', '--json'))).toEqual(after);
  });
});
