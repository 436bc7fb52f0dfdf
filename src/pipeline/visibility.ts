/** Withholds and restores a post in every ledger it is in. Proved by test/integration/visibility.test.ts. */
import type { PoolClient } from 'pg';
import { appendEntries } from '../ledger/append.ts';
import { readHoldReason } from '../ledger/hold-reason.ts';
import type { Hearsay } from './hearsay.ts';

/** Reasons the sweep gives; a person's are other codes. */
export const REMOVED_ON_PLATFORM = 'removed_on_platform';
export const BACK_ON_PLATFORM = 'back_on_platform';

interface VisibilityChange {
  readonly postKey: Buffer;
  readonly type: 'withhold' | 'restore';
  /** A short code. */
  readonly reason: string;
  /** Which of the withheld may be restored, by why they are; default: all. */
  readonly only?: (heldFor: string | undefined) => boolean;
}

/** In the caller's transaction; returns the topics whose ledgers got an entry, or have something to append now. */
export async function changeVisibility(client: PoolClient, hearsay: Pick<Hearsay, 'now' | 'folds'>, change: VisibilityChange): Promise<string[]> {
  const { postKey, type, reason } = change;
  const topics = await client.query<{ topic: string }>('SELECT DISTINCT topic FROM ledger_source WHERE post_key = $1 ORDER BY topic', [postKey]);
  const changed = new Set<string>();
  for (const { topic } of topics.rows) {
    if (type === 'restore' && change.only && !change.only(await readHoldReason(client, topic, postKey))) continue;
    const [outcome] = await appendEntries(client, { topic, now: hearsay.now(), folds: hearsay.folds }, [{ type, postKey, reason }]);
    if (outcome?.outcome === 'appended') changed.add(topic);
  }
  if (type === 'restore') for (const topic of await unblock(client, postKey)) changed.add(topic);
  return [...changed].sort();
}

/** What was annotated while the post was gone or withheld may go in now. */
async function unblock(client: PoolClient, postKey: Buffer): Promise<string[]> {
  const waiting = await client.query<{ topic: string }>(
    `UPDATE annotation a SET blocked = NULL FROM post_revision r JOIN post p ON p.id = r.post_id
      WHERE r.id = a.revision_id AND p.post_key = $1 AND a.blocked IN ('absent', 'withheld')
        AND NOT EXISTS (SELECT FROM ledger_source s WHERE s.topic = a.topic AND s.post_key = $1 AND s.state = 'withheld')
    RETURNING a.topic`,
    [postKey],
  );
  return waiting.rows.map((row) => row.topic);
}
