/** An erasure that others run into: what is stored, annotated or put back meanwhile does not bring the post back, and no other post goes with it. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import { createPool, inTransaction } from '../../src/db/pool.ts';
import { loadSecret } from '../../src/keys.ts';
import { erasePost } from '../../src/ledger/erase.ts';
import { FoldReader } from '../../src/ledger/fold-reader.ts';
import { measureBacklog, readBacklog } from '../../src/pipeline/backlog.ts';
import type { Hearsay } from '../../src/pipeline/hearsay.ts';
import { type StoreTally, storePosts } from '../../src/pipeline/store-posts.ts';
import { createEdge, type TestEdge } from './edge.ts';

const POST = { id: 't3_gone', platform: 'reddit', text: 'I took Semax for three weeks and my focus got much better, goneword. No headaches at all.' };
const OTHER = { id: 't3_kept', platform: 'reddit', text: 'Semax did nothing for me, I took it for two months and felt no difference.' };

let edge: TestEdge;
let dir: string;
let client: pg.Client;
beforeEach(async () => {
  edge = await createEdge();
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-come-back-'));
  client = new pg.Client({ connectionString: edge.databaseUrl, options: '-c search_path=hearsay' });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await edge.close();
  await rm(dir, { recursive: true, force: true });
});

const run = (...argv: string[]): Promise<number> => runCli(argv, edge);

async function importPosts(...posts: object[]): Promise<number> {
  const file = path.join(dir, 'posts.ndjson');
  await writeFile(file, posts.map((post) => `${JSON.stringify(post)}\n`).join(''));
  return run('import', file, '--format', 'ndjson', '--topic', 'semax');
}

async function ask(sql: string, ...values: unknown[]): Promise<pg.QueryResultRow[]> {
  return (await client.query(sql, values)).rows;
}

const withText = (): Promise<pg.QueryResultRow[]> =>
  ask(`SELECT 'revision' AS place FROM post_revision WHERE text LIKE '%goneword%'
        UNION ALL SELECT 'content' FROM ledger_content WHERE convert_from(content, 'UTF8') LIKE '%goneword%'
        UNION ALL SELECT 'refusal' FROM refusal WHERE item = 't3_gone' UNION ALL SELECT 'post' FROM post WHERE native_id = 't3_gone'`);

/** Returns once so many connections wait for others. */
async function untilWaiting(connections: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const waiting = await ask('SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0');
    if (waiting.length >= connections) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`no ${connections} connections wait`);
}

const digestOf = (body: string): string => createHash('sha256').update(body).digest('hex');

/** Stores a page of posts as a crawl does. */
async function storePage(pool: pg.Pool, posts: readonly (typeof POST)[]): Promise<StoreTally> {
  const keys = await loadSecret(edge.config);
  const body = posts.map((post) => post.text).join();
  const observedAt = new Date().toISOString();
  const capture = { digest: digestOf(body), url: 'https://a.example/', status: 200, headers: {}, body: Buffer.from(body), fetchedAt: observedAt };
  const incoming = posts.map(({ id, text }) => ({ platform: 'reddit', nativeId: id, kind: 'post', text, observedAt, captureDigest: capture.digest }) as const);
  const page = { posts: incoming, refusals: [], captures: [capture] };
  const place = { topic: 'semax', stage: 'crawl', source: 'reddit' } as const;
  return (await inTransaction(pool, (connection) => storePosts(connection, { keys, now: () => new Date() } as Hearsay, place, page))).tally;
}

