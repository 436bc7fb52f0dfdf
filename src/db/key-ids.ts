/**
 * Which secrets the hashes of this database were made with, by key id (src/keys.ts).
 * Proved by test/integration/migrate.test.ts.
 */
import type pg from 'pg';
import { IntegrityError } from '../errors.ts';
import { inTransaction } from './pool.ts';

/** Ids this database has seen; empty for a new or not yet migrated one. */
export async function listKeyIds(pool: pg.Pool): Promise<readonly string[]> {
  const { rows: tables } = await pool.query<{ found: boolean }>("SELECT to_regclass('hearsay.key_id') IS NOT NULL AS found");
  if (!tables[0]?.found) return [];
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM hearsay.key_id ORDER BY first_used_at, id');
  return rows.map(({ id }) => id);
}

/**
 * To be called before anything keyed is written. Notes the id in a new database; in one filled under another secret
 * raises `IntegrityError` (`unknown_key`).
 */
export async function requireKnownKey(pool: pg.Pool, keyId: string): Promise<void> {
  // Serializable: of two first starts with different secrets one must lose.
  await inTransaction(
    pool,
    (client) => client.query('INSERT INTO hearsay.key_id (id) SELECT $1 WHERE NOT EXISTS (SELECT FROM hearsay.key_id) ON CONFLICT DO NOTHING', [keyId]),
    { isolation: 'serializable' },
  );
  const known = await listKeyIds(pool);
  if (known.includes(keyId)) return;
  throw new IntegrityError(
    'unknown_key',
    `this database was filled under the secret with key id ${known.join(', ')}, the present one has ${keyId}: restore that secret (HEARSAY_SECRET or secret.json)`,
  );
}
