/**
 * Stage 3: annotations become ledger entries, up to a batch per transaction, which also marks them appended. Only the newest
 * revision of a post goes in; retraction notices of records follow their source.
 */
import type { PoolClient } from 'pg';
import { inTransaction } from '../db/pool.ts';
import { InvalidInputError } from '../errors.ts';
import { appendEntries } from '../ledger/append.ts';
import type { Topic } from '../model/topic.ts';
import { APPEND_COLUMNS, APPEND_FROM, noticeRequestsOf } from './append-rows.ts';
import { BATCH, type Hearsay } from './hearsay.ts';
import { type AppendRow, sourceRequestOf } from './source-request.ts';

export interface AppendReport {
  readonly appended: number;
  readonly refused: number;
}

/** Appends everything of a topic that waits; returns how much that was. */
export async function appendPending(hearsay: Hearsay, slug: string): Promise<AppendReport> {
  const topic = hearsay.topics.get(slug);
  if (!topic) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}`);
  let appended = 0;
  let refused = 0;
  for (;;) {
    const batch = await inTransaction(hearsay.pool, (client) => appendBatch(client, hearsay, topic));
    appended += batch.appended;
    refused += batch.refused;
    if (batch.rows < BATCH) return { appended, refused };
  }
}

/** In the order of revisions, up to the first that is still to be annotated. */
const PENDING = `
  SELECT ${APPEND_COLUMNS}
    FROM ${APPEND_FROM}
   WHERE a.topic = $1 AND a.outcome = 'keep' AND a.appended_seq IS NULL AND a.blocked IS NULL AND NOT a.shadow
     AND a.revision_id < coalesce((SELECT min(u.revision_id) FROM unannotated u WHERE u.topic = $1), 9223372036854775807)
   ORDER BY a.revision_id LIMIT $2
     FOR UPDATE OF a SKIP LOCKED`;

async function appendBatch(client: PoolClient, hearsay: Hearsay, topic: Topic): Promise<AppendReport & { rows: number }> {
  const found = await client.query<AppendRow>(PENDING, [topic.slug, BATCH]);
  const blocked: { row: AppendRow; why: string }[] = [];
  const ready: AppendRow[] = [];
  const done: { row: AppendRow; seq: number }[] = [];
  const posts = new Set<string>();
  let later = 0;
  for (const row of found.rows) {
    const post = row.post_key.toString('hex');
    if (row.outdated) blocked.push({ row, why: 'newer_revision' });
    else if (row.observed !== 'live') blocked.push({ row, why: 'absent' });
    // Another annotator said exactly this of this revision, and it is in the chain: there is nothing new to append.
    else if (row.same_seq !== null) done.push({ row, seq: row.same_seq });
    // One source of a post per append: decisions carried to the first must stand before the second supersedes it.
    else if (posts.has(post)) later += 1;
    else {
      posts.add(post);
      ready.push(row);
    }
  }
  const requests = ready.map((row) => sourceRequestOf(row, { topic, keys: hearsay.keys }));
  const notices = ready.flatMap(noticeRequestsOf);
  const outcomes =
    ready.length > 0 ? await appendEntries(client, { topic: topic.slug, now: hearsay.now(), folds: hearsay.folds }, [...requests, ...notices]) : [];
  ready.forEach((row, index) => {
    const outcome = outcomes[index];
    if (outcome?.outcome === 'appended' || outcome?.outcome === 'existing') done.push({ row, seq: outcome.seq });
    else blocked.push({ row, why: outcome?.outcome === 'refused' ? outcome.code : 'nothing' });
  });
  await client.query(
    `UPDATE annotation SET appended_seq = d.seq FROM unnest($2::bigint[], $3::text[], $4::bigint[]) AS d (revision_id, annotator, seq)
      WHERE annotation.topic = $1 AND annotation.revision_id = d.revision_id AND annotation.annotator = d.annotator`,
    [topic.slug, done.map((item) => item.row.revision_id), done.map((item) => item.row.annotator), done.map((item) => item.seq)],
  );
  await client.query(
    `UPDATE annotation SET blocked = b.why FROM unnest($2::bigint[], $3::text[], $4::text[]) AS b (revision_id, annotator, why)
      WHERE annotation.topic = $1 AND annotation.revision_id = b.revision_id AND annotation.annotator = b.annotator`,
    [topic.slug, blocked.map((item) => item.row.revision_id), blocked.map((item) => item.row.annotator), blocked.map((item) => item.why)],
  );
  // What was left for the next transaction is there still.
  return { rows: later > 0 ? BATCH : found.rows.length, appended: done.length, refused: blocked.length };
}
