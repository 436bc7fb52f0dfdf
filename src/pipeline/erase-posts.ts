/** Erases posts on request: one transaction each, noted outside the database, counted anew at the end. */
import { inTransaction } from '../db/pool.ts';
import { type EraseReason, erasePost } from '../ledger/erase.ts';
import { noteErasures } from './erasure-log.ts';
import { findPosts, type FoundPost, type PostTarget } from './find-posts.ts';
import type { Hearsay } from './hearsay.ts';

/** `erased`: something of it was kept. `blocked`: nothing was, and it stays out. `already`: erased or blocked before. `nothing`: no post is meant. */
type EraseOutcome = 'erased' | 'blocked' | 'already' | 'nothing';

export interface ErasedTarget {
  readonly outcome: EraseOutcome;
  readonly posts: number;
  /** Ledgers that got a tombstone, or would get one. */
  readonly topics: readonly string[];
  /** Source entries that lost their content, or would lose it. */
  readonly entries: readonly { readonly topic: string; readonly seq: number }[];
}

/** `dryRun` looks only. Raises what `findPosts` raises. */
export async function eraseTarget(
  hearsay: Hearsay,
  target: PostTarget,
  options: { readonly reason: EraseReason; readonly dryRun: boolean },
): Promise<ErasedTarget> {
  const posts = await findPosts(hearsay, target);
  const before = await readStanding(hearsay, posts);
  const topics = [...new Set(before.entries.map(({ topic }) => topic))].sort();
  const outcome = posts.length === 0 ? 'nothing' : before.kept > 0 ? 'erased' : before.blocked === posts.length ? 'already' : 'blocked';
  // What is blocked is erased again all the same: a run that was killed may have left something.
  if (!options.dryRun) for (const post of posts) await eraseOne(hearsay, post, options.reason);
  return { outcome, posts: posts.length, topics, entries: before.entries };
}

async function eraseOne(hearsay: Hearsay, post: FoundPost, reason: EraseReason): Promise<void> {
  const at = hearsay.now();
  const context = { now: at, folds: hearsay.folds, keys: hearsay.keys };
  await inTransaction(hearsay.pool, (client) => erasePost(client, { ...post, reason }, context));
  await noteErasures(hearsay, [{ postKey: post.postKey, reason, at }]);
}

async function readStanding(
  hearsay: Hearsay,
  posts: readonly FoundPost[],
): Promise<{ readonly kept: number; readonly blocked: number; readonly entries: ErasedTarget['entries'] }> {
  const keys = posts.map(({ postKey }) => postKey);
  const counted = await hearsay.pool.query<{ kept: number; blocked: number }>(
    `SELECT (SELECT count(*)::int FROM post WHERE post_key = ANY ($1) AND state <> 'erased') AS kept,
            (SELECT count(*)::int FROM blocked_post WHERE post_key = ANY ($1)) AS blocked`,
    [keys],
  );
  const entries = await hearsay.pool.query<{ topic: string; seq: number }>(
    `SELECT topic, seq FROM ledger_source WHERE post_key = ANY ($1) AND state <> 'erased' ORDER BY topic, seq`,
    [keys],
  );
  return { kept: counted.rows[0]?.kept ?? 0, blocked: counted.rows[0]?.blocked ?? 0, entries: entries.rows };
}