describe('an erasure and what runs beside it', () => {
  it('holds when an edit of the post is stored meanwhile', async () => {
    expect(await importPosts(POST, OTHER)).toBe(0);
    const pool = createPool(edge.databaseUrl, { applicationName: 'hearsay-test' });
    try {
      const keys = await loadSecret(edge.config);
      const postKey = keys.hmac('dedup', 'post', POST.platform, POST.id);
      let storing: Promise<StoreTally> | undefined;
      await inTransaction(pool, async (erasing) => {
        // Where it stands when it has the post and has not written yet.
        await erasing.query('SELECT FROM post WHERE post_key = $1 FOR UPDATE', [postKey]);
        storing = storePage(pool, [
          { ...POST, text: `${POST.text} Edited since.` },
          { ...OTHER, text: `${OTHER.text} Edited since.` },
        ]);
        await untilWaiting(1);
        await erasePost(erasing, { postKey, reason: 'request', nativeId: POST.id }, { now: new Date(), folds: new FoldReader(), keys });
      });
      expect(await storing).toMatchObject({ newRevisions: 1, back: 0, refused: { erased_before: 1 } });
      expect(await withText()).toEqual([]);
      // Nor is a page kept that shows it, then or later.
      await storePage(pool, [POST, OTHER]);
      expect(await ask('SELECT 1 FROM capture')).toEqual([]);
      expect(await ask('SELECT 1 FROM post_sighting')).toEqual([]);
      await storePage(pool, [{ ...OTHER, text: `${OTHER.text} Edited again.` }]);
      expect(await ask('SELECT 1 FROM capture')).toHaveLength(1);
    } finally {
      await pool.end();
    }
    expect(await withText()).toEqual([]);
    expect(await ask(`SELECT state, observed FROM post WHERE native_id IS NULL`)).toEqual([{ state: 'erased', observed: 'deleted' }]);
  });

  it('holds when the post is annotated meanwhile, and refuses it without its id', async () => {
    // Off topic: what the gate drops is written down by its id.
    const offTopic = { ...POST, text: 'I went to the seaside for three weeks and it was a good time, goneword. No rain at all.' };
    await client.query(
      `CREATE FUNCTION public.wait_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$`,
    );
    await client.query('CREATE TRIGGER wait_here BEFORE INSERT ON annotation FOR EACH STATEMENT EXECUTE FUNCTION public.wait_here()');
    await client.query('SELECT pg_advisory_lock(4711)');
    const importing = importPosts(offTopic);
    await untilWaiting(1);
    // The annotation holds the revision: an erasure ends after it, and finds the refusal that it wrote.
    const erasing = run('erase', POST.platform, POST.id, '--reason', 'request', '--no-scrub');
    await untilWaiting(2);
    await client.query('SELECT pg_advisory_unlock(4711)');
    expect(await erasing).toBe(0);
    await importing;
    expect(await withText()).toEqual([]);
    expect(await ask('SELECT code, item FROM refusal')).toEqual([{ code: 'off_topic', item: null }]);
  });

  it('is done again by the sweep when a post is there all the same', async () => {
    expect(await importPosts(POST, OTHER)).toBe(0);
    expect(await run('erase', POST.platform, POST.id, '--reason', 'request', '--no-scrub')).toBe(0);
    await client.query(
      `INSERT INTO post_revision (post_id, revision, digest, kind, text, text_digest) SELECT id, 7, '\\x00', 'comment', $1, '\\x00' FROM post WHERE native_id IS NULL`,
      [POST.text],
    );
    await client.query(`INSERT INTO post_sighting SELECT id, sha256('page') FROM post WHERE native_id IS NULL`);
    await client.query(`INSERT INTO capture (digest, url, status, headers, body, fetched_at) VALUES (sha256('page'), 'u', 200, '{}', 'goneword', now())`);
    const pool = createPool(edge.databaseUrl, { applicationName: 'hearsay-test' });
    try {
      expect((await measureBacklog(pool)).sweep).toBe(1);
      expect((await readBacklog(pool)).sweep).toBe(1);
      // Any command that runs the stages to their end takes it along.
      expect(await importPosts(OTHER)).toBe(0);
      expect((await measureBacklog(pool)).sweep).toBe(0);
    } finally {
      await pool.end();
    }
    expect(await withText()).toEqual([]);
    expect(await ask('SELECT 1 FROM capture')).toEqual([]);
    expect(await ask(`SELECT 1 FROM setting WHERE name LIKE '%scrub%'`)).not.toEqual([]);
  });

  it('is done again by the sweep when a post was first stored while it was blocked', async () => {
    expect(await importPosts(POST, OTHER)).toBe(0);
    // As the race leaves it: live, in the ledger, and blocked.
    await client.query(`INSERT INTO blocked_post (post_key, reason) SELECT post_key, 'platform_terms' FROM post WHERE native_id = 't3_gone'`);
    expect(await importPosts(OTHER)).toBe(0);
    expect(await withText()).toEqual([]);
    expect(await ask(`SELECT convert_from(header, 'UTF8')::json ->> 'reason' AS reason FROM ledger_entry WHERE type = 'tombstone'`)).toEqual([
      { reason: 'platform_terms' },
    ]);
    expect(await run('ledger', 'verify', 'semax')).toBe(0);
  });
});

