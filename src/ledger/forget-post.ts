/**
 * Forgets a post outside the ledger: captures, revisions, annotations, what other posts repeat of it, refused items, and
 * places in crawls that name it. Its row stays, without its id, to tell that it was erased.
 * Proved by test/integration/erase.test.ts.
 */
import type { ClientBase } from 'pg';
import type { Keys } from '../keys.ts';
import { type CursorValue, withoutId } from './cursor-without-id.ts';

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
  const id = post?.native_id ?? nativeId;
  if (id !== undefined) await forgetId(client, id);
  if (post === undefined) {
    // Nothing tells which captures hold it: every one that has its id goes.
    if (id !== undefined) await client.query(`DELETE FROM capture WHERE position(convert_to($1, 'UTF8') IN body) > 0`, [id]);
    return;
  }
  if (id !== undefined) await forgetTitle(client, post.id, keys.hmac('dedup', 'thread', post.platform, id));
  await forgetQuotes(client, post.id);
  // Captures hold whole pages of items: they go with any one of them, and their digest in the other posts' content stays true.
  await client.query('DELETE FROM capture WHERE digest IN (SELECT capture_digest FROM post_sighting WHERE post_id = $1)', [post.id]);
  await client.query('DELETE FROM post_sighting WHERE post_id = $1', [post.id]);
  await client.query('DELETE FROM post_revision WHERE post_id = $1', [post.id]);
  await client.query(`UPDATE post SET native_id = NULL, state = 'erased', observed = 'deleted' WHERE id = $1`, [post.id]);
}

async function forgetId(client: ClientBase, id: string): Promise<void> {
  // The key is a plain digest of the id: without another one it could be found out by trying ids. It stays counted.
  await client.query(
    `UPDATE refusal SET item = NULL, detail = NULL, key = uuid_send(gen_random_uuid()) WHERE item = left($1, 200) OR item = left($1, 300) OR position($1 IN detail) > 0`,
    [id],
  );
  await client.query(`UPDATE crawl SET error = split_part(error, ':', 1) WHERE position($1 IN error) > 0`, [id]);
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
