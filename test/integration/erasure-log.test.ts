/** A backup from before an erasure, restored: the next command erases again what the file beside the database names. */
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { backUpDatabase } from './database.ts';
import { createEdge, type TestEdge } from './edge.ts';

const POSTS = [
  { id: 't3_gone', platform: 'reddit', author: 'kim', text: 'I took Semax for three weeks and my focus got much better, goneword. No headaches at all.' },
  { id: 't3_kept', platform: 'reddit', text: 'Semax did nothing for me, I took it for two months and felt no difference.' },
];

let edge: TestEdge;
let dir: string;
beforeEach(async () => {
  edge = await createEdge();
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-erasures-'));
  await writeFile(path.join(dir, 'posts.ndjson'), POSTS.map((post) => `${JSON.stringify(post)}\n`).join(''));
  expect(await run('import', path.join(dir, 'posts.ndjson'), '--format', 'ndjson', '--topic', 'semax')).toBe(0);
});
afterEach(async () => {
  await edge.close();
  await rm(dir, { recursive: true, force: true });
});

const run = (...argv: string[]): Promise<number> => runCli(argv, edge);
const logFile = (): string => path.join(edge.config.dataDir, 'erasures.ndjson');

async function ask(sql: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client(edge.databaseUrl);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('erasures.ndjson', () => {
  it('lets a restored backup forget again what was erased since', async () => {
    const restore = await backUpDatabase(edge.databaseUrl);
    expect(await run('erase', 'reddit', 't3_gone', '--reason', 'request')).toBe(0);
    const [line, ...more] = (await readFile(logFile(), 'utf8')).split('\n').filter((text) => text !== '');
    expect(more).toEqual([]);
    expect(JSON.parse(line as string)).toEqual({
      post_key: expect.stringMatching(/^[0-9a-f]{64}$/),
      reason: 'request',
      at: expect.stringMatching(/^\d{4}-/),
      key_id: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    expect((await stat(logFile())).mode & 0o777).toBe(0o600);

    await restore();
    expect(await ask(`SELECT 1 FROM hearsay.post_revision WHERE text LIKE '%goneword%'`)).toHaveLength(1);
    expect(await ask('SELECT 1 FROM hearsay.blocked_post')).toEqual([]);

    expect(await run('counts', 'semax')).toBe(0);
    expect(edge.written.talk).toContain('an older database was restored: erased 1 posts again');
    expect(await ask(`SELECT 1 FROM hearsay.post_revision WHERE text LIKE '%goneword%'`)).toEqual([]);
    expect(await ask(`SELECT 1 FROM hearsay.ledger_content WHERE convert_from(content, 'UTF8') LIKE '%goneword%'`)).toEqual([]);
    expect(await ask(`SELECT reason FROM hearsay.blocked_post`)).toEqual([{ reason: 'request' }]);
    expect(await ask(`SELECT convert_from(header, 'UTF8')::json ->> 'reason' AS reason FROM hearsay.ledger_entry WHERE type = 'tombstone'`)).toEqual([
      { reason: 'request' },
    ]);
    expect(await ask(`SELECT 1 FROM hearsay.setting WHERE name = 'scrub_pending'`)).toHaveLength(1);
    const talk = edge.written.talk.length;
    expect(await run('recount', 'semax')).toBe(0);
    expect(edge.written.talk.slice(talk)).not.toContain('erased');
    expect((await readFile(logFile(), 'utf8')).match(/post_key/g)).toHaveLength(1);
  });

  it('is written anew from the database where it is lost, and read past what is broken', async () => {
    expect(await run('erase', 'reddit', '--author', 'kim', '--reason', 'operator', '--no-scrub')).toBe(0);
    const before = await readFile(logFile(), 'utf8');
    await rm(logFile());
    expect(await run('counts', 'semax')).toBe(0);
    const after = (await readFile(logFile(), 'utf8')).trim();
    expect(JSON.parse(after)).toMatchObject({ ...JSON.parse(before.trim()), at: expect.any(String) });

    const other = JSON.stringify({ ...JSON.parse(after), post_key: 'ab'.repeat(32), key_id: '00000000' });
    await appendFile(logFile(), `{"post_key":"cut o\nnonsense\n${other}`);
    const talk = edge.written.talk.length;
    expect(await run('counts', 'semax')).toBe(0);
    expect(edge.written.talk.slice(talk)).not.toContain('erased');
    // A line that was cut off does not swallow the next.
    expect(await run('erase', 'reddit', 't3_kept', '--reason', 'operator', '--no-scrub')).toBe(0);
    const read = (await readFile(logFile(), 'utf8')).split('\n').filter((text) => text.startsWith('{"post_key"') && text.endsWith('}'));
    expect(read).toHaveLength(3);
  });
});
