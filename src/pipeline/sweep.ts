/**
 * Deletions: carries to the ledgers what crawls, files and re-checks (recheck.ts) observed. Deleted = erased for good; removed =
 * withheld, and restored if it comes back, unless a person withheld it (design section 6).
 * Proved by test/integration/visibility.test.ts and come-back.test.ts.
 */
import type { PoolClient } from 'pg';
import { inTransaction } from '../db/pool.ts';
import { erasePost } from '../ledger/erase.ts';
import { eraseNextAgain } from './erase-again.ts';
import { noteErasures } from './erasure-log.ts';
import type { Hearsay } from './hearsay.ts';
import { BACK_ON_PLATFORM, changeVisibility, REMOVED_ON_PLATFORM } from './visibility.ts';

interface SweepReport {
  withheld: number;
  restored: number;
  erased: number;
}

/** Carries every difference between observed and kept state to the ledgers, and erases again what came back, one post per transaction. */
export async function applyObserved(hearsay: Hearsay, onTopic: (topic: string) => Promise<void>): Promise<SweepReport> {
  const report = { withheld: 0, restored: 0, erased: 0 };
  const touched = new Set<string>();
  for (;;) {
    const changed = await inTransaction(hearsay.pool, (client) => applyNext(client, hearsay));
    if (!changed) break;
    report[changed.kind]++;
    if (changed.kind === 'erased') await noteErasures(hearsay, [{ postKey: changed.postKey, reason: 'source_deleted', at: hearsay.now() }]);
    for (const topic of changed.topics) touched.add(topic);
  }
  for (;;) {
    const again = await inTransaction(hearsay.pool, (client) => eraseNextAgain(client, hearsay));
    if (!again) break;
    report.erased++;
    await noteErasures(hearsay, [{ postKey: again.postKey, reason: again.reason, at: hearsay.now() }]);
    for (const topic of again.topics) touched.add(topic);
  }
  for (const topic of touched) await onTopic(topic);
  return report;
}

interface ObservedPost {
  id: number;
  post_key: Buffer;
  observed: 'live' | 'removed' | 'deleted';
}

interface Applied {
  readonly kind: 'withheld' | 'restored' | 'erased';
  readonly postKey: Buffer;
  readonly topics: readonly string[];
}

async function applyNext(client: PoolClient, hearsay: Hearsay): Promise<Applied | undefined> {
  const found = await client.query<ObservedPost>(
    `SELECT id, post_key, observed FROM post WHERE state <> 'erased' AND observed <> state ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  const post = found.rows[0];
  if (!post) return undefined;
  const { post_key: postKey } = post;
  if (post.observed === 'deleted') {
    const context = { now: hearsay.now(), folds: hearsay.folds, keys: hearsay.keys };
    return { kind: 'erased', postKey, topics: await erasePost(client, { postKey, reason: 'source_deleted' }, context) };
  }
  const change =
    post.observed === 'removed'
      ? ({ type: 'withhold', reason: REMOVED_ON_PLATFORM } as const)
      : ({ type: 'restore', reason: BACK_ON_PLATFORM, only: (held: string | undefined) => held === REMOVED_ON_PLATFORM } as const);
  const topics = await changeVisibility(client, hearsay, { postKey, ...change });
  await client.query('UPDATE post SET state = observed WHERE id = $1', [post.id]);
  return { kind: change.type === 'withhold' ? 'withheld' : 'restored', postKey, topics };
}
