/** Tiles and proofs out of Postgres, against a naive recursive tree: around full tiles of level 0 and 1, before and after upper tiles are stored. */
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogReader } from '../../src/api/database-reader.ts';
import { createPool, inTransaction } from '../../src/db/pool.ts';
import { createDatabaseLog } from '../../src/ledger/database-log.ts';
import { proveEntry, proveGrowth } from '../../src/ledger/log.ts';
import { nodeHashOf } from '../../src/ledger/merkle.ts';
import { proveConsistency, proveInclusion, readRoot } from '../../src/ledger/proof.ts';
import { createNodeReader, decodeEntryBundle, splitHashes, type TileId } from '../../src/ledger/tile.ts';
import { createTileReader } from '../../src/ledger/tile-reader.ts';
import { storeUpperTiles } from '../../src/ledger/upper-tiles.ts';
import { NaiveTree } from '../property/naive-tree.ts';
import { MemoryLedger } from '../unit/api/memory-ledger.ts';
import { serve } from '../unit/api/serve.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { addCheckpoint, addEntries, addLeafTiles, addTopic } from './log-fixture.ts';

const MOST = 65_536 + 2 * 256 + 3;
const SIZES = [1, 2, 255, 256, 257, 512, 513, 65_280, 65_281, 65_535, 65_536, 65_537, 65_792, 65_793, MOST];
const tree = NaiveTree.of(MOST);
let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, { applicationName: 'test-tile-reader', max: 6 });
  for (const topic of ['long', 'semax', 'holes', 'high', 'forged']) await addTopic(pool, topic);
  await addEntries(pool, 'long', { to: MOST });
  await addLeafTiles(pool, 'long');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** The definition: MTH(D[(256 n + i) 256^l : (256 n + i + 1) 256^l]). */
function naiveTile({ level, index, width }: TileId): Uint8Array[] {
  const span = 256 ** level;
  return Array.from({ length: width }, (_, at) => tree.root((index * 256 + at) * span, (index * 256 + at + 1) * span));
}

async function expectNaive(topic: string, sizes: readonly number[], reader = createTileReader(pool, topic)): Promise<void> {
  for (const size of sizes) {
    const nodes = createNodeReader(reader, size);
    expect(await readRoot(nodes, size), `root of ${size}`).toEqual(tree.root(0, size));
    for (const index of new Set([0, Math.floor(size / 2), size - 1])) {
      expect(await proveInclusion(nodes, { index, size }), `leaf ${index} of ${size}`).toEqual(tree.path(index, 0, size));
    }
    for (const from of sizes.filter((other) => other <= size)) {
      expect(await proveConsistency(nodes, { from, to: size }), `from ${from} to ${size}`).toEqual(tree.subproof(from, { start: 0, end: size }));
    }
  }
}

describe('a log of 66,051 entries', () => {
  it('gives the proofs of a naive tree while only level 0 is stored', async () => {
    const stored = await pool.query('SELECT level FROM ledger_tile WHERE topic = $1 GROUP BY level', ['long']);
    expect(stored.rows).toEqual([{ level: 0 }]);
    await expectNaive('long', SIZES);
    // Backwards, what was computed for a larger size serves the smaller; and a reader that knows nothing yet agrees.
    await expectNaive('long', [MOST, 65_793, 65_537, 65_535, 65_281, 257, 1]);
    for (const size of [65_535, 65_536, MOST]) await expectNaive('long', [size]);
  });

  it('gives the tiles of the definition, as wide as asked for', async () => {
    const reader = createTileReader(pool, 'long');
    const tiles: TileId[] = [
      { level: 0, index: 0, width: 256 },
      { level: 0, index: 0, width: 1 },
      { level: 0, index: 255, width: 255 },
      { level: 0, index: 258, width: 3 },
      { level: 0, index: 258, width: 2 },
      { level: 1, index: 0, width: 256 },
      { level: 1, index: 0, width: 255 },
      { level: 1, index: 1, width: 1 },
      { level: 1, index: 1, width: 2 },
      { level: 1, index: 1, width: 1 },
      { level: 2, index: 0, width: 1 },
    ];
    const read = await reader.readTiles(tiles);
    for (const [at, tile] of tiles.entries()) expect(splitHashes(read[at] as Uint8Array), JSON.stringify(tile)).toEqual(naiveTile(tile));
    expect(await reader.readTiles([])).toEqual([]);
  });

  it('has its complete upper tile stored once, whoever else does it too, and proves the same with it', async () => {
    const stored = await Promise.all([storeUpperTiles(pool, 'long'), inTransaction(pool, (client) => storeUpperTiles(client, 'long'))]);
    expect(Math.max(...stored)).toBe(1);
    expect(await storeUpperTiles(pool, 'long')).toBe(0);
    const { rows } = await pool.query<{ level: number; tile_index: number; hashes: Buffer }>(
      'SELECT level, tile_index, hashes FROM ledger_tile WHERE topic = $1 AND level > 0',
      ['long'],
    );
    expect(rows.map(({ level, tile_index }) => [level, tile_index])).toEqual([[1, 0]]);
    expect(splitHashes(new Uint8Array(rows[0]?.hashes as Buffer))).toEqual(naiveTile({ level: 1, index: 0, width: 256 }));
    await expectNaive('long', SIZES);
  });

  it('can be read within a transaction', async () => {
    await inTransaction(pool, (client) => expectNaive('long', [255, 65_537], createTileReader(client, 'long')), { readOnly: true });
  });

  it('is proved to grow while it grows, by a reader that remembers', async () => {
    const reader = createTileReader(pool, 'semax');
    let from = 0;
    for (const to of [1, 255, 256, 300, 512, 1_023, 1_024]) {
      await addEntries(pool, 'semax', { from, to });
      await addLeafTiles(pool, 'semax');
      await expectNaive('semax', [to], reader);
      expect(await storeUpperTiles(pool, 'semax')).toBe(0);
      from = to;
    }
  });
});

