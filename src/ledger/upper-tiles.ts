/**
 * Stores the full tiles of level 1 and above that are complete and not stored yet. Called when a topic is published; a tile of level 1
 * is due once in 65,536 entries, so nearly always one small query is all there is to do. Running it again, or twice at once, changes
 * nothing. Proved by test/integration/tile-reader.test.ts.
 */
import { concatBytes } from '@noble/hashes/utils.js';
import { hashRow, TILE_WIDTH } from './tile.ts';
import { createTileReader, type Database } from './tile-reader.ts';

/** As ledger_tile allows: 256^8 leaves are more than a size can say. */
const MAX_LEVEL = 7;

/** Returns how many tiles it stored. Raises IntegrityError `missing_tile` where a full tile below is gone. */
export async function storeUpperTiles(db: Database, topic: string): Promise<number> {
  const counts = await countStored(db, topic);
  const tiles = createTileReader(db, topic);
  let stored = 0;
  let below = counts[0] ?? 0;
  for (let level = 1; level <= MAX_LEVEL && below >= TILE_WIDTH; level++) {
    const due = Math.floor(below / TILE_WIDTH);
    for (let index = counts[level] ?? 0; index < due; index++) {
      const row = Array.from({ length: TILE_WIDTH }, (_, at) => ({ level: level - 1, index: index * TILE_WIDTH + at, width: TILE_WIDTH }));
      const hashes = concatBytes(...(await tiles.readTiles(row)).map(hashRow));
      await db.query('INSERT INTO ledger_tile (topic, level, tile_index, hashes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
        topic,
        level,
        index,
        hashes,
      ]);
      stored += 1;
    }
    below = due;
  }
  return stored;
}

/** Full tiles of each level. They are stored in order, so the last one tells: one look at the end of the key per level. */
async function countStored(db: Database, topic: string): Promise<number[]> {
  const { rows } = await db.query<{ tiles: number }>(
    `SELECT coalesce((SELECT max(tile_index) + 1 FROM ledger_tile WHERE topic = $1 AND level = levels.level), 0) AS tiles
       FROM generate_series(0, $2::int) AS levels (level) ORDER BY levels.level`,
    [topic, MAX_LEVEL],
  );
  return rows.map(({ tiles }) => tiles);
}
