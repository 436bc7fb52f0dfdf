/**
 * Deletions: re-checks kept posts with their platforms, then carries what was observed to the ledgers. Deleted = erased
 * for good; removed = withheld, and restored if it comes back, unless a person withheld it (design section 6).
 * Proved by test/integration/visibility.test.ts and come-back.test.ts.
 */
import type { PoolClient } from 'pg';
import { inTransaction } from '../db/pool.ts';
import { HearsayError, IntegrityError } from '../errors.ts';
import { erasePost } from '../ledger/erase.ts';
import { sources } from '../sources/list.ts';
import type { RecheckOutcome, Source } from '../sources/source.ts';
import { sourceContext } from './crawl.ts';
import { eraseNextAgain } from './erase-again.ts';
import { noteErasures } from './erasure-log.ts';
import type { Hearsay } from './hearsay.ts';
import { BACK_ON_PLATFORM, changeVisibility, REMOVED_ON_PLATFORM } from './visibility.ts';

/** Reddit asks for deleted content to go within 48 hours; a daily look leaves room for a failed one. */
const RECHECK_AFTER_HOURS = 24;
const RECHECK_BATCH = 100;

interface SweepReport {
  withheld: number;
  restored: number;
  erased: number;
}

/** A source that could not be asked; the others were. */
interface RecheckFailure {
  readonly source: string;
  readonly error: HearsayError;
}

export interface RecheckReport {
  checked: number;
  unknown: number;
  readonly failures: readonly RecheckFailure[];
}

/** Asks every source about its posts that were not looked at for a day, or now with `all`. */
export async function recheckPosts(
  hearsay: Hearsay,
  options: { readonly all?: boolean; readonly source?: string; readonly signal?: AbortSignal } = {},
): Promise<RecheckReport> {
  const failures: RecheckFailure[] = [];
  const report = { checked: 0, unknown: 0, failures };
  const started = new Date();
  const before = options.all ? started : new Date(started.getTime() - RECHECK_AFTER_HOURS * 3_600_000);
  for (const source of sources) {
    if (options.source !== undefined && source.name !== options.source) continue;
    try {
      for (;;) {
        if (options.signal?.aborted) return report;
        const due = await readDue(hearsay, source, before);
        if (due.length === 0) break;
        const outcomes = await source.recheck(
          due.map((post) => post.native_id),
          sourceContext(hearsay, options.signal),
        );
        report.checked += due.length;
        report.unknown += await storeOutcomes(hearsay, due, outcomes);
      }
    } catch (error) {
      if (!(error instanceof HearsayError) || error instanceof IntegrityError) throw error;
      failures.push({ source: source.name, error });
    }
  }
  return report;
}

interface DuePost {
  id: number;
  native_id: string;
}

/** Posts of files have no source: whoever reads their platform asks, but for addresses of pages, which no crawl has seen. */
async function readDue(hearsay: Hearsay, source: Source, before: Date): Promise<DuePost[]> {
  const found = await hearsay.pool.query<DuePost>(
    `SELECT id, native_id FROM post
      WHERE (source = $1 OR (source IS NULL AND platform = ANY ($4)))
        AND state <> 'erased' AND native_id IS NOT NULL AND (checked_at IS NULL OR checked_at < $2)
      ORDER BY checked_at NULLS FIRST, id LIMIT $3`,
    [source.name, before, RECHECK_BATCH, source.queue === 'web' ? [] : source.platforms],
  );
  return found.rows;
}

/** `unknown` leaves what was observed, but counts as a look, or one dead host would hold up all others. */
async function storeOutcomes(hearsay: Hearsay, due: readonly DuePost[], outcomes: ReadonlyMap<string, RecheckOutcome>): Promise<number> {
  const observed = due.map((post) => outcomes.get(post.native_id) ?? 'unknown');
  await hearsay.pool.query(
    `UPDATE post SET checked_at = now(), observed = CASE WHEN o.outcome = 'unknown' THEN post.observed ELSE o.outcome END
       FROM unnest($1::bigint[], $2::text[]) AS o (id, outcome) WHERE post.id = o.id AND post.state <> 'erased'`,
    [due.map((post) => post.id), observed],
  );
  return observed.filter((outcome) => outcome === 'unknown').length;
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
