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

  it('takes along what other posts repeat of it, and where crawls and refusals name it, and leaves them whole', async () => {
    const thread = { thread: 't3_first', platform: 'reddit', title: `Semax, ${CANARY}` };
    const first = { ...thread, id: 't3_first', text: `I took Semax for a month and slept better, ${CANARY}. It was good.` };
    const long = `${'Semax made my memory better for weeks. '.repeat(700)}${CANARY}`;
    const lines = [
      first,
      { ...thread, id: 't1_a', parent: first.text, text: 'Semax did nothing for me, I took it for two months and felt no difference.' },
      { ...thread, id: 't3_long', thread: 't3_long', text: long },
      { ...thread, id: 't1_b', thread: 't3_long', parent: long, text: 'I felt much calmer on Semax, that is all I can say about it after a week.' },
      { ...thread, id: 't3_first_too', thread: 't3_first_too', text: 'Semax gave me a headache that lasted for two days, so I stopped with it.' },
      { id: 't3_refused_before', platform: 'reddit', text: '' },
    ];
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(await runCli(['import', file, '--format', 'ndjson', '--topic', 'semax'], edge)).toBe(3);
    await ask(
      `UPDATE hearsay.community SET cursor = '{"seen": [["t3_first", 2], ["t3_else", 1]], "run": {"after": "t3_first", "pages": 1, "listed": false, "pending": ["first"], "fresh": []}}'`,
    );
    await ask(`INSERT INTO hearsay.crawl (topic, source, status, error) VALUES ('semax', 'reddit', 'failed', 'http_500: comments of t3_first')`);

    for (const id of ['t3_first', 't3_long', 't3_refused_before']) await run('erase', 'reddit', id, '--reason', 'request', '--no-scrub');
    expect(await ask(`SELECT native_id FROM hearsay.post WHERE native_id IS NOT NULL ORDER BY 1`)).toEqual([
      { native_id: 't1_a' },
      { native_id: 't1_b' },
      { native_id: 't3_first_too' },
    ]);
    // Its own title, which happens to be the same, stays with the third.
    expect(
      await ask(`SELECT p.native_id, title IS NULL AS untitled, parent_text FROM hearsay.post_revision r JOIN hearsay.post p ON p.id = r.post_id ORDER BY 1`),
    ).toEqual([
      { native_id: 't1_a', untitled: true, parent_text: null },
      { native_id: 't1_b', untitled: true, parent_text: null },
      { native_id: 't3_first_too', untitled: false, parent_text: null },
    ]);
    // Nor did the replies' contents in the ledger ever hold it.
    const contents = await ask(
      `SELECT convert_from(content, 'UTF8')::json AS content FROM hearsay.ledger_content WHERE convert_from(content, 'UTF8') LIKE '%' || $1 || '%'`,
      CANARY,
    );
    expect(contents.map(({ content }) => (content as { native_id: string }).native_id)).toEqual(['t3_first_too']);
    expect(await ask('SELECT cursor FROM hearsay.community LIMIT 1')).toEqual([
      { cursor: { seen: [['t3_else', 1]], run: { pages: 1, listed: false, pending: [], fresh: [] } } },
    ]);
    expect(await ask('SELECT error FROM hearsay.crawl WHERE error IS NOT NULL')).toEqual([{ error: 'http_500' }]);
    expect(await ask('SELECT code, item, detail, octet_length(key) AS key FROM hearsay.refusal')).toEqual([
      { code: 'missing_text', item: null, detail: null, key: 16 },
    ]);
    for (const id of ['t3_refused_before', 't3_long']) expect(await findEverywhere(id), id).toEqual([]);

    // Whatever refuses it now does not write its id down again.
    expect(await runCli(['import', file, '--format', 'ndjson', '--topic', 'semax'], edge)).toBe(3);
    expect(await findEverywhere('t3_refused_before')).toEqual([]);
    expect(await run('ledger', 'verify', 'semax')).toContain('OK');
  });

  it('finds a post by its address, and all posts of an author', async () => {
    await run('import', file, '--format', 'ndjson', '--topic', 'semax');
    await run('erase', '--url', LINES[0]?.url as string, '--reason', 'request', '--dry-run');
    expect(edge.written.out).toContain('would erase source entry 1 of semax');
    await run('erase', 'reddit', '--author', `author-${CANARY}`, '--reason', 'request', '--no-scrub');
    expect(await findEverywhere(CANARY)).toEqual([]);
    await run('erase', 'reddit', '--author', `author-${CANARY}`, '--reason', 'request', '--no-scrub');
    expect(edge.written.talk).toContain('nothing to erase');
    // Of an address in the platform's form the id is read; one that was never seen is kept out.
    expect(
      await runLines([{ url: 'https://old.reddit.com/r/example/comments/canary/words/other/' }, { url: 'https://www.reddit.com/comments/unseen' }]),
    ).toEqual([expect.objectContaining({ outcome: 'erased', posts: 1 }), expect.objectContaining({ outcome: 'blocked', posts: 1 })]);
    expect(await runLines([{ url: 'https://www.reddit.com/r/example/comments/canary/words/other/' }])).toEqual([
      expect.objectContaining({ outcome: 'already' }),
    ]);
  });

  it('answers each request of a file, and exits with 3 when one could not be done', async () => {
    await run('import', file, '--format', 'ndjson', '--topic', 'semax');
    const requests = [
      { platform: 'reddit', id: 't1_other' },
      { platform: 'redit', id: 't3_x' },
      { platform: 'x', author: 'somebody' },
      { url: 'nonsense' },
      { id: 't3_x' },
    ];
    const asked = path.join(dir, 'requests.ndjson');
    await writeFile(asked, `${requests.map((line) => JSON.stringify(line)).join('\n')}\nnonsense\n`);
    const argv = ['erase', '--from', asked, '--reason', 'request', '--no-scrub'];
    expect(await runCli([...argv, '--dry-run'], edge)).toBe(3);
    expect(JSON.parse(edge.written.out.trim().split('\n').at(-6) as string)).toEqual({
      line: 1,
      dry_run: true,
      outcome: 'erased',
      posts: 1,
      topics: ['semax'],
      entries: 1,
    });
    expect(await ask('SELECT 1 FROM hearsay.blocked_post')).toEqual([]);
    expect(await runCli(argv, edge)).toBe(3);
    const answers = edge.written.out
      .trim()
      .split('\n')
      .slice(-6)
      .map((line) => JSON.parse(line) as { line: number; outcome?: string; error?: { code: string } });
    expect(answers.map(({ line, outcome, error }) => [line, outcome ?? error?.code])).toEqual([
      [1, 'erased'],
      [2, 'bad_platform'],
      [3, 'author_not_kept'],
      [4, 'bad_url'],
      [5, 'bad_line'],
      [6, 'bad_json'],
    ]);
    expect(JSON.parse(await run('counts', 'semax', '--json'))).toMatchObject({ posts: 1, set_aside: { erased: 1 } });
  });

  it.each([
    [],
    ['reddit'],
    ['reddit', 't3_x', '--url', 'https://a.example/'],
    ['--author', 'kim'],
    ['reddit', '--url', 'https://a.example/'],
    ['reddit', 't3_x', '--author', 'kim'],
  ])('wants exactly one way to say which: %j', async (...argv) => {
    expect(await runCli(['erase', ...argv, '--reason', 'request'], edge)).toBe(2);
    expect(edge.written.talk).toContain('(bad_selection)');
  });
});

async function ask(sql: string, ...values: unknown[]): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: edge.databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Outcome lines of `erase --from`. */
async function runLines(requests: readonly object[]): Promise<unknown[]> {
  const asked = path.join(dir, 'lines.ndjson');
  await writeFile(asked, requests.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return (await run('erase', '--from', asked, '--reason', 'request', '--no-scrub'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
