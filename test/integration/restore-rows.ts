/** A backup of a ledger restored into another database, as `pg_dump` and `pg_restore` do it: table by table, referenced ones first. */
import type { Pool } from 'pg';

const TABLES = [
  'topic',
  'ledger_head',
  'ledger_entry',
  'ledger_content',
  'ledger_tile',
  'ledger_erased',
  'ledger_source',
  'checkpoint',
  'log_key',
  'cosignature',
  'counts',
];

export type Backup = ReadonlyMap<string, string>;

export async function backUp(pool: Pool): Promise<Backup> {
  const backup = new Map<string, string>();
  for (const table of TABLES) {
    const found = await pool.query<{ rows: string }>(`SELECT coalesce(json_agg(t), '[]')::text AS rows FROM ${table} t`);
    backup.set(table, found.rows[0]?.rows ?? '[]');
  }
  return backup;
}

/** Into an empty database. */
export async function restore(pool: Pool, backup: Backup): Promise<void> {
  for (const [table, rows] of backup) {
    await pool.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(null::${table}, $1)`, [rows]);
  }
}
