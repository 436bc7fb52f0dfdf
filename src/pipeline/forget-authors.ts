/**
 * Accounts that are deleted: the text may stay, what is kept of its author has to go (Reddit's Data API terms). That is the keyed hash, and the
 * captures, whose raw answers name the author. Proved by test/integration/absence.test.ts.
 */
import type { ClientBase } from 'pg';

/** In the caller's transaction; returns how many posts had an author. */
export async function forgetAuthors(client: ClientBase, postIds: readonly number[]): Promise<number> {
  if (postIds.length === 0) return 0;
  const purged = await client.query<{ post_id: number }>(
    'UPDATE post_revision SET author_key = NULL WHERE post_id = ANY ($1) AND author_key IS NOT NULL RETURNING post_id',
    [postIds],
  );
  const lost = [...new Set(purged.rows.map((row) => row.post_id))];
  if (lost.length === 0) return 0;
  await client.query(
    'UPDATE ledger_source SET author_key = NULL WHERE post_key IN (SELECT post_key FROM post WHERE id = ANY ($1)) AND author_key IS NOT NULL',
    [lost],
  );
  // A page may lose its byline by a new layout: there is no account that could be lost. Whole captures go, as in an erasure.
  const seen = `SELECT g.post_id, g.capture_digest FROM post_sighting g JOIN post p ON p.id = g.post_id WHERE g.post_id = ANY ($1) AND p.platform <> 'web'`;
  await client.query(`DELETE FROM capture WHERE digest IN (SELECT capture_digest FROM (${seen}) AS seen)`, [lost]);
  await client.query(`DELETE FROM post_sighting WHERE (post_id, capture_digest) IN (${seen})`, [lost]);
  return lost.length;
}
