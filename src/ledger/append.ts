/**
 * The append: group commit under the head's row lock. One statement compares-and-swaps the head and inserts the
 * entries, so seq has no holes and a retry after a lost answer changes nothing (design section 6).
 * Proved by test/integration/append.test.ts.
 */
import { setImmediate } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { ContentBinder } from './bind-content.ts';
import { eraseContent } from './erase-content.ts';
import type { FoldReader } from './fold-reader.ts';
import { lockHead } from './read-head.ts';
import { readLookups } from './read-lookups.ts';
import { planRequest } from './plan-request.ts';
import type { Plan } from './plan-source.ts';
import type { AppendOutcome, AppendRequest } from './request.ts';
import { newSalt } from './salts.ts';
import { Sealer } from './seal.ts';
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

async function commitEntries(plan: Plan, client: ClientBase, writer: EntryWriter): Promise<void> {
  const { topic, sealer } = plan;
  // A post's older source must step aside before the newer one may be its current one (unique index).
  if (plan.superseded.length > 0) {
    await plan.client.query(`UPDATE ledger_source SET state = 'superseded' WHERE topic = $1 AND seq = ANY ($2)`, [topic, plan.superseded]);
  }
  await writer.finish(sealer, plan);
  for (const { tombstone } of plan.erased) await eraseContent(client, topic, tombstone);
}
