/**
 * Forgets a post outside the ledger: captures, revisions, annotations, answers of a model, what other posts repeat of it, refused items, and
 * places in crawls that name it. Its row stays, without its id, to tell that it was erased.
 * Proved by test/integration/erase.test.ts.
 */
import type { ClientBase } from 'pg';
import type { Keys } from '../keys.ts';
import { type CursorValue, withoutId } from './cursor-without-id.ts';
import { patternInBytes, patternInText } from './id-pattern.ts';

/** A shorter id stands in too many pages by chance: captures with it are found by the posts that were seen in them alone. */
const SHORTEST_SEARCHED = 5;

export async function forgetPost(
  client: ClientBase,
  { postKey, nativeId }: { readonly postKey: Buffer; readonly nativeId?: string },
  keys: Pick<Keys, 'hmac'>,
): Promise<void> {
  const found = await client.query<{ id: number; platform: string; native_id: string | null }>(
    'SELECT id, platform, native_id FROM post WHERE post_key = $1 FOR UPDATE',
    [postKey],
  );
  const post = found.rows[0];
  // What annotates its revisions at the same time ends first: the refusals it writes are found below.
  if (post !== undefined) await client.query('SELECT FROM post_revision WHERE post_id = $1 ORDER BY id FOR UPDATE', [post.id]);
  const named = post?.native_id ?? nativeId;
  // A blank one would be found everywhere.
  const id = named?.trim() === '' ? undefined : named;
  if (id !== undefined) await forgetId(client, id);
  if (post === undefined) {
    // Nothing tells which captures hold it: every one that has its id goes.
    if (id === undefined || id.length < SHORTEST_SEARCHED) return;
    // CASE, for the order: only bodies that hold the bytes at all are spelt out.
    await client.query(`DELETE FROM capture WHERE CASE WHEN position(convert_to($1, 'UTF8') IN body) > 0 THEN encode(body, 'escape') ~ $2 ELSE false END`, [
      id,
      patternInBytes(id),
    ]);
    return;
  }
  if (id !== undefined) await forgetTitle(client, post.id, keys.hmac('dedup', 'thread', post.platform, id));
  await forgetQuotes(client, post.id);
  // Captures hold whole pages of items: they go with any one of them, and their digest in the other posts' content stays true.
  await client.query('DELETE FROM capture WHERE digest IN (SELECT capture_digest FROM post_sighting WHERE post_id = $1)', [post.id]);
  await client.query('DELETE FROM post_sighting WHERE post_id = $1', [post.id]);
  await client.query('DELETE FROM llm_answer WHERE post_id = $1', [post.id]);
  await client.query('DELETE FROM post_revision WHERE post_id = $1', [post.id]);
  // What it cites, and who cites it by its id.
  await client.query('DELETE FROM citation_miss WHERE record = $2 OR record IN (SELECT record FROM citation WHERE post_id = $1)', [post.id, id ?? null]);
  await client.query('DELETE FROM citation WHERE post_id = $1 OR record = $2', [post.id, id ?? null]);
  await client.query('DELETE FROM absence WHERE post_id = $1', [post.id]);
  await client.query(`UPDATE post SET native_id = NULL, state = 'erased', observed = 'deleted' WHERE id = $1`, [post.id]);
}

/** Details of imports begin with the number of a line, which is no id (src/pipeline/import.ts). $1: the id, $2: its pattern. */
const NAMED_IN_DETAIL = `position($1 IN detail) > 0 AND regexp_replace(detail, '^line [0-9]+: ', '') ~ $2`;

async function forgetId(client: ClientBase, id: string): Promise<void> {
  const pattern = patternInText(id);
  // The key is a plain digest of the id: without another one it could be found out by trying ids. It stays counted.
  await client.query(
    `UPDATE refusal SET item = NULL, detail = NULL, key = uuid_send(gen_random_uuid())
      WHERE item = left($1, 200) OR item = left($1, 300) OR (item IS NULL AND ${NAMED_IN_DETAIL})`,
    [id, pattern],
  );
  await client.query(`UPDATE refusal SET detail = NULL WHERE ${NAMED_IN_DETAIL}`, [id, pattern]);
  await client.query(`UPDATE crawl SET error = split_part(error, ':', 1) WHERE position($1 IN error) > 0 AND error ~ $2`, [id, pattern]);
  // Inside a string of jsonb's text form.
  const naming = await client.query<{ id: number; cursor: CursorValue }>(
    `SELECT id, cursor FROM community WHERE position(left(substr(to_jsonb($1::text)::text, 2), -1) IN cursor::text) > 0 ORDER BY id FOR UPDATE`,
    [id],
  );
  // Reddit's cursors also name submissions without their prefix.
  const spellings = new Set([id, id.replace(/^t\d_/, '')]);
  for (const row of naming.rows) {
    await client.query('UPDATE community SET cursor = $2 WHERE id = $1', [row.id, JSON.stringify(withoutId(row.cursor, spellings) ?? {})]);
  }
}

/** The other posts of a thread carry the title of its first one. */
async function forgetTitle(client: ClientBase, postId: number, ownThread: Buffer): Promise<void> {
  await client.query(
    `UPDATE post_revision r SET title = NULL
      WHERE r.thread_key = $2 AND r.post_id <> $1 AND r.title IN (SELECT o.title FROM post_revision o WHERE o.post_id = $1 AND o.title IS NOT NULL)`,
    [postId, ownThread],
  );
}

/** Replies carry the text they answer, cut after 20,000 UTF-16 units (src/pipeline/prepare-post.ts): at least half as many characters. */
async function forgetQuotes(client: ClientBase, postId: number): Promise<void> {
  await client.query(
    `WITH own AS (SELECT unnest(ARRAY[text, title]) AS text FROM post_revision WHERE post_id = $1)
     UPDATE post_revision r SET parent_text = NULL
      WHERE r.post_id <> $1 AND pg_catalog.hashtextextended(r.parent_text, 0) IN (SELECT pg_catalog.hashtextextended(own.text, 0) FROM own)
        AND r.parent_text IN (SELECT own.text FROM own)`,
    [postId],
  );
  const long = await client.query('SELECT 1 FROM post_revision WHERE post_id = $1 AND length(text) > 9999 LIMIT 1', [postId]);
  if (long.rowCount === 0) return;
  await client.query(
    `UPDATE post_revision r SET parent_text = NULL FROM post_revision o
      WHERE o.post_id = $1 AND r.post_id <> $1 AND length(r.parent_text) > 9998 AND starts_with(o.text, r.parent_text)`,
    [postId],
  );
}
