/** What an application without a chain would do: the same rows into the same tables, by `INSERT ... SELECT unnest`. */
import type { ClientBase, Pool } from 'pg';
import { byteaArray, int8Array, textArray } from '../../src/db/binary-array.ts';

export interface EntryRow {
  readonly seq: number;
  readonly type: string;
  readonly key: Buffer;
  readonly ref: number | null;
  readonly header: Buffer;
  readonly entry: Buffer;
}
interface ContentRow {
  readonly seq: number;
  readonly salt: Buffer;
  readonly content: Buffer;
}
interface SourceRow {
  readonly seq: number;
  readonly number: number;
  readonly post_key: Buffer;
  readonly revision_id: number;
  readonly thread_key: Buffer;
  readonly author_key: Buffer;
  readonly text_digest: Buffer;
  readonly signature: Buffer | null;
  readonly bands: string;
  readonly thread: number;
  readonly experience: number;
}
export interface Rows {
  readonly entries: readonly EntryRow[];
  readonly contents: readonly ContentRow[];
  readonly sources: readonly SourceRow[];
}

/** The rows that an append has just written. */
export async function readRows(pool: Pool, topic: string, from: number): Promise<Rows> {
  const entries = await pool.query<EntryRow>('SELECT seq, type, key, ref, header, entry FROM ledger_entry WHERE topic = $1 AND seq >= $2 ORDER BY seq', [
    topic,
    from,
  ]);
  const contents = await pool.query<ContentRow>('SELECT seq, salt, content FROM ledger_content WHERE topic = $1 AND seq >= $2 ORDER BY seq', [topic, from]);
  const sources = await pool.query<SourceRow>(
    `SELECT seq, number, post_key, revision_id, thread_key, author_key, text_digest, signature, bands::text AS bands, thread, experience
       FROM ledger_source WHERE topic = $1 AND seq >= $2 ORDER BY seq`,
    [topic, from],
  );
  return { entries: entries.rows, contents: contents.rows, sources: sources.rows };
}

/** In the caller's transaction. The parameters travel as those of the append do. */
export async function insertPlain(client: ClientBase, topic: string, { entries, contents, sources }: Rows): Promise<void> {
  await client.query(
    `INSERT INTO ledger_entry (topic, seq, type, key, ref, header, entry)
     SELECT $1, e.* FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::bigint[], $6::bytea[], $7::bytea[]) AS e`,
    [
      topic,
      int8Array(entries.map((row) => row.seq)),
      textArray(entries.map((row) => row.type)),
      byteaArray(entries.map((row) => row.key)),
      int8Array(entries.map((row) => row.ref)),
      byteaArray(entries.map((row) => row.header)),
      byteaArray(entries.map((row) => row.entry)),
    ],
  );
  await client.query(`INSERT INTO ledger_content (topic, seq, salt, content) SELECT $1, c.* FROM unnest($2::bigint[], $3::bytea[], $4::bytea[]) AS c`, [
    topic,
    int8Array(contents.map((row) => row.seq)),
    byteaArray(contents.map((row) => row.salt)),
    byteaArray(contents.map((row) => row.content)),
  ]);
  if (sources.length === 0) return;
  await client.query(
    `INSERT INTO ledger_source (topic, seq, number, post_key, revision_id, thread_key, author_key, text_digest, signature, bands, thread, experience)
     SELECT $1, s.seq, s.number, s.post_key, s.revision_id, s.thread_key, s.author_key, s.text_digest, s.signature, s.bands::bigint[], s.thread, s.experience
       FROM unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::bigint[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[], $10::text[], $11::bigint[], $12::bigint[])
         AS s (seq, number, post_key, revision_id, thread_key, author_key, text_digest, signature, bands, thread, experience)`,
    [
      topic,
      int8Array(sources.map((row) => row.seq)),
      int8Array(sources.map((row) => row.number)),
      byteaArray(sources.map((row) => row.post_key)),
      int8Array(sources.map((row) => row.revision_id)),
      byteaArray(sources.map((row) => row.thread_key)),
      byteaArray(sources.map((row) => row.author_key)),
      byteaArray(sources.map((row) => row.text_digest)),
      byteaArray(sources.map((row) => row.signature)),
      textArray(sources.map((row) => row.bands)),
      int8Array(sources.map((row) => row.thread)),
      int8Array(sources.map((row) => row.experience)),
    ],
  );
}

/** One entry with its content, in a transaction of its own. */
export async function insertSingle(
  client: ClientBase | Pool,
  topic: string,
  row: EntryRow & { readonly salt: Buffer; readonly content: Buffer },
): Promise<void> {
  await client.query(
    `WITH entry AS (INSERT INTO ledger_entry (topic, seq, type, key, ref, header, entry) VALUES ($1, $2, $3, $4, NULL, $5, $6))
     INSERT INTO ledger_content (topic, seq, salt, content) VALUES ($1, $2, $7, $8)`,
    [topic, row.seq, row.type, row.key, row.header, row.entry, row.salt, row.content],
  );
}
