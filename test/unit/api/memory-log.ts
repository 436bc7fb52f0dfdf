/** A log in memory behind the port of ledger/log.ts: a chain of made-up headers, signed at the sizes asked for. */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { entryHashOf, GENESIS } from '../../../src/ledger/chain.ts';
import { signCheckpoint } from '../../../src/ledger/checkpoint.ts';
import type { Log, SignedSize } from '../../../src/ledger/log.ts';
import { type PageId, TILE_WIDTH, type TileId } from '../../../src/ledger/tile.ts';
import { NaiveTree } from '../../property/naive-tree.ts';

const SEED = new Uint8Array(32).fill(7);
/** A line as a witness adds it; nobody verifies it here. */
export const WITNESS_LINE = '— witness.example/w AAAAAAAAAAAAAAAA\n';

export class MemoryLog implements Log {
  readonly headers: readonly Uint8Array[];
  readonly tree: NaiveTree;
  readonly notes = new Map<number, string>();

  constructor(size: number) {
    this.headers = Array.from({ length: size }, (_, seq) => utf8ToBytes(`{"seq":${seq},"topic":"semax","v":1}`));
    let previous = GENESIS;
    this.tree = new NaiveTree(
      this.headers.map((header) => {
        previous = entryHashOf(previous, header);
        return previous;
      }),
    );
  }

  static async signedAt(size: number, sizes: readonly number[]): Promise<MemoryLog> {
    const log = new MemoryLog(size);
    for (const signed of sizes) await log.sign(signed);
    return log;
  }

  async sign(size: number, root = this.tree.root(0, size)): Promise<void> {
    this.notes.set(size, (await signCheckpoint({ origin: 'ledger.example/semax', size, root }, SEED)) + WITNESS_LINE);
  }

  async newest(): Promise<SignedSize | undefined> {
    const size = Math.max(...this.notes.keys());
    const note = this.notes.get(size);
    return note === undefined ? undefined : { size, note };
  }

  async noteOf(size: number): Promise<string | undefined> {
    return this.notes.get(size);
  }

  /** Each hash by its definition: the i-th of tile n at level l is MTH(D[(256 n + i) 256^l : (256 n + i + 1) 256^l]). */
  async readTiles(tiles: readonly TileId[]): Promise<Uint8Array[]> {
    return tiles.map(({ level, index, width }) => {
      const span = TILE_WIDTH ** level;
      const first = index * TILE_WIDTH;
      return new Uint8Array(Buffer.concat(Array.from({ length: width }, (_, at) => this.tree.root((first + at) * span, (first + at + 1) * span))));
    });
  }

  async readEntries({ index, width }: PageId): Promise<readonly Uint8Array[]> {
    return this.tree.entries.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
  }

  async readHeaders({ index, width }: PageId): Promise<readonly Uint8Array[]> {
    return this.headers.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
  }
}
