/**
 * Every statement of every act on a ledger fails once, before the server sees it and after the server has done it with the answer
 * lost, COMMIT included. The act is then asked again, as a queue or a person would; the ledger must be the one of an undisturbed run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool, inTransaction } from '../../src/db/pool.ts';
import { deriveKeys } from '../../src/keys.ts';
import { appendEntries } from '../../src/ledger/append.ts';
import { erasePost } from '../../src/ledger/erase.ts';
import { FoldReader } from '../../src/ledger/fold-reader.ts';
import { publishTopic } from '../../src/ledger/publish.ts';
import type { AppendOutcome, AppendRequest, VisibilityRequest } from '../../src/ledger/request.ts';
import { openNoteStore } from '../../src/signer/note-store.ts';
import { signTopic } from '../../src/signer/sign-topic.ts';
import { verifyTopic } from '../../src/verify/verify-topic.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';
import { ANNOTATOR, digest, NOW, report, review } from './ledger-fixture.ts';

let database: TestDatabase;
let proxy: FaultyProxy;
/** By way of the proxy, one connection, as a worker has it; and straight, to look. */
let pool: Pool;
let direct: Pool;
let notes: string;
const folds = new FoldReader();
const keys = deriveKeys(new Uint8Array(32).fill(3));

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startFaultyProxy(database.url);
  pool = createPool(proxy.url, { applicationName: 'test-faulty', max: 1 });
  direct = createPool(database.url, { applicationName: 'test-direct', max: 2 });
  notes = await mkdtemp(path.join(tmpdir(), 'hearsay-faults-'));
});
afterAll(async () => {
  await pool.end();
  await direct.end();
  await proxy.close();
  await database.drop();
  await rm(notes, { recursive: true, force: true });
});

interface Act {
  readonly name: string;
  /** Statements it takes at least: a matrix that shrank would say little. */
  readonly steps: number;
  /** Makes it happen; asked again after a failure, so with the same keys. `topic` is also part of every post's name. */
  run(topic: string): Promise<unknown>;
  prepare?(topic: string): Promise<unknown>;
}

function append(topic: string, ...requests: AppendRequest[]): Promise<AppendOutcome[]> {
  return inTransaction(pool, (client) => appendEntries(client, { topic, now: NOW, folds }, requests));
}

const post = (topic: string, name: string, more: object = {}) => report({ post: `${topic} ${name}`, author: `${topic} ${name}`, ...more });
/** Enough for the append to go in by several statements and to fill two tiles. */
const many = (topic: string) => Array.from({ length: 180 }, (_, nth) => post(topic, `many ${nth}`, { thread: `${topic} ${nth % 7}` }));
const decision = (topic: string) => review(1, { id: `${topic} review`, note: 'seen' });

const withhold = (topic: string): VisibilityRequest => ({ type: 'withhold', postKey: digest(`post:${topic} a`), reason: 'removed_on_platform' });

const ACTS: readonly Act[] = [
  { name: 'a large append', steps: 10, run: (topic) => append(topic, ...many(topic)) },
  { name: 'a decision', steps: 6, run: (topic) => append(topic, { ...decision(topic), id: `${topic} second`, expects: 7, decision: 'reject' }) },
  { name: 'an edit that carries a decision over', steps: 9, run: (topic) => append(topic, post(topic, 'a', { revision: 2 })) },
  { name: 'a withhold', steps: 6, run: (topic) => append(topic, withhold(topic)) },
  {
    name: 'a restore',
    steps: 6,
    prepare: (topic) => append(topic, withhold(topic)),
    run: (topic) => append(topic, { ...withhold(topic), type: 'restore', reason: 'back_on_platform' }),
  },
  {
    name: 'an erasure',
    steps: 12,
    run: (topic) => inTransaction(pool, (client) => erasePost(client, { postKey: digest(`post:${topic} a`), reason: 'request' }, { now: NOW, folds, keys })),
  },
  { name: 'publishing', steps: 4, run: (topic) => publishTopic(pool, topic, folds) },
  { name: 'signing', steps: 8, run: (topic) => sign(topic) },
];

