/** Logs of any length, made in SQL: entry `seq` hashes to SHA-256("entry <seq>"), as in NaiveTree.of. Their headers are not of the ledger format. */
import type { Pool } from 'pg';
import { formatVerifierKey, signCheckpoint, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import type { NaiveTree } from '../property/naive-tree.ts';

const SEED = new Uint8Array(32).fill(5);

export async function addTopic(pool: Pool, topic: string): Promise<void> {
  await pool.query(`INSERT INTO topic (slug, title, document) VALUES ($1, $1, '{}') ON CONFLICT DO NOTHING`, [topic]);
  await pool.query('INSERT INTO ledger_head (topic) VALUES ($1) ON CONFLICT DO NOTHING', [topic]);
}

/** Entries from `from` to `to` - 1. The first says that it is an annotator, so that nothing puts one before it. */
export async function addEntries(pool: Pool, topic: string, { from = 0, to }: { from?: number; to: number }): Promise<void> {
  await pool.query(
    `INSERT INTO ledger_entry (topic, seq, type, key, header, entry)
     SELECT $1, n, CASE n WHEN 0 THEN 'annotator' ELSE 'question' END, int8send(n), convert_to(format('{"seq":%s,"topic":"%s"}', n, $1::text), 'UTF8'), sha256(convert_to('entry ' || n, 'UTF8'))
       FROM generate_series($2::bigint, $3::bigint - 1) AS n`,
    [topic, from, to],
  );
}

/** Tiles of level 0 that the entries fill, as an append leaves them. */
export async function addLeafTiles(pool: Pool, topic: string, { from = 0 }: { from?: number } = {}): Promise<void> {
  await pool.query(
    `INSERT INTO ledger_tile (topic, level, tile_index, hashes)
     SELECT topic, 0, seq / 256, string_agg(sha256('\\x00'::bytea || entry), ''::bytea ORDER BY seq)
       FROM ledger_entry WHERE topic = $1 AND seq >= $2::bigint * 256 GROUP BY topic, seq / 256 HAVING count(*) = 256
     ON CONFLICT DO NOTHING`,
    [topic, from],
  );
}

/** A checkpoint of a size, and lines of witnesses beneath it. */
export async function addCheckpoint(
  pool: Pool,
  topic: string,
  { tree, size, witnesses = {} }: { tree: NaiveTree; size: number; witnesses?: Record<string, string> },
): Promise<string> {
  const root = tree.root(0, size);
  const origin = `ledger.example/${topic}`;
  const note = await signCheckpoint({ origin, size, root }, SEED);
  await pool.query('INSERT INTO log_key (topic, vkey) VALUES ($1, $2) ON CONFLICT DO NOTHING', [topic, formatVerifierKey(await verifierKeyOf(origin, SEED))]);
  await pool.query('INSERT INTO checkpoint (topic, size, root, note) VALUES ($1, $2, $3, $4)', [topic, size, root, note]);
  for (const [name, line] of Object.entries(witnesses)) {
    await pool.query('INSERT INTO cosignature (topic, size, name, line) VALUES ($1, $2, $3, $4)', [topic, size, name, line]);
  }
  return note;
}
