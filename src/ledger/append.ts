/**
 * The append: group commit under the head's row lock. One statement compares-and-swaps the head and inserts the
 * entries, so seq has no holes and a retry after a lost answer changes nothing (design section 6).
 * Proved by test/integration/append.test.ts.
 */
import { randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { IntegrityError } from '../errors.ts';
import type { FoldReader } from './fold-reader.ts';
import { keyOf, readLookups } from './lookups.ts';
import { decodeFrontier, encodeFrontier } from './merkle.ts';
import { planReview, planUndo } from './plan-review.ts';
import { type Plan, planSource } from './plan-source.ts';
import { planNotice, planVisibility } from './plan-visibility.ts';
import type { AppendOutcome, AppendRequest } from './request.ts';
import { type Head, Sealer } from './seal.ts';

export interface AppendContext {
  readonly topic: string;
  /** The UTC day of it goes into the headers. */
  readonly now: Date;
  readonly folds: FoldReader;
}

/**
 * Appends what is new of `requests`, in order, inside the caller's transaction; outcomes come in the order asked.
 * Blocks while another append holds the topic's head.
 * @throws IntegrityError `head_moved` when the head changed under its lock, `unknown_topic`.
 */
export async function appendEntries(client: ClientBase, context: AppendContext, requests: readonly AppendRequest[]): Promise<AppendOutcome[]> {
  const head = await lockHead(client, context.topic);
  const lookups = await readLookups(client, context.topic, requests);
  const sealer = new Sealer(head, context.now.toISOString().slice(0, 10), () => randomBytes(32));
  const plan: Plan = { topic: context.topic, client, sealer, lookups, folds: context.folds, sources: [], superseded: [], erased: [], decided: false };
  const outcomes: AppendOutcome[] = [];
  for (const request of requests) outcomes.push(await planRequest(plan, request));
  if (sealer.entries.length > 0) await commitEntries(plan, head);
  return outcomes;
}

async function planRequest(plan: Plan, request: AppendRequest): Promise<AppendOutcome> {
  const key = keyOf(request);
  const existing = key && plan.lookups.seqOf(request.type, key);
  if (existing !== undefined) return { outcome: 'existing', seq: existing };
  const outcome = await planNew(plan, request);
  if (key && outcome.outcome === 'appended') plan.lookups.addKey(request.type, key, outcome.seq);
  return outcome;
}

async function planNew(plan: Plan, request: AppendRequest): Promise<AppendOutcome> {
  switch (request.type) {
    case 'source':
      return planSource(plan, request);
    case 'review':
      return planReview(plan, request);
    case 'undo':
      return planUndo(plan, request);
    case 'withhold':
    case 'restore':
    case 'tombstone':
      return planVisibility(plan, request);
    case 'notice':
      return planNotice(plan, request);
    case 'annotator': {
      const { annotator, kind, digest } = request;
      return {
        outcome: 'appended',
        seq: plan.sealer.add({ key: Buffer.from(annotator), header: { type: 'annotator', annotator, kind, digest, adopt: 1 } }).seq,
      };
    }
    case 'question': {
      const number = ++plan.lookups.questions;
      return {
        outcome: 'appended',
        seq: plan.sealer.add({ key: Buffer.from(request.id), header: { type: 'question', number }, content: { text: request.text } }).seq,
      };
    }
  }
}

async function lockHead(client: ClientBase, topic: string): Promise<Head> {
  const found = await client.query<{ size: number; entry: Buffer; frontier: Buffer }>(
    'SELECT size, entry, frontier FROM ledger_head WHERE topic = $1 FOR UPDATE',
    [topic],
  );
  const row = found.rows[0];
  if (!row) throw new IntegrityError('unknown_topic', `there is no ledger for topic ${topic}`);
  return { topic, entry: row.entry, frontier: decodeFrontier(row.size, row.frontier) };
}

/** Foreign keys are checked at the end of the statement, so all four inserts may ride in one. */
const COMMIT = `
  WITH moved AS (
    UPDATE ledger_head SET size = $4, entry = $5, frontier = $6
     WHERE topic = $1 AND size = $2 AND entry = $3
    RETURNING topic
  ), entries AS (
    INSERT INTO ledger_entry (topic, seq, type, key, ref, header, entry)
    SELECT moved.topic, e.* FROM moved, unnest($7::bigint[], $8::text[], $9::bytea[], $10::bigint[], $11::bytea[], $12::bytea[]) AS e
  ), contents AS (
    INSERT INTO ledger_content (topic, seq, salt, content)
    SELECT moved.topic, c.* FROM moved, unnest($13::bigint[], $14::bytea[], $15::bytea[]) AS c
  ), sources AS (
    INSERT INTO ledger_source (topic, seq, number, post_key, revision_id, thread_key, author_key, text_digest, signature, bands, thread, experience, state)
    SELECT moved.topic, s.seq, s.number, s.post_key, s.revision_id, s.thread_key, s.author_key, s.text_digest, s.signature, s.bands::bigint[], s.thread, s.experience, s.state
      FROM moved, unnest($16::bigint[], $17::bigint[], $18::bytea[], $19::bigint[], $20::bytea[], $21::bytea[], $22::bytea[], $23::bytea[], $24::text[], $25::bigint[], $26::bigint[], $27::text[])
        AS s (seq, number, post_key, revision_id, thread_key, author_key, text_digest, signature, bands, thread, experience, state)
  )
  SELECT count(*)::int AS moved FROM moved`;

async function commitEntries(plan: Plan, head: Head): Promise<void> {
  const { client, topic, sealer, sources } = plan;
  // A post's older source must step aside before the newer one may be its current one (unique index).
  if (plan.superseded.length > 0) {
    await client.query(`UPDATE ledger_source SET state = 'superseded' WHERE topic = $1 AND seq = ANY ($2)`, [topic, plan.superseded]);
  }
  const { entries } = sealer;
  const withContent = entries.filter((entry) => entry.content !== null);
  const swapped = await client.query<{ moved: number }>(COMMIT, [
    topic,
    head.frontier.size,
    head.entry,
    sealer.head.frontier.size,
    sealer.head.entry,
    encodeFrontier(sealer.head.frontier),
    entries.map((entry) => entry.seq),
    entries.map((entry) => entry.type),
    entries.map((entry) => entry.key),
    entries.map((entry) => entry.ref),
    entries.map((entry) => entry.header),
    entries.map((entry) => entry.entry),
    withContent.map((entry) => entry.seq),
    withContent.map((entry) => entry.salt),
    withContent.map((entry) => entry.content),
    sources.map((source) => source.seq),
    sources.map((source) => source.number),
    sources.map((source) => source.request.postKey),
    sources.map((source) => source.request.revisionId),
    sources.map((source) => source.request.threadKey ?? null),
    sources.map((source) => source.request.authorKey ?? null),
    sources.map((source) => source.request.textDigest ?? null),
    sources.map((source) => source.request.signature ?? null),
    sources.map((source) => `{${source.request.bands.join(',')}}`),
    sources.map((source) => source.thread),
    sources.map((source) => source.experience),
    sources.map((source) => (plan.superseded.includes(source.seq) ? 'superseded' : 'live')),
  ]);
  if (swapped.rows[0]?.moved !== 1) throw new IntegrityError('head_moved', `the head of ${topic} changed while it was locked`);
  for (const { tombstone, refs } of plan.erased) {
    await client.query('DELETE FROM ledger_content WHERE topic = $1 AND seq = ANY ($2)', [topic, refs]);
    await client.query('INSERT INTO ledger_erased (topic, seq, tombstone) SELECT $1, unnest($2::bigint[]), $3 ON CONFLICT DO NOTHING', [
      topic,
      refs,
      tombstone,
    ]);
  }
}
