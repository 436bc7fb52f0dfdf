/** Which records a post cites, as of its newest text; in the transaction that stores the post. Proved by test/integration/citations.test.ts. */
import type { ClientBase } from 'pg';

export interface Citing {
  readonly postId: number;
  readonly cites: readonly string[];
}

/** `edited`: posts whose older text cited other records, maybe. */
export async function storeCitations(client: ClientBase, posts: readonly Citing[], edited: readonly number[]): Promise<void> {
  if (edited.length > 0) await client.query('DELETE FROM citation WHERE post_id = ANY ($1)', [edited]);
  const rows = posts.flatMap(({ postId, cites }) => cites.map((record) => ({ postId, record })));
  if (rows.length === 0) return;
  await client.query('INSERT INTO citation (post_id, record) SELECT * FROM unnest($1::bigint[], $2::text[]) ON CONFLICT DO NOTHING', [
    rows.map(({ postId }) => postId),
    rows.map(({ record }) => record),
  ]);
}
