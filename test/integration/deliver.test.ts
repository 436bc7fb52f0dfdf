/** Deliveries from a real database: to whom, when, what is stored of it, and what a rewritten or restored database runs into. */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { parseCheckpoint, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { formatWitnessKey, verifyCosignature, witnessVerifierKeyOf } from '../../src/ledger/cosignature.ts';
import { createDatabaseLog } from '../../src/ledger/database-log.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { type DeliveryDeps, deliverCheckpoints, keepDelivering } from '../../src/places/deliver.ts';
import { listDeliveries } from '../../src/places/deliveries.ts';
import { openListed } from '../unit/places/open-listed.ts';
import type { Place } from '../../src/places/place.ts';
import { createWitnessApp, type ServedWitness, serveWitness } from '../../src/witness/server.ts';
import { openWitnessState, type WitnessState } from '../../src/witness/state.ts';
import { createWitness, type Witness } from '../../src/witness/witness.ts';
import { NaiveTree } from '../property/naive-tree.ts';
import { forkOf } from '../unit/witness/log.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { addCheckpoint, addEntries, addLeafTiles, addTopic } from './log-fixture.ts';

const KEY = { name: 'witness.example/w1', seed: new Uint8Array(32).fill(5) };
const witnessKey = await witnessVerifierKeyOf(KEY);
const tree = NaiveTree.of(700);
/** The same to entry 199, then others. */
const REWRITTEN = new NaiveTree(tree.entries.map((entry, seq) => (seq < 200 ? entry : sha256(utf8ToBytes(`rewritten ${seq}`)))));
const ORIGIN = 'ledger.example/semax';
const START = new Date('2026-03-04T05:06:07Z');

/** The database in use is the last one. */
let databases: { readonly database: TestDatabase; readonly pool: Pool }[];
let pool: Pool;
let folder: string;
let state: WitnessState;
let server: ServedWitness;
let witness: Witness;
let now: Date;
let logged: { level: string; message: string }[];

beforeEach(async () => {
  databases = [];
  await useNewDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'hearsay-deliver-'));
  await mkdir(path.join(folder, 'notes'));
  // The key that log-fixture.ts signs with.
  const logs = new Map([[ORIGIN, [await verifierKeyOf(ORIGIN, new Uint8Array(32).fill(5))]]]);
  state = await openWitnessState(path.join(folder, 'state'), logs);
  witness = createWitness({ key: KEY, logs, state, now: () => now, onSuspicion: () => undefined });
  server = await serveWitness(createWitnessApp({ witness, vkey: formatWitnessKey(witnessKey), report: () => undefined }), { host: '127.0.0.1', port: 0 });
  now = START;
  logged = [];
});
afterEach(async () => {
  await server.close();
  await state.close();
  await rm(folder, { recursive: true, force: true });
  for (const opened of databases) {
    await opened.pool.end();
    await opened.database.drop();
  }
});

/** A ledger of 700 entries that nothing was signed or delivered of; from `rewrittenFrom` on they are others. */
async function useNewDatabase(rewrittenFrom = 700): Promise<void> {
  const database = await createTestDatabase();
  pool = createPool(database.url, { applicationName: 'test-deliver', max: 8 });
  databases.push({ database, pool });
  await addTopic(pool, 'semax');
  await addEntries(pool, 'semax', { to: rewrittenFrom });
  await pool.query(
    `INSERT INTO ledger_entry (topic, seq, type, key, header, entry)
     SELECT 'semax', n, 'question', int8send(n), '', sha256(convert_to('rewritten ' || n, 'UTF8')) FROM generate_series($1::bigint, 699) AS n`,
    [rewrittenFrom],
  );
  await addLeafTiles(pool, 'semax');
}

const sign = (size: number, from = tree): Promise<string> => addCheckpoint(pool, 'semax', { tree: from, size });
const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1_000);
};

function deps(...places: readonly (string | Place)[]): DeliveryDeps {
  const write = (level: string) => (_: object, message: string) => void logged.push({ level, message });
  return {
    pool,
    places: places.flatMap((place) => (typeof place === 'string' ? openListed(place) : [place])),
    now: () => now,
    log: { info: write('info'), warn: write('warn'), error: write('error') },
  };
}
const go = (given: DeliveryDeps, signal = new AbortController().signal) => deliverCheckpoints(given, signal);
const dir = (): string => `dir:${folder}/notes`;
const asWitness = (): string => `witness+${server.url}#${formatWitnessKey(witnessKey)}`;

async function rows(given: DeliveryDeps): Promise<(readonly [number, number, string | null])[]> {
  const found = await listDeliveries(
    pool,
    given.places.map(({ name }) => name),
  );
  return found.map(({ size, attempts, error }) => [size, attempts, error] as const);
}

