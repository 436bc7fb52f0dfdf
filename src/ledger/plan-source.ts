/**
 * Plans a source with its claims: which source of the same post it supersedes, which thread and experience it
 * belongs to, which human decisions carry over. Design section 6, "States of a claim" and "Idempotence".
 */
import { sameExperience } from './experience.ts';
import { carryDecisions } from './carry-over.ts';
import type { FoldReader } from './fold-reader.ts';
import { hex, type Lookups, type SourceRow } from './lookups.ts';
import type { AppendOutcome, SourceRequest } from './request.ts';
import type { Sealer } from './seal.ts';
import type { ClientBase } from 'pg';

/** What the side table learns of an appended source. */
export interface PlannedSource {
  readonly seq: number;
  readonly number: number;
  readonly request: SourceRequest;
  readonly thread: number;
  readonly experience: number;
}

export interface Plan {
  readonly topic: string;
  readonly client: Pick<ClientBase, 'query'>;
  /** Size of the committed chain: shared folds must not see what this transaction may yet roll back. */
  readonly base: number;
  readonly sealer: Sealer;
  readonly lookups: Lookups;
  readonly folds: FoldReader;
  readonly sources: PlannedSource[];
  /** Seqs of sources that a new revision or annotator replaces. */
  readonly superseded: number[];
  /** Entries whose content and salt a tombstone destroys in this transaction. */
  readonly erased: { readonly tombstone: number; readonly refs: readonly number[] }[];
  /** Sources and claims that this append decides on, hides or shows: another decision on them must see that in the fold first. */
  readonly touched: Set<number>;
}

export async function planSource(plan: Plan, request: SourceRequest): Promise<AppendOutcome> {
  const { lookups, sealer } = plan;
  const postKey = hex(request.postKey);
  if (lookups.blocked.has(postKey)) return { outcome: 'refused', code: 'erased_before', message: 'the post was erased; it stays out' };
  const old = lookups.current.get(postKey);
  // An edit must not show again what was hidden: it goes in after a restore.
  if (old?.state === 'withheld') return { outcome: 'refused', code: 'withheld', message: 'the post is withheld; its new revision waits for a restore' };
  const others = sameExperience(request, lookups).filter((row) => row.postKey !== postKey);
  const seq = sealer.nextSeq;
  const groups = [...new Set([...others.map((row) => row.experience), ...(old ? [old.experience] : [])])].sort((a, b) => a - b);
  const experience = groups[0] ?? seq;
  const thread = request.threadKey ? (lookups.threads.get(hex(request.threadKey)) ?? old?.thread ?? seq) : (old?.thread ?? seq);
  // The first telling keeps its rank when it is edited: only an earlier source of another post makes a repeat.
  const repeats = others.some((row) => row.seq < (old ? old.experience : seq));
  const flags = [...new Set([...request.labels.flags, ...(repeats ? (['duplicate'] as const) : [])])].sort();
  const carried = old ? await carryDecisions(plan, old.seq, request) : undefined;
  if (carried) plan.touched.add(seq);

  sealer.add({
    key: request.key,
    header: {
      type: 'source',
      number: ++lookups.sources,
      ...request.labels,
      flags,
      thread,
      experience,
      ...(old ? { supersedes: old.seq } : {}),
    },
    content: request.content,
  });
  request.claims.forEach((claim, ordinal) => {
    const changed = carried?.changed.has(ordinal) ? (['changed'] as const) : [];
    const { kind, compound, effect, direction, tier, content } = claim;
    sealer.add({
      key: Buffer.concat([request.key, Buffer.from(`#${ordinal}`)]),
      header: {
        type: 'claim',
        source: seq,
        kind,
        compound,
        effect,
        direction,
        tier,
        confidence_ppm: claim.confidencePpm,
        flags: [...new Set([...claim.flags, ...changed])].sort(),
        annotator: request.labels.annotator,
      },
      content,
    });
  });
  carried?.append(sealer, seq);
  await linkGroups(plan, experience, groups);

  const row: SourceRow & { state: string } = { seq, postKey, thread, experience, signature: request.signature ?? null, state: 'live' };
  if (old) plan.superseded.push(old.seq);
  plan.sources.push({ seq, number: lookups.sources, request, thread, experience });
  lookups.current.set(postKey, row);
  lookups.addKey('source', request.key, seq);
  if (request.threadKey && !lookups.threads.has(hex(request.threadKey))) lookups.threads.set(hex(request.threadKey), thread);
  lookups.addSource(row, { author: request.authorKey ?? null, text: request.textDigest ?? null, bands: request.bands });
  return { outcome: 'appended', seq };
}

/** Two groups that this source shows to be one are linked once; the fold follows links transitively. */
async function linkGroups(plan: Plan, first: number, groups: readonly number[]): Promise<void> {
  for (const group of groups) {
    const key = Buffer.from(`${group}:${first}`);
    if (group === first || plan.lookups.seqOf('link', key) !== undefined) continue;
    const linked = await plan.client.query(`SELECT 1 FROM ledger_entry WHERE topic = $1 AND type = 'link' AND key = $2`, [plan.topic, key]);
    if (linked.rowCount) continue;
    plan.lookups.addKey('link', key, plan.sealer.nextSeq);
    plan.sealer.add({ key, header: { type: 'link', from: group, to: first } });
  }
}
