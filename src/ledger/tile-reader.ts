/**
 * The tiles of one topic in Postgres. Full tiles are rows of ledger_tile; what has no row (the last, partial tile of a level, and upper
 * tiles that upper-tiles.ts has still to store) is computed: level 0 from the entries, others from the full tiles below. A tile only
 * ever grows, so reads need no common snapshot. Proved by test/integration/tile-reader.test.ts against a naive recursive tree.
 */
import { concatBytes } from '@noble/hashes/utils.js';
import type { ClientBase, Pool } from 'pg';
import { IntegrityError } from '../errors.ts';
import { HASH_BYTES } from './chain.ts';
import { leafHashOf } from './merkle.ts';
import { formatLogPath, hashRow, type PageId, TILE_WIDTH, type TileId, type TileReader } from './tile.ts';

/** A pool, or the client of a transaction: statements are sent one after the other. */
export type Database = Pool | ClientBase;

/** Computed upper tiles a reader remembers, 8 KiB each: one for each level that a tree has, and some that have still to be stored. */
const REMEMBERED = 16;

/**
 * Tiles as wide as asked for; the caller knows the size of the tree, and asks for nothing beyond it. Keep a reader to read often: it
 * remembers upper tiles that it computed, each hash of which takes 255 of its own, and computes only what was added since.
 * Raises IntegrityError `missing_tile` or `missing_entry` when what a tree of that size must have is not there.
 */
export function createTileReader(db: Database, topic: string): TileReader {
  const computed = new Map<string, Uint8Array>();

  async function readTiles(tiles: readonly TileId[]): Promise<Uint8Array[]> {
    const stored = await readStored(db, topic, tiles);
    const read: Uint8Array[] = [];
    for (const [at, tile] of tiles.entries()) read.push(stored[at] ?? (tile.level === 0 ? await hashEntries(tile) : await hashTilesBelow(tile)));
    return read;
  }

  async function hashEntries(tile: TileId): Promise<Uint8Array> {
    if (tile.width === TILE_WIDTH) throw new IntegrityError('missing_tile', `${formatLogPath({ kind: 'tile', ...tile })} of ${topic} is not stored`);
    return concatBytes(...(await readEntryHashes(db, topic, tile)).map(leafHashOf));
  }

  async function hashTilesBelow(tile: TileId): Promise<Uint8Array> {
    const id = `${tile.level}/${tile.index}`;
    const known = computed.get(id) ?? new Uint8Array();
    const first = known.length / HASH_BYTES;
    if (first >= tile.width) return known.slice(0, tile.width * HASH_BYTES);
    const below = Array.from({ length: tile.width - first }, (_, at) => ({
      level: tile.level - 1,
      index: tile.index * TILE_WIDTH + first + at,
      width: TILE_WIDTH,
    }));
    const hashes = concatBytes(known, ...(await readTiles(below)).map(hashRow));
    computed.delete(id);
    computed.set(id, hashes);
    const [oldest] = computed.keys();
    if (computed.size > REMEMBERED && oldest !== undefined) computed.delete(oldest);
    return hashes;
  }

  return { readTiles };
}

/** Full tiles by the hashes asked of them; undefined where there is no row. */
async function readStored(db: Database, topic: string, tiles: readonly TileId[]): Promise<(Uint8Array | undefined)[]> {
  const { rows } = await db.query<{ hashes: Buffer | null }>(
    `SELECT substr(t.hashes, 1, want.bytes) AS hashes
       FROM unnest($2::smallint[], $3::bigint[], $4::int[]) WITH ORDINALITY AS want (level, tile_index, bytes, n)
       LEFT JOIN ledger_tile t ON t.topic = $1 AND t.level = want.level AND t.tile_index = want.tile_index
      ORDER BY want.n`,
    [topic, tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ width }) => width * HASH_BYTES)],
  );
  return rows.map(({ hashes }) => (hashes === null ? undefined : new Uint8Array(hashes)));
}

/** Entry hashes of a page, each 32 bytes. */
export async function readEntryHashes(db: Database, topic: string, page: PageId): Promise<Uint8Array[]> {
  const { rows } = await db.query<{ entry: Buffer }>('SELECT entry FROM ledger_entry WHERE topic = $1 AND seq >= $2 AND seq < $3 ORDER BY seq', [
    topic,
    ...rangeOf(page),
  ]);
  requireAll(topic, page, rows.length);
  return rows.map(({ entry }) => new Uint8Array(entry));
}

/** Exact header bytes of a page. */
export async function readHeaders(db: Database, topic: string, page: PageId): Promise<Uint8Array[]> {
  const { rows } = await db.query<{ header: Buffer }>('SELECT header FROM ledger_entry WHERE topic = $1 AND seq >= $2 AND seq < $3 ORDER BY seq', [
    topic,
    ...rangeOf(page),
  ]);
  requireAll(topic, page, rows.length);
  return rows.map(({ header }) => new Uint8Array(header));
}

function rangeOf({ index, width }: PageId): [number, number] {
  return [index * TILE_WIDTH, index * TILE_WIDTH + width];
}

function requireAll(topic: string, page: PageId, found: number): void {
  if (found === page.width) return;
  const [from, to] = rangeOf(page);
  throw new IntegrityError('missing_entry', `${topic} has ${found} of the ${page.width} entries from ${from} to ${to - 1}`);
}
