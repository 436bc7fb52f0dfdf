import { describe, expect, it } from 'vitest';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { proveEntry, proveGrowth } from '../../../src/ledger/log.ts';
import type { PageId, TileId } from '../../../src/ledger/tile.ts';
import { MemoryLog } from '../api/memory-log.ts';

const differs = { name: 'IntegrityError', code: 'tree_differs' };

/** Tiles of which one byte is not what it was. */
class DamagedTiles extends MemoryLog {
  override async readTiles(tiles: readonly TileId[]): Promise<Uint8Array[]> {
    const [first, ...rest] = await super.readTiles(tiles);
    return [(first as Uint8Array).map((byte, at) => (at === 40 ? byte ^ 1 : byte)), ...rest];
  }
}

class ExchangedEntries extends MemoryLog {
  override async readEntries(page: PageId): Promise<readonly Uint8Array[]> {
    return [...(await super.readEntries(page))].reverse();
  }
}

describe('a log that contradicts itself proves nothing, and says that it is its own fault', () => {
  it.each([
    [0, 5],
    [1, 5],
    [0, 300],
    [299, 300],
  ])('a damaged tile: entry %i of %i', async (seq, size) => {
    const log = new DamagedTiles(300);
    await log.sign(size);
    await expect(proveEntry(log, { seq })).rejects.toMatchObject(differs);
  });

  it.each([
    [1, 5],
    [2, 5],
    [255, 300],
  ])('a damaged tile: growth from %i to %i', async (from, size) => {
    const log = new DamagedTiles(300);
    await log.sign(size);
    await expect(proveGrowth(log, { from })).rejects.toMatchObject(differs);
  });

  it('an entry hash that is not the one of the tree', async () => {
    const log = new ExchangedEntries(10);
    await log.sign(10);
    await expect(proveEntry(log, { seq: 4 })).rejects.toMatchObject(differs);
  });

  it('an older checkpoint of another tree, while the newest is right', async () => {
    const log = await MemoryLog.signedAt(10, [10]);
    await log.sign(4, new Uint8Array(32));
    await expect(proveGrowth(log, { from: 4 })).rejects.toMatchObject(differs);
    await expect(proveEntry(log, { seq: 0, size: 4 })).rejects.toMatchObject(differs);
    await expect(proveGrowth(log, { from: 5 })).resolves.toMatchObject({ from: 5, to: 10 });
  });

  it('a note that is none', async () => {
    const log = await MemoryLog.signedAt(10, []);
    log.notes.set(10, 'not a note');
    await expect(proveEntry(log, { seq: 0 })).rejects.toMatchObject(differs);
  });

  it('with what was found as the cause', async () => {
    const exchanged = new ExchangedEntries(10);
    await exchanged.sign(10);
    await expect(proveEntry(exchanged, { seq: 4 })).rejects.toMatchObject({ cause: { code: 'bad_proof' } });
    const log = await MemoryLog.signedAt(10, [10]);
    await log.sign(4, new Uint8Array(32));
    await expect(proveEntry(log, { seq: 0, size: 4 })).rejects.toMatchObject({ cause: { message: expect.stringContaining('size 4') } });
  });
});

describe('a proof has beside it', () => {
  it('the checkpoints of sizes that were signed, and no key where there is none', async () => {
    const log = await MemoryLog.signedAt(10, [4, 10]);
    const sizeOf = (note: string | undefined): number => parseCheckpoint(note as string).size;
    expect(sizeOf((await proveEntry(log, { seq: 0 })).checkpoint)).toBe(10);
    expect(sizeOf((await proveEntry(log, { seq: 0, size: 10 })).checkpoint)).toBe(10);
    expect(sizeOf((await proveEntry(log, { seq: 0, size: 4 })).checkpoint)).toBe(4);
    expect(Object.keys(await proveEntry(log, { seq: 0, size: 5 })).sort()).toEqual(['entry', 'leaf', 'proof', 'root', 'seq', 'size']);
    const growth = await proveGrowth(log, { from: 4 });
    expect([sizeOf(growth.from_checkpoint), sizeOf(growth.to_checkpoint)]).toEqual([4, 10]);
    expect(Object.keys(await proveGrowth(log, { from: 5, to: 6 })).sort()).toEqual(['from', 'from_root', 'proof', 'to', 'to_root']);
  });
});