describe('upper tiles', () => {
  it('are made level by level', async () => {
    // 2^24 leaves are too many for a test: tiles of level 1 that are made up, and the mark that level 0 is full below them.
    await pool.query(`INSERT INTO ledger_tile SELECT 'high', 0, 65535, decode(repeat('00', 8192), 'hex')`);
    await pool.query(
      `INSERT INTO ledger_tile SELECT 'high', 1, n, (SELECT string_agg(sha256(int8send(n * 256 + i)), ''::bytea ORDER BY i) FROM generate_series(0, 255) AS i)
         FROM generate_series(0::bigint, 255) AS n`,
    );
    expect(await storeUpperTiles(pool, 'high')).toBe(1);
    const { rows } = await pool.query<{ tile_index: number; hashes: Buffer }>('SELECT tile_index, hashes FROM ledger_tile WHERE topic = $1 AND level = 2', [
      'high',
    ]);
    expect(rows.map(({ tile_index }) => tile_index)).toEqual([0]);
    const below = await createTileReader(pool, 'high').readTiles(Array.from({ length: 256 }, (_, index) => ({ level: 1, index, width: 256 })));
    const fold = (hashes: Uint8Array[]): Uint8Array =>
      hashes.length === 1 ? (hashes[0] as Uint8Array) : nodeHashOf(fold(hashes.slice(0, hashes.length / 2)), fold(hashes.slice(hashes.length / 2)));
    expect(splitHashes(new Uint8Array(rows[0]?.hashes as Buffer))).toEqual(below.map((hashes) => fold(splitHashes(hashes))));
  });
});

describe('what is missing', () => {
  beforeAll(async () => {
    await addEntries(pool, 'holes', { to: 514 });
    await addEntries(pool, 'holes', { from: 515, to: 520 });
    await addLeafTiles(pool, 'holes', { from: 1 });
  });

  it('is an integrity failure: a full tile', async () => {
    const reader = createTileReader(pool, 'holes');
    await expect(reader.readTiles([{ level: 0, index: 0, width: 256 }])).rejects.toMatchObject({ name: 'IntegrityError', code: 'missing_tile' });
    await expect(reader.readTiles([{ level: 1, index: 0, width: 2 }])).rejects.toMatchObject({ name: 'IntegrityError', code: 'missing_tile' });
    await expect(readRoot(createNodeReader(reader, 512), 512)).rejects.toMatchObject({ code: 'missing_tile' });
  });

  it('is an integrity failure: an entry', async () => {
    const log = createDatabaseLog(pool, 'holes');
    const page = { index: 2, width: 5 };
    for (const read of [() => log.readTiles([{ level: 0, ...page }]), () => log.readEntries(page), () => log.readHeaders(page)]) {
      await expect(read()).rejects.toMatchObject({ name: 'IntegrityError', code: 'missing_entry' });
    }
    expect(await log.readEntries({ index: 2, width: 2 })).toEqual(tree.entries.slice(512, 514));
  });

  it('is an integrity failure: agreement with a signed root', async () => {
    await addEntries(pool, 'forged', { to: 5 });
    await addCheckpoint(pool, 'forged', { tree: new NaiveTree(tree.entries.slice(1)), size: 5 });
    const log = createDatabaseLog(pool, 'forged');
    await expect(proveEntry(log, { seq: 0 })).rejects.toMatchObject({ name: 'IntegrityError', code: 'tree_differs' });
    await expect(proveGrowth(log, { from: 1 })).rejects.toMatchObject({ name: 'IntegrityError', code: 'tree_differs' });
  });
});

