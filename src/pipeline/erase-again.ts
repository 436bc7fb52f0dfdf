/**
 * The net under every race with an erasure: a post on the block list of which something is there (again) is erased again,
 * wherever it came from. Proved by test/integration/come-back.test.ts.
 */
import type { ClientBase } from 'pg';
import { type EraseReason, erasePost } from '../ledger/erase.ts';
import type { Hearsay } from './hearsay.ts';

/** Keys and reasons of blocked posts that are not wholly gone. Each is looked up in the indexes of the keys. */
export const COME_BACK = `
  SELECT b.post_key, b.reason FROM blocked_post b JOIN post p USING (post_key)
   WHERE p.state <> 'erased' OR p.native_id IS NOT NULL
      OR EXISTS (SELECT FROM post_revision r WHERE r.post_id = p.id) OR EXISTS (SELECT FROM post_sighting g WHERE g.post_id = p.id)
   UNION
  SELECT b.post_key, b.reason FROM blocked_post b JOIN ledger_source s USING (post_key) WHERE s.state <> 'erased'`;

export interface ErasedAgain {
  readonly postKey: Buffer;
  readonly reason: EraseReason;
  readonly topics: readonly string[];
}

/** Erases the next one in the caller's transaction; undefined when there is none. */
export async function eraseNextAgain(client: ClientBase, hearsay: Pick<Hearsay, 'now' | 'folds' | 'keys'>): Promise<ErasedAgain | undefined> {
  const found = await client.query<{ post_key: Buffer; reason: EraseReason | null }>(`${COME_BACK} ORDER BY post_key LIMIT 1`);
  const next = found.rows[0];
  if (!next) return undefined;
  const request = { postKey: next.post_key, reason: next.reason ?? 'operator' };
  return { ...request, topics: await erasePost(client, request, { now: hearsay.now(), folds: hearsay.folds, keys: hearsay.keys }) };
}