describe('deliverCheckpoints', () => {
  it('brings the newest checkpoint to every place, once, and keeps the cosignature beneath it', async () => {
    const given = deps(dir(), asWitness());
    expect(await go(given)).toEqual({ delivered: 0, failed: 0 });
    await sign(3);
    expect(await go(given)).toEqual({ delivered: 2, failed: 0 });
    // Across full tiles, and past one that nobody is told of.
    await sign(255);
    await sign(600);
    expect(await go(given)).toEqual({ delivered: 2, failed: 0 });
    expect(await go(given)).toEqual({ delivered: 0, failed: 0 });
    expect(await rows(given)).toEqual([
      [600, 0, null],
      [600, 0, null],
    ]);
    expect((await readdir(path.join(folder, 'notes/semax'))).sort()).toEqual(['3', '600', 'checkpoint']);
    expect(witness.lastOf(ORIGIN)?.checkpoint.size).toBe(600);
    const shown = await createDatabaseLog(pool, 'semax').newest();
    expect(await verifyCosignature(parseCheckpoint(shown?.note ?? ''), witnessKey)).toBe(START.getTime() / 1_000);
    const stored = await pool.query('SELECT size, name FROM cosignature ORDER BY size');
    expect(stored.rows).toEqual([
      { size: 3, name: KEY.name },
      { size: 600, name: KEY.name },
    ]);
  });

  it('delivers again what it cannot know to have delivered, and changes nothing by it', async () => {
    const given = deps(dir(), asWitness());
    await sign(300);
    await go(given);
    const before = await pool.query('SELECT line FROM cosignature');
    await pool.query('DELETE FROM checkpoint_delivery');
    later(10);
    expect(await go(given)).toEqual({ delivered: 2, failed: 0 });
    expect((await pool.query('SELECT line FROM cosignature')).rows).toEqual(before.rows);
  });

  it('holds up nobody for a place that fails, and tries it again in its time', async () => {
    const given = deps(`dir:${folder}/unmounted`, dir());
    await sign(3);
    expect(await go(given)).toEqual({ delivered: 1, failed: 1 });
    expect(await rows(given)).toEqual([
      [-1, 1, expect.stringMatching(/^place_unusable: there is no directory /)],
      [3, 0, null],
    ]);
    later(29);
    expect(await go(given)).toEqual({ delivered: 0, failed: 0 });
    later(1);
    expect(await go(given)).toEqual({ delivered: 0, failed: 1 });
    later(59);
    expect(await go(given)).toEqual({ delivered: 0, failed: 0 });
    await mkdir(path.join(folder, 'unmounted'));
    later(1);
    expect(await go(given)).toEqual({ delivered: 1, failed: 0 });
    expect((await rows(given))[0]).toEqual([3, 0, null]);
    // The same failure is told once.
    expect(logged.map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('waits an hour at most', async () => {
    const given = deps(`dir:${folder}/unmounted`);
    await sign(3);
    for (let attempt = 1; attempt <= 40; attempt++) {
      expect(await go(given), `attempt ${attempt}`).toEqual({ delivered: 0, failed: 1 });
      later(3_600);
    }
  });

  it.each(['dir', 'witness'])('raises the alarm when history was rewritten under a %s', async (kind) => {
    const given = deps(kind === 'dir' ? dir() : asWitness());
    await sign(300);
    await go(given);
    await useNewDatabase(200);
    await sign(400, REWRITTEN);
    const after = deps(kind === 'dir' ? dir() : asWitness());
    expect(await go(after)).toEqual({ delivered: 0, failed: 1 });
    expect((await rows(after))[0]).toEqual([-1, 1, expect.stringMatching(/^place_contradicts: /)]);
    expect(logged).toEqual([{ level: 'error', message: expect.stringContaining('history was rewritten') }]);
  });

  it.each(['dir', 'witness'])('raises the alarm when an older database came back under a %s', async (kind) => {
    const given = deps(kind === 'dir' ? dir() : asWitness());
    await sign(600);
    await go(given);
    await useNewDatabase();
    await sign(300);
    const after = deps(kind === 'dir' ? dir() : asWitness());
    expect(await go(after)).toEqual({ delivered: 0, failed: 1 });
    expect((await rows(after))[0]).toEqual([-1, 1, expect.stringMatching(/^place_ahead: .* of size 600, .* of size 300/)]);
    expect(logged.map(({ level }) => level)).toEqual(['error']);
  });

  it('does not blame a place for a checkpoint that our own tree does not lead to', async () => {
    const given = deps(asWitness());
    await sign(300);
    await go(given);
    await sign(400, forkOf(tree, 350));
    expect(await go(given)).toEqual({ delivered: 0, failed: 1 });
    expect((await rows(given))[0]?.[2]).toMatch(/^tree_differs: /);
  });

  it('is done by one of many processes', async () => {
    let calls = 0;
    const slow: Place = {
      name: 'slow',
      async deliver() {
        calls += 1;
        await new Promise((resolve) => setTimeout(resolve, 100));
        return [];
      },
    };
    await sign(3);
    const reports = await Promise.all(Array.from({ length: 6 }, () => go(deps(slow))));
    expect(reports.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(1);
    expect(calls).toBe(1);
  });

  it('breaks off when it is told to stop, without calling that a failure', async () => {
    const stop = new AbortController();
    const stuck: Place = {
      name: 'stuck',
      deliver: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          stop.abort();
        }),
    };
    await sign(3);
    const given = deps(stuck);
    expect(await go(given, stop.signal)).toEqual({ delivered: 0, failed: 0 });
    expect(await rows(given)).toEqual([[-1, 0, null]]);
    expect(logged).toEqual([]);
  });
});

describe('keepDelivering', () => {
  it('goes on through failures of places, until it is told to stop', async () => {
    let fails = true;
    const place: Place = {
      name: 'flaky',
      deliver: async () => {
        if (fails) throw new InvalidInputError('place_refused', 'not yet');
        stop.abort();
        return [];
      },
    };
    const stop = new AbortController();
    const given = { ...deps(place), now: () => (fails ? START : new Date(START.getTime() + 3_600_000)) };
    await sign(3);
    const running = keepDelivering(given, stop.signal);
    await expect.poll(async () => (await rows(given))[0]?.[2], { timeout: 20_000 }).toBe('place_refused: not yet');
    fails = false;
    await running;
    expect((await rows(given))[0]?.[0]).toBe(3);
  });
});

it('a file of the directory is the note as it was signed', async () => {
  const note = await sign(600);
  await go(deps(dir()));
  expect(await readFile(path.join(folder, 'notes/semax/checkpoint'), 'utf8')).toBe(note);
});