describe('over HTTP', () => {
  let logOf: ReturnType<typeof createLogReader>;
  const { app, json } = serve(new MemoryLedger(), { logOf: (slug) => logOf(slug) });
  const WITNESSES = { 'b.example/w': '— b.example/w QkJCQkJC', 'a.example/w': '— a.example/w QUFBQUFB' };

  beforeAll(() => {
    logOf = createLogReader(pool);
  });

  async function bytesOf(path: string): Promise<Uint8Array> {
    const answer = await app.request(path);
    expect(answer.status, path).toBe(200);
    return new Uint8Array(await answer.arrayBuffer());
  }

  it('serves what the newest checkpoint covers, and nothing beyond it', async () => {
    expect((await app.request('/log/semax/checkpoint')).status).toBe(404);
    await addCheckpoint(pool, 'semax', { tree, size: 300 });
    const note = await addCheckpoint(pool, 'semax', { tree, size: 700, witnesses: WITNESSES });
    const answer = await app.request('/log/semax/checkpoint');
    expect(await answer.text()).toBe(`${note}${WITNESSES['a.example/w']}\n${WITNESSES['b.example/w']}\n`);
    expect(splitHashes(await bytesOf('/log/semax/tile/0/002.p/188'))).toEqual(naiveTile({ level: 0, index: 2, width: 188 }));
    expect(splitHashes(await bytesOf('/log/semax/tile/1/000.p/2'))).toEqual(naiveTile({ level: 1, index: 0, width: 2 }));
    expect(decodeEntryBundle(await bytesOf('/log/semax/tile/entries/001'))).toEqual(tree.entries.slice(256, 512));
    const headers = new TextDecoder().decode(await bytesOf('/log/semax/headers/002.p/2'));
    expect(headers).toBe('{"seq":512,"topic":"semax"}\n{"seq":513,"topic":"semax"}\n');
    // 1,024 entries are there, 700 are signed.
    for (const path of ['tile/0/002', 'tile/0/002.p/189', 'tile/1/000.p/3', 'tile/entries/002.p/189', 'headers/002', 'headers/003']) {
      expect((await app.request(`/log/semax/${path}`)).status, path).toBe(404);
    }
  });

  it('proves entries and growth, for old sizes too', async () => {
    const inclusion = await json<{ proof: string[]; checkpoint: string; size: number }>('/api/topics/semax/proofs/inclusion?seq=299');
    expect(inclusion.size).toBe(700);
    expect(inclusion.proof).toEqual(tree.path(299, 0, 700).map((hash) => Buffer.from(hash).toString('base64')));
    expect(inclusion.checkpoint.trimEnd().split('\n').slice(-2)).toEqual([WITNESSES['a.example/w'], WITNESSES['b.example/w']]);
    expect(await json('/api/topics/semax/proofs/inclusion?seq=299&size=300')).toMatchObject({ checkpoint: expect.stringContaining('\n300\n') });
    const unsigned = await json('/api/topics/semax/proofs/inclusion?seq=5&size=299');
    expect(unsigned).toMatchObject({ size: 299, root: Buffer.from(tree.root(0, 299)).toString('hex') });
    expect(unsigned).not.toHaveProperty('checkpoint');
    const growth = await json<{ proof: string[] }>('/api/topics/semax/proofs/consistency?from=300');
    expect(growth).toMatchObject({ from_checkpoint: expect.stringContaining('\n300\n'), to_checkpoint: expect.stringContaining('\n700\n') });
    expect(growth.proof).toEqual(tree.subproof(300, { start: 0, end: 700 }).map((hash) => Buffer.from(hash).toString('base64')));
    expect(await json('/api/topics/semax/proofs/inclusion?seq=5&size=701')).toMatchObject({ error: { code: 'bad_size' } });
  });
});
