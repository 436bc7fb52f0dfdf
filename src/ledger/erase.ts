/**
 * Erasure: one transaction destroys salts and contents, appends the tombstones, puts the post on the block list
 * and forgets it everywhere else Hearsay keeps it (design section 6, "Erase"). Later ingests are refused for
 * every revision and annotator. Proved by test/integration/erase.test.ts.
 */
import type { ClientBase } from 'pg';
import { appendEntries } from './append.ts';
import type { FoldReader } from './fold-reader.ts';
import type { HeaderOf } from './header.ts';

export interface EraseRequest {
  readonly postKey: Buffer;
  readonly reason: HeaderOf<'tombstone'>['reason'];
}

/** Erases one post in the caller's transaction; returns the topics whose ledgers got a tombstone. */
export async function erasePost(client: ClientBase, request: EraseRequest, context: { readonly now: Date; readonly folds: FoldReader }): Promise<string[]> {
  // Heads are locked in one order everywhere, so that two erasures cannot wait for each other.
  const topics = await client.query<{ topic: string }>('SELECT DISTINCT topic FROM ledger_source WHERE post_key = $1 ORDER BY topic', [request.postKey]);
  const told: string[] = [];
  for (const { topic } of topics.rows) {
    const [outcome] = await appendEntries(client, { topic, ...context }, [{ type: 'tombstone', postKey: request.postKey, reason: request.reason }]);
    if (outcome?.outcome === 'appended') told.push(topic);
  }
  await client.query('INSERT INTO blocked_post (post_key) VALUES ($1) ON CONFLICT DO NOTHING', [request.postKey]);
  await client.query(
    `UPDATE ledger_source SET revision_id = NULL, thread_key = NULL, author_key = NULL, text_digest = NULL, signature = NULL, bands = '{}'
      WHERE post_key = $1`,
    [request.postKey],
  );
  await forgetPost(client, request.postKey);
  return told;
}

/** Captures hold whole pages of items: they go with any one of them, and their digest in the other posts' content stays true. */
async function forgetPost(client: ClientBase, postKey: Buffer): Promise<void> {
  const found = await client.query<{ id: number; native_id: string | null }>('SELECT id, native_id FROM post WHERE post_key = $1 FOR UPDATE', [postKey]);
  const post = found.rows[0];
  if (!post) return;
  await client.query('DELETE FROM capture WHERE digest IN (SELECT capture_digest FROM post_sighting WHERE post_id = $1)', [post.id]);
  await client.query('DELETE FROM post_sighting WHERE post_id = $1', [post.id]);
  await client.query('DELETE FROM post_revision WHERE post_id = $1', [post.id]);
  await client.query('UPDATE refusal SET item = NULL, detail = NULL WHERE item = $1', [post.native_id]);
  await client.query(`UPDATE post SET native_id = NULL, state = 'erased', observed = 'deleted' WHERE id = $1`, [post.id]);
}
