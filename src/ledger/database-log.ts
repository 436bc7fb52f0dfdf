/** The log of one topic on Postgres (log.ts says what it gives). Proved by test/integration/tile-reader.test.ts. */
import { addSignatureLines } from './checkpoint.ts';
import type { Log } from './log.ts';
import { MAX_COSIGNATURES, readNewestCheckpoint } from './published.ts';
import { createTileReader, type Database, readEntryHashes, readHeaders } from './tile-reader.ts';

/** Keep it to read often, as createTileReader says. */
export function createDatabaseLog(db: Database, topic: string): Log {
  return {
    ...createTileReader(db, topic),
    newest: () => readNewestCheckpoint(db, topic),
    noteOf: (size) => readNote(db, topic, size),
    readEntries: (page) => readEntryHashes(db, topic, page),
    readHeaders: (page) => readHeaders(db, topic, page),
  };
}

/** With the lines of witnesses, in the order of readNewestCheckpoint. */
async function readNote(db: Database, topic: string, size: number): Promise<string | undefined> {
  const { rows } = await db.query<{ note: string; lines: string[] }>(
    `SELECT c.note, ARRAY (SELECT line FROM cosignature w WHERE w.topic = c.topic AND w.size = c.size ORDER BY w.name COLLATE "C" LIMIT $3) AS lines
       FROM checkpoint c WHERE c.topic = $1 AND c.size = $2`,
    [topic, size, MAX_COSIGNATURES],
  );
  const [row] = rows;
  return row && addSignatureLines(row.note, row.lines);
}
