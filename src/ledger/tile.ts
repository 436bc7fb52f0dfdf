/**
 * A log as static files: C2SP tlog-tiles (c2sp.org/tlog-tiles), with header pages beside the entry bundles. A tile of level l holds
 * up to 256 roots of perfect subtrees of 256^l leaves; everything between is hashed from them. Pure: paths, bundles, and where in
 * which tile a node is. Proved by test/unit/ledger/tile.test.ts, test/vectors/tessera.test.ts (another log's own files) and
 * test/property/tile.test.ts.
 */
import { InvalidInputError } from '../errors.ts';
import { HASH_BYTES } from './chain.ts';
import { nodeHashOf } from './merkle.ts';
import type { NodeId, NodeReader } from './proof.ts';

/** Hashes of a full tile, entries of a full bundle, headers of a full page. */
export const TILE_WIDTH = 256;
/** Tree levels from one tile level to the next: 2^8 = 256. */
const TILE_HEIGHT = 8;
/** "a decimal ASCII integer between 0 and 63" */
const MAX_LEVEL = 63;

/** 256 neighbours, or the first `width` of them. */
export interface PageId {
  readonly index: number;
  /** 1 to 256 */
  readonly width: number;
}

export interface TileId extends PageId {
  readonly level: number;
}

/** One file of a log, as its path names it. Header pages are this project's own; the rest is of the specification. */
export type LogFile = ({ readonly kind: 'tile' } & TileId) | ({ readonly kind: 'entries' | 'headers' } & PageId);

/** The one thing a node reader needs of wherever tiles are kept. Tiles in the order asked, 32 bytes a hash. */
export interface TileReader {
  readTiles(tiles: readonly TileId[]): Promise<readonly Uint8Array[]>;
}

const FOLDERS = { entries: 'tile/entries', headers: 'headers' } as const;

/** For example `tile/0/x001/x234/067`, `tile/entries/000.p/12`, `headers/003`. */
export function formatLogPath(file: LogFile): string {
  const folder = file.kind === 'tile' ? `tile/${file.level}` : FOLDERS[file.kind];
  const digits = String(file.index);
  // Groups of three digits; all but the last begin with an x, so that no file has the name of a folder.
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) as string[];
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `${folder}/${number}${file.width === TILE_WIDTH ? '' : `.p/${file.width}`}`;
}

/** `undefined` for anything that `formatLogPath` does not give. */
export function parseLogPath(path: string): LogFile | undefined {
  const match = /^(?:tile\/(?:(?<level>\d{1,2})|(?<entries>entries))|headers)\/(?<number>(?:x\d{3}\/){0,5}\d{3})(?:\.p\/(?<width>\d{1,3}))?$/.exec(path);
  if (!match?.groups) return undefined;
  const { level, entries, number, width } = match.groups;
  const page = { index: Number((number as string).replaceAll(/[x/]/g, '')), width: width === undefined ? TILE_WIDTH : Number(width) };
  if (page.width < 1 || page.width > TILE_WIDTH || !Number.isSafeInteger(page.index * TILE_WIDTH) || Number(level ?? 0) > MAX_LEVEL) return undefined;
  const file: LogFile = level === undefined ? { kind: entries ? 'entries' : 'headers', ...page } : { kind: 'tile', level: Number(level), ...page };
  // Zeros in front, and `.p/256` for a full tile, would give one file two paths.
  return formatLogPath(file) === path ? file : undefined;
}

/** How many hashes the tile at `index` of `level` has in a tree of `size` leaves, 0 to 256. Level 0 counts for bundles and pages too. */
export function widthAt(size: number, at: { readonly level: number; readonly index: number }): number {
  const row = Math.floor(size / TILE_WIDTH ** at.level);
  return Math.max(0, Math.min(TILE_WIDTH, row - at.index * TILE_WIDTH));
}

/** Where in a tile the hashes are that a node is the root of. */
interface Place {
  readonly tile: TileId;
  readonly first: number;
  /** A power of two, 1 to 128; 256 of them are one hash of the tile above. */
  readonly count: number;
}

function locateNode(node: NodeId, size: number): Place {
  const level = Math.floor(node.level / TILE_HEIGHT);
  const count = 2 ** (node.level % TILE_HEIGHT);
  const start = node.index * count;
  const index = Math.floor(start / TILE_WIDTH);
  const width = widthAt(size, { level, index });
  const first = start - index * TILE_WIDTH;
  if (first + count > width) throw new InvalidInputError('bad_size', `a tree of ${size} leaves has no node ${node.index} of level ${node.level}`);
  return { tile: { level, index, width }, first, count };
}

/** Root of hashes that lie one after the other, a power of two of them. */
export function hashRow(hashes: Uint8Array): Uint8Array {
  let row = splitHashes(hashes);
  while (row.length > 1) {
    row = row.flatMap((hash, at) => (at % 2 === 0 ? [nodeHashOf(hash, row[at + 1] as Uint8Array)] : []));
  }
  return row[0] as Uint8Array;
}

/** Hashes of a tile, one by one. */
export function splitHashes(hashes: Uint8Array): Uint8Array[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, at) => hashes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES));
}

/**
 * Nodes of a tree of `size` leaves out of its tiles, each tile read once per call. Nothing is authenticated here: whoever reads from a
 * stranger verifies what comes of it (a proof, a root) against a signed checkpoint. Raises InvalidInputError `bad_tile`.
 */
export function createNodeReader(tiles: TileReader, size: number): NodeReader {
  return {
    async readNodes(nodes) {
      const places = nodes.map((node) => locateNode(node, size));
      const wanted = new Map(places.map(({ tile }) => [`${tile.level}/${tile.index}`, tile]));
      const read = await tiles.readTiles([...wanted.values()]);
      const byId = new Map([...wanted.keys()].map((id, at) => [id, read[at]]));
      return places.map(({ tile, first, count }) => {
        const hashes = byId.get(`${tile.level}/${tile.index}`);
        if (hashes?.length !== tile.width * HASH_BYTES)
          throw new InvalidInputError('bad_tile', `${formatLogPath({ kind: 'tile', ...tile })} is not of its size`);
        return hashRow(hashes.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES));
      });
    },
  };
}

/** Entries one after the other, each behind its length in two bytes, big-endian. Here an entry is a 32-byte entry hash. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(entries.reduce((bytes, entry) => bytes + 2 + entry.length, 0));
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new InvalidInputError('bad_tile', 'an entry of a bundle has at most 65,535 bytes');
    view.setUint16(at, entry.length);
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/** @throws InvalidInputError `bad_tile` when the bytes are not 1 to 256 whole entries. */
export function decodeEntryBundle(bundle: Uint8Array): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    const end = at + 2 + (at + 2 <= bundle.length ? view.getUint16(at) : 0);
    if (end > bundle.length) throw new InvalidInputError('bad_tile', `the entry at byte ${at} of the bundle is cut off`);
    entries.push(bundle.slice(at + 2, end));
    at = end;
  }
  if (entries.length < 1 || entries.length > TILE_WIDTH)
    throw new InvalidInputError('bad_tile', `a bundle has 1 to ${TILE_WIDTH} entries, not ${entries.length}`);
  return entries;
}
