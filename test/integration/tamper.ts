/** What the guards exist to stop, for tests of what is found when it happens all the same: only a superuser can do this. */
import pg from 'pg';

/** Runs one statement with every trigger of the table off. */
export async function tamper(url: string, table: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'hearsay-test-tamper' });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL search_path = hearsay`);
    const { rows } = await client.query<{ name: string }>(
      `SELECT quote_ident(tgname) AS name FROM pg_trigger WHERE tgrelid = to_regclass($1) AND NOT tgisinternal`,
      [table],
    );
    for (const { name } of rows) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER ${name}`);
    await client.query(statement);
    for (const { name } of rows) await client.query(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${name}`);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
