/**
 * What an append would do to a topic's counts, without appending: requests are planned as the append plans them, sealed in memory and folded
 * after the present chain. Proved by test/integration/shadow.test.ts: after the real append the counts are the same.
 */
import type { ClientBase } from 'pg';
import { countsOf, type Fold, foldHeader } from '../counts/fold.ts';
import type { Counts } from '../model/counts.ts';
import { ContentBinder } from './bind-content.ts';
import { decodeHeader, FoldReader } from './fold-reader.ts';
import type { Header } from './header.ts';
import { Lookups } from './lookups.ts';
import { planRequest } from './plan-request.ts';
import type { Plan } from './plan-source.ts';
import { readHead } from './read-head.ts';
import { readLookups } from './read-lookups.ts';
import type { AppendOutcome, AppendRequest } from './request.ts';
import { newSalt } from './salts.ts';
import { Sealer } from './seal.ts';

export interface PreviewContext {
  readonly topic: string;
  readonly now: Date;
  /** Told each entry that would be appended, in order. */
  readonly onEntry?: (header: Header) => void;
}

export interface Preview {
  readonly before: Counts;
  readonly after: Counts;
  /** Entries that would be appended. */
  readonly entries: number;
  /** By code: what the ledger would refuse. */
  readonly refused: Readonly<Record<string, number>>;
}

/**
 * `client`: in a transaction with one view of the database (repeatable read); nothing is written and nothing locked. Batches are planned one
 * after the other, as appends of their own would be. Visibility requests are none of a preview's.
 */
export async function previewAppend(
  client: ClientBase,
  context: PreviewContext,
  batches: AsyncIterable<readonly Exclude<AppendRequest, { type: 'withhold' | 'restore' | 'tombstone' }>[]>,
): Promise<Preview> {
  const { topic } = context;
  const { head, sources, questions } = await readHead(client, topic);
  // Not the shared folds: this one gets entries that nobody appends.
  const folds = new FoldReader();
  const fold = await folds.foldAt(client, topic, head.frontier.size);
  const before = countsOf(fold);
  const lookups = new Lookups();
  Object.assign(lookups, { sources, questions });
  const sealer = new Sealer(head, context.now.toISOString().slice(0, 10), new ContentBinder(newSalt));
  const plan: Plan = { topic, client, base: head.frontier.size, sealer, lookups, folds, sources: [], superseded: [], erased: [], touched: new Set() };
  const refused: Record<string, number> = {};
  for await (const requests of batches) {
    await readLookups(client, topic, requests, lookups);
    for (const request of requests) {
      count(refused, await planRequest(plan, request));
      foldPlanned(fold, sealer, context);
      plan.sources.length = 0;
    }
  }
  return { before, after: countsOf(fold), entries: sealer.nextSeq - plan.base, refused };
}

function foldPlanned(fold: Fold, sealer: Sealer, { onEntry }: PreviewContext): void {
  for (const entry of sealer.takeEntries()) {
    const header = decodeHeader(entry.header);
    foldHeader(fold, header);
    onEntry?.(header);
  }
}

function count(refused: Record<string, number>, outcome: AppendOutcome): void {
  if (outcome.outcome === 'refused') refused[outcome.code] = (refused[outcome.code] ?? 0) + 1;
}
