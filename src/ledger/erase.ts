/**
 * Erasure: one transaction destroys salts and contents, appends the tombstones, puts the post on the block list
 * and forgets it everywhere else Hearsay keeps it (design section 6, "Erase"). Later ingests are refused for
 * every revision and annotator. What the database's files still hold is scrubbed afterwards (src/db/scrub.ts).
 * Proved by test/integration/erase.test.ts, and drill.test.ts, which looks into the files.
 */
import type { ClientBase } from 'pg';
import type { Keys } from '../keys.ts';
import { markScrubPending } from '../db/scrub.ts';
import { appendEntries } from './append.ts';
import type { FoldReader } from './fold-reader.ts';
import { forgetPost } from './forget-post.ts';
import type { HeaderOf } from './header.ts';

export type EraseReason = HeaderOf<'tombstone'>['reason'];

export interface EraseRequest {
  readonly postKey: Buffer;
  readonly reason: EraseReason;
  /** Where the caller knows it: a post that was refused and never stored is found by it. */
  readonly nativeId?: string;
}

export interface EraseContext {
  readonly now: Date;
  readonly folds: FoldReader;
  readonly keys: Pick<Keys, 'hmac'>;
}

/** Erases one post in the caller's transaction; returns the topics whose ledgers got a tombstone. */
export async function erasePost(client: ClientBase, request: EraseRequest, context: EraseContext): Promise<string[]> {
  await lockHeads(client, request.postKey);
  const topics = await client.query<{ topic: string }>('SELECT DISTINCT topic FROM ledger_source WHERE post_key = $1 ORDER BY topic', [request.postKey]);
  const told: string[] = [];
  for (const { topic } of topics.rows) {
    const [outcome] = await appendEntries(client, { topic, now: context.now, folds: context.folds }, [
      { type: 'tombstone', postKey: request.postKey, reason: request.reason },
    ]);
    if (outcome?.outcome === 'appended') told.push(topic);
  }
  await client.query('INSERT INTO blocked_post (post_key, reason) VALUES ($1, $2) ON CONFLICT DO NOTHING', [request.postKey, request.reason]);
  await client.query(
    `UPDATE ledger_source SET revision_id = NULL, thread_key = NULL, author_key = NULL, text_digest = NULL, signature = NULL, bands = '{}'
      WHERE post_key = $1`,
    [request.postKey],
  );
  await forgetPost(client, request, context.keys);
  // Last: one row that all erasures share, so whoever holds it waits for nothing more.
  await markScrubPending(client);
  return told;
}

/**
 * Every head under which the post is, or may be about to be: an append that is under way ends first, and its source is seen; one that
 * comes after finds the post blocked. In one order everywhere, so that two erasures cannot wait for each other.
 */
async function lockHeads(client: ClientBase, postKey: Buffer): Promise<void> {
  await client.query(
    `SELECT topic FROM ledger_head
      WHERE topic IN (SELECT topic FROM ledger_source WHERE post_key = $1
                      UNION SELECT t.topic FROM topic_post t JOIN post p ON p.id = t.post_id WHERE p.post_key = $1)
      ORDER BY topic FOR UPDATE`,
    [postKey],
  );
}
