/**
 * Destroying content: only the database's function hearsay.erase_content may (0005_guards.sql), and it destroys what the
 * tombstone names in its own header. Proved by test/integration/guards.test.ts.
 */
import type { ClientBase } from 'pg';

/** In the transaction that appends the tombstone; returns how many contents went. */
export async function eraseContent(client: Pick<ClientBase, 'query'>, topic: string, tombstone: number): Promise<number> {
  const erased = await client.query<{ count: string }>('SELECT hearsay.erase_content($1, $2)::text AS count', [topic, tombstone]);
  return Number(erased.rows[0]?.count);
}
