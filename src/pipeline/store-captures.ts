/** Captures of a page, and who is seen in them. Called by store-posts.ts. Proved by test/integration/erase.test.ts. */
import type { ClientBase } from 'pg';
import type { Capture } from '../sources/source.ts';
import type { PreparedPost } from './prepare-post.ts';

/**
 * Captures that brought something new are kept, with every post seen in them, so that an erasure finds them all. One that shows an
 * erased post would bring its text back.
 */
export async function storeCaptures(
  client: ClientBase,
  captures: readonly Capture[],
  seenIn: { readonly kept: readonly PreparedPost[]; readonly erased: readonly PreparedPost[]; readonly revisionIds: readonly number[] },
): Promise<void> {
  if (captures.length === 0 || seenIn.revisionIds.length === 0) return;
  const used = await client.query<{ digest: Buffer }>(
    'SELECT DISTINCT capture_digest AS digest FROM post_revision WHERE id = ANY ($1) AND capture_digest IS NOT NULL',
    [seenIn.revisionIds],
  );
  const wanted = new Set(used.rows.map((row) => row.digest.toString('hex')));
  for (const post of seenIn.erased) if (post.captureDigest) wanted.delete(post.captureDigest.toString('hex'));
  const seen = seenIn.kept.filter((post) => post.captureDigest && wanted.has(post.captureDigest.toString('hex')));
  await client.query(
    `INSERT INTO post_sighting (post_id, capture_digest)
     SELECT p.id, s.capture_digest FROM unnest($1::bytea[], $2::bytea[]) AS s (post_key, capture_digest) JOIN post p USING (post_key) ON CONFLICT DO NOTHING`,
    [seen.map((post) => post.postKey), seen.map((post) => post.captureDigest)],
  );
  for (const capture of captures) {
    if (!wanted.has(capture.digest)) continue;
    await client.query('INSERT INTO capture (digest, url, status, headers, body, fetched_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING', [
      Buffer.from(capture.digest, 'hex'),
      capture.url,
      capture.status,
      JSON.stringify(capture.headers),
      capture.body,
      capture.fetchedAt,
    ]);
  }
}