describe('hearsay erase', () => {
  const capture = (name: string, body: string): Promise<unknown> =>
    client.query(`INSERT INTO capture (digest, url, status, headers, body, fetched_at) VALUES (sha256($1), 'u', 200, '{}', $2, now())`, [
      Buffer.from(name),
      Buffer.from(body),
    ]);
  const bodies = async (): Promise<string[]> => (await ask('SELECT body FROM capture')).map(({ body }) => String(body)).sort();

  beforeEach(async () => {
    expect(await importPosts(POST, { id: '12345', platform: 'reddit', text: '' }, { id: '123456', platform: 'reddit', text: '' })).toBe(3);
  });

  it.each([
    ['reddit', ''],
    ['reddit', ' \t\u00a0'],
    ['reddit', '--author', ' '],
    ['--url', ' '],
  ])('refuses what is blank, and changes nothing: %j', async (...argv) => {
    await capture('page', 'anything');
    const before = await ask('SELECT * FROM refusal ORDER BY key');
    expect(await run('erase', ...argv, '--reason', 'request')).toBe(2);
    expect(edge.written.talk).toContain('(bad_selection)');
    expect(await ask('SELECT * FROM refusal ORDER BY key')).toEqual(before);
    expect(await bodies()).toEqual(['anything']);
    expect(await ask('SELECT 1 FROM blocked_post')).toEqual([]);
  });

  it('refuses a blank line of a file', async () => {
    const file = path.join(dir, 'requests.ndjson');
    await writeFile(file, '{"platform":"reddit","id":""}\n{"platform":"reddit","id":" "}\n{"platform":"reddit","author":" "}\n{"url":""}\n');
    expect(await run('erase', '--from', file, '--reason', 'request', '--no-scrub')).toBe(3);
    expect(edge.written.out.match(/"bad_selection"/g)).toHaveLength(4);
    expect(await ask('SELECT 1 FROM blocked_post')).toEqual([]);
  });

  it('takes captures and refusals with the id as a whole, and none that only contain it', async () => {
    const others = ['{"id":"123456"}', '{"id":"x12345"}', '12345_6', 'number 42'];
    await ask(`INSERT INTO refusal (topic, key, stage, code, source, detail) VALUES ('semax', '\\x01', 'import', 'bad_json', 'a', 'line 3: not JSON')`);
    const own = ['{"id":"12345"}', '12345', 'see\\n12345,', 'ü12345ü', '/p%2F12345?a'];
    for (const body of [...others, ...own]) await capture(body, body);
    await run('erase', 'reddit', '12345', '--reason', 'request', '--no-scrub');
    expect(await bodies()).toEqual(others.toSorted());
    expect(await ask(`SELECT item FROM refusal WHERE code = 'missing_text' ORDER BY item`)).toEqual([{ item: '123456' }, { item: null }]);

    // Too short to be looked for in pages; and no number of a line.
    await run('erase', 'reddit', '42', '--reason', 'request', '--no-scrub');
    await run('erase', 'reddit', '3', '--reason', 'request', '--no-scrub');
    expect(await bodies()).toEqual(others.toSorted());
    expect(await ask(`SELECT detail FROM refusal WHERE code = 'bad_json'`)).toEqual([{ detail: 'line 3: not JSON' }]);
  });
});
