/** New revisions of posts, in one statement. Proved by test/integration/come-back.test.ts. */
import type { ClientBase } from 'pg';
import type { PreparedPost } from './prepare-post.ts';

export interface FreshRevision {
  readonly post: PreparedPost;
  readonly postId: number;
  /** From 1. */
  readonly revision: number;
}

/** Ids of those that were not there yet. */
export async function insertRevisions(client: ClientBase, fresh: readonly FreshRevision[]): Promise<number[]> {
  if (fresh.length === 0) return [];
  const rows = fresh.map(({ post, postId, revision }) => ({
    post_id: postId,
    revision,
    digest: hexOf(post.digest),
    kind: post.kind,
    title: post.title,
    text: post.text,
    parent_text: post.parentText,
    url: post.url,
    thread_key: hexOf(post.threadKey),
    author_key: hexOf(post.authorKey),
    text_digest: hexOf(post.textDigest),
    signature: hexOf(post.signature),
    bands: post.bands.map(String),
    created_at: post.createdAt,
    captured_at: post.observedAt,
    capture_digest: hexOf(post.captureDigest),
    record: post.record,
    compounds: post.compounds,
  }));
  const inserted = await client.query<{ id: number }>(
    `INSERT INTO post_revision (post_id, revision, digest, kind, title, text, parent_text, url, thread_key, author_key, text_digest, signature, bands, created_at,
                                captured_at, capture_digest, record, compounds)
     SELECT post_id, revision, digest, kind, title, text, parent_text, url, thread_key, author_key, text_digest, signature, bands, created_at,
            captured_at, capture_digest, record, compounds
       FROM jsonb_populate_recordset(NULL::post_revision, $1::jsonb)
     ON CONFLICT (post_id, revision) DO NOTHING RETURNING id`,
    [JSON.stringify(rows)],
  );
  return inserted.rows.map((row) => row.id);
}

/** A bytea in its text form, as JSON carries it. */
function hexOf(bytes: Buffer | null): string | null {
  return bytes === null ? null : `\\x${bytes.toString('hex')}`;
}