function sign(topic: string) {
  const signer = { seed: new Uint8Array(32).fill(9), host: 'ledger.example', notes: openNoteStore(path.join(notes, topic)), log: { warn: () => undefined } };
  return signTopic(pool, topic, signer);
}

let opened = 0;

/** A ledger of two posts, the first of them decided on. All names are equally long, for they stand in the texts that are quoted. */
async function openTopic({ prepare }: Act): Promise<string> {
  const topic = `topic-${String(++opened).padStart(4, '0')}`;
  proxy.arm(undefined);
  await direct.query(`INSERT INTO topic (slug, title, document) VALUES ($1, $1, '{}')`, [topic]);
  await direct.query('INSERT INTO ledger_head (topic) VALUES ($1)', [topic]);
  await append(topic, ANNOTATOR, post(topic, 'a'), post(topic, 'b'));
  await append(topic, decision(topic));
  await prepare?.(topic);
  return topic;
}

/** Everything but what is random: entry hashes, salts, commitments, and the topic's own name. */
async function describeTopic(topic: string): Promise<unknown> {
  const strip = (text: string) => text.replaceAll(topic, 'TOPIC').replaceAll(/"commitment":"[0-9a-f]{64}"/g, '"commitment":""');
  const read = async (sql: string) => (await direct.query<Record<string, unknown>>(sql, [topic])).rows;
  const entries = await read(
    `SELECT convert_from(header, 'UTF8') AS header, convert_from(c.content, 'UTF8') AS content
       FROM ledger_entry e LEFT JOIN ledger_content c USING (topic, seq) WHERE topic = $1 ORDER BY seq`,
  );
  return {
    entries: entries.map((row) => [strip(String(row['header'])), strip(String(row['content']))]),
    sources: await read(
      'SELECT seq, number, revision_id, thread, experience, state, author_key IS NULL AS forgotten FROM ledger_source WHERE topic = $1 ORDER BY seq',
    ),
    erased: await read('SELECT seq, tombstone FROM ledger_erased WHERE topic = $1 ORDER BY seq'),
    tiles: await read('SELECT level, tile_index FROM ledger_tile WHERE topic = $1 ORDER BY level, tile_index'),
    counts: await read('SELECT size, document::text AS document FROM counts WHERE topic = $1'),
    checkpoints: await read('SELECT size FROM checkpoint WHERE topic = $1 ORDER BY size'),
    keys: await read('SELECT count(*) AS many FROM log_key WHERE topic = $1'),
    blocked: (await direct.query('SELECT 1 FROM blocked_post WHERE post_key = $1', [digest(`post:${topic} a`)])).rowCount,
  };
}

describe.each(ACTS)('$name', (act) => {
  it('ends in the same ledger whichever statement fails, before or after it is done', async () => {
    const calm = await openTopic(act);
    proxy.arm(undefined);
    await act.run(calm);
    const { steps } = proxy.state();
    expect(steps).toBeGreaterThanOrEqual(act.steps);
    const expected = await describeTopic(calm);
    expect(await verifyTopic(direct, calm)).toMatchObject({ ok: true });

    for (let step = 1; step <= steps; step++) {
      for (const when of ['before', 'after'] as const) {
        const topic = await openTopic(act);
        const fault = `${when} step ${step} of ${steps}`;
        proxy.arm({ step, when });
        // Lost after the last statement of all, an act that did not end with COMMIT may have been done and said so.
        await act.run(topic).catch(() => undefined);
        expect(proxy.state().happened, fault).toBe(true);
        await act.run(topic);
        expect(await describeTopic(topic), fault).toEqual(expected);
        expect(await verifyTopic(direct, topic), fault).toMatchObject({ ok: true });
      }
    }
  }, 300_000);
});
