/** Whether the triggers of 0005_guards.sql are there and always fire: an owner may have dropped them, a dump may have lost them. */
import type pg from 'pg';

/** Table -> triggers. */
const TRIGGERS: Readonly<Record<string, readonly string[]>> = {
  ledger_entry: ['append_only'],
  ledger_tile: ['append_only'],
  ledger_erased: ['append_only', 'named_only'],
  checkpoint: ['append_only'],
  log_key: ['append_only'],
  cosignature: ['append_only'],
  blocked_post: ['append_only'],
  ledger_content: ['keep_content', 'erased_only'],
  ledger_head: ['keep_head', 'grow_only'],
  ledger_source: ['keep_source', 'forget_only'],
};

/** `table: trigger` for each that is missing, or does not fire always. */
export async function listSilentTriggers(client: Pick<pg.ClientBase, 'query'>): Promise<readonly string[]> {
  const wanted = Object.entries(TRIGGERS).flatMap(([table, names]) => names.map((name) => `${table}: ${name}`));
  const { rows } = await client.query<{ trigger: string }>(
    `SELECT c.relname || ': ' || t.tgname AS trigger FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
      WHERE c.relnamespace = to_regnamespace('hearsay') AND NOT t.tgisinternal AND t.tgenabled = 'A'`,
  );
  const present = new Set(rows.map(({ trigger }) => trigger));
  return wanted.filter((trigger) => !present.has(trigger));
}
