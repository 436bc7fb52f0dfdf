/** Level-0 tiles are written by the append that fills them, and equal those computed from the entries. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/db/pool.ts';
import { appendEntries } from '../../src/ledger/append.ts';
import { decodeFrontier, EMPTY_FRONTIER, appendLeaf, leafHashOf, rootOf } from '../../src/ledger/merkle.ts';
import { ANNOTATOR, type LedgerFixture, NOW, openLedger, report } from './ledger-fixture.ts';

let ledger: LedgerFixture;
beforeEach(async () => {
  ledger = await openLedger();
});
afterEach(() => ledger.close());

async function readTiles(): Promise<{ index: number; hashes: string }[]> {
  const found = await ledger.pool.query<{ tile_index: number; hashes: Buffer }>(
    'SELECT tile_index, hashes FROM ledger_tile WHERE level = 0 ORDER BY tile_index',
  );
  return found.rows.map((row) => ({ index: row.tile_index, hashes: row.hashes.toString('hex') }));
}

async function expectedTiles(): Promise<{ index: number; hashes: string }[]> {
  const found = await ledger.pool.query<{ entry: Buffer }>('SELECT entry FROM ledger_entry ORDER BY seq');
  const leaves = found.rows.map((row) => Buffer.from(leafHashOf(row.entry)).toString('hex'));
  return Array.from({ length: Math.floor(leaves.length / 256) }, (_, index) => ({ index, hashes: leaves.slice(index * 256, (index + 1) * 256).join('') }));
}

const reports = (from: number, count: number) => Array.from({ length: count }, (_, nth) => report({ post: `p${from + nth}` }));

describe('level-0 tiles', () => {
  it.each([
    { name: 'one append that stops short of a tile', batches: [84], tiles: 0 },
    { name: 'one append that fills the first tile exactly', batches: [85], tiles: 1 },
    { name: 'an append that ends a tile an earlier one began', batches: [50, 60], tiles: 1 },
    { name: 'one append that fills several and goes in by several statements', batches: [500], tiles: 5 },
    { name: 'appends of every size', batches: [1, 84, 1, 171, 3, 400, 85], tiles: 8 },
  ])('are complete after $name', async ({ batches, tiles }) => {
    await ledger.append(ANNOTATOR);
    let posts = 0;
    for (const count of batches) {
      await ledger.append(...reports(posts, count));
      posts += count;
    }
    const written = await readTiles();
    expect(written).toHaveLength(tiles);
    expect(written).toEqual(await expectedTiles());
    const head = (await ledger.pool.query<{ size: number; frontier: Buffer }>('SELECT size, frontier FROM ledger_head')).rows[0] as {
      size: number;
      frontier: Buffer;
    };
    expect(head.size).toBe(1 + posts * 3);
    const entries = (await ledger.pool.query<{ entry: Buffer }>('SELECT entry FROM ledger_entry ORDER BY seq')).rows;
    const root = rootOf(entries.reduce((frontier, row) => appendLeaf(frontier, row.entry), EMPTY_FRONTIER));
    expect(Buffer.from(rootOf(decodeFrontier(head.size, head.frontier))).toString('hex')).toBe(Buffer.from(root).toString('hex'));
  });

  it('are gone with an append that is rolled back after its first statements', async () => {
    await ledger.append(ANNOTATOR);
    await expect(
      inTransaction(ledger.pool, async (client) => {
        await appendEntries(client, { topic: 'semax', now: NOW, folds: ledger.folds }, reports(0, 300));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await readTiles()).toEqual([]);
    expect((await ledger.folds.foldAt(ledger.pool, 'semax')).size).toBe(1);
    await ledger.append(...reports(0, 300));
    expect(await readTiles()).toEqual(await expectedTiles());
  });

  it('stop an append whose earlier entries are not all there', async () => {
    await ledger.append(ANNOTATOR, ...reports(0, 20));
    await inTransaction(ledger.pool, async (client) => {
      await client.query('ALTER TABLE ledger_entry DISABLE TRIGGER ALL; ALTER TABLE ledger_content DISABLE TRIGGER ALL');
      await client.query('DELETE FROM ledger_content WHERE seq = 5; DELETE FROM ledger_entry WHERE seq = 5');
      await client.query('ALTER TABLE ledger_entry ENABLE TRIGGER ALL; ALTER TABLE ledger_content ENABLE TRIGGER ALL');
    });
    await expect(ledger.append(...reports(20, 100))).rejects.toThrow(expect.objectContaining({ code: 'missing_entry' }));
  });
});
