/**
 * The append: group commit under the head's row lock. One statement compares-and-swaps the head and inserts the
 * entries, so seq has no holes and a retry after a lost answer changes nothing (design section 6).
 * Proved by test/integration/append.test.ts.
 */
import { setImmediate } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { IntegrityError } from '../errors.ts';
import { ContentBinder } from './bind-content.ts';
import { eraseContent } from './erase-content.ts';
import type { FoldReader } from './fold-reader.ts';
import { keyOf } from './lookups.ts';
import { readLookups } from './read-lookups.ts';
import { decodeFrontier } from './merkle.ts';
import { planReview, planUndo } from './plan-review.ts';
import { type Plan, planSource } from './plan-source.ts';
import { planNotice, planVisibility } from './plan-visibility.ts';
import type { AppendOutcome, AppendRequest } from './request.ts';
import { newSalt } from './salts.ts';
import { type Head, Sealer } from './seal.ts';
import { EntryWriter } from './write-entries.ts';

export interface AppendContext {
  readonly topic: string;
  /** The UTC day of it goes into the headers. */
  readonly now: Date;
  readonly folds: FoldReader;
}

/** Requests whose contents are bound before the answer is looked for. */
const BOUND_AT_ONCE = 16;

/**
 * Appends what is new of `requests`, in order, inside the caller's transaction; outcomes come in the order asked.
 * Blocks while another append holds the topic's head. Lock, searches and writes go to the server without waiting for each other; it
 * takes them in order, so the searches see what is there under the lock.
 * @throws IntegrityError `head_moved` when the head changed under its lock, `unknown_topic`.
 */
export async function appendEntries(client: ClientBase, context: AppendContext, requests: readonly AppendRequest[]): Promise<AppendOutcome[]> {
  const { topic } = context;
  const locked = lockHead(client, topic);
  const found = readLookups(client, topic, requests);
  // Whoever waits for one of them is told; until then a failure is nobody's unhandled rejection.
  const asked = Promise.allSettled([locked, found]);
  let writer: EntryWriter | undefined;
  try {
    const contents = new ContentBinder(newSalt);
    await bindUntil(asked, contents, requests);
    const { head, sources, questions } = await locked;
    const lookups = await found;
    lookups.sources = sources;
    lookups.questions = questions;
    const sealer = new Sealer(head, context.now.toISOString().slice(0, 10), contents);
    writer = new EntryWriter(client, head);
    const state = { sources: [], superseded: [], erased: [], touched: new Set<number>() };
    const plan: Plan = { topic, client, base: head.frontier.size, sealer, lookups, folds: context.folds, ...state };
    const outcomes: AppendOutcome[] = [];
    for (const request of requests) {
      outcomes.push(await planRequest(plan, request));
      await writer.writeSome(sealer);
    }
    if (sealer.nextSeq > plan.base) await commitEntries(plan, client, writer);
    return outcomes;
  } finally {
    await asked;
    await writer?.settle();
  }
}

/** Binds contents for as long as the server takes to answer. */
async function bindUntil(answer: Promise<unknown>, contents: ContentBinder, requests: readonly AppendRequest[]): Promise<void> {
  let answered = false;
  void answer.then(() => {
    answered = true;
  });
  for (let at = 0; at < requests.length && !answered; at += BOUND_AT_ONCE) {
    for (const request of requests.slice(at, at + BOUND_AT_ONCE)) {
      if (request.type === 'source') contents.bind([request.content, ...request.claims.map((claim) => claim.content)]);
    }
    await setImmediate();
  }
  await answer;
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

interface HeadRow {
  size: number;
  entry: Buffer;
  frontier: Buffer;
  sources: number;
  questions: number;
}

/** With it the planner is told not to scan: what a batch touches is few rows of many, whatever the statistics of a new table say. */
async function lockHead(client: ClientBase, topic: string): Promise<{ head: Head; sources: number; questions: number }> {
  const text = `SELECT size, entry, frontier, sources, questions, set_config('enable_seqscan', 'off', true) FROM ledger_head WHERE topic = $1 FOR UPDATE`;
  const found = await client.query<HeadRow>({ name: 'ledger_lock', text, values: [topic] });
  const row = found.rows[0];
  if (!row) throw new IntegrityError('unknown_topic', `there is no ledger for topic ${topic}`);
  const { sources, questions } = row;
  return { head: { topic, entry: row.entry, frontier: decodeFrontier(row.size, row.frontier) }, sources, questions };
}

async function commitEntries(plan: Plan, client: ClientBase, writer: EntryWriter): Promise<void> {
  const { topic, sealer } = plan;
  // A post's older source must step aside before the newer one may be its current one (unique index).
  if (plan.superseded.length > 0) {
    await plan.client.query(`UPDATE ledger_source SET state = 'superseded' WHERE topic = $1 AND seq = ANY ($2)`, [topic, plan.superseded]);
  }
  await writer.finish(sealer, plan);
  for (const { tombstone } of plan.erased) await eraseContent(client, topic, tombstone);
}
