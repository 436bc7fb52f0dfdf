/**
 * Plans withhold, restore, tombstone and notice. Idempotent by state: what already is so is `existing` or `nothing`.
 * Destroying the content a tombstone names happens in the same transaction (erase.ts).
 */
import { hex } from './lookups.ts';
import type { Plan } from './plan-source.ts';
import type { AppendOutcome, NoticeRequest, VisibilityRequest } from './request.ts';
import type { HeaderDraft } from './seal.ts';

interface OwnSource {
  seq: number;
  state: 'live' | 'superseded' | 'withheld' | 'erased';
}

export async function planVisibility(plan: Plan, request: VisibilityRequest): Promise<AppendOutcome> {
  const sources = await readSources(plan, request.postKey);
  const targets = sources.filter((source) => isTarget(request.type, source.state)).map((source) => source.seq);
  if (targets.length === 0) return { outcome: 'nothing' };
  const related = await plan.client.query<{ seq: number }>(
    `WITH claims AS (SELECT seq FROM ledger_entry WHERE topic = $1 AND type = 'claim' AND ref = ANY ($2))
     SELECT seq FROM claims
      UNION SELECT seq FROM ledger_entry WHERE topic = $1 AND type = 'review' AND (ref = ANY ($2) OR ref IN (SELECT seq FROM claims))`,
    [plan.topic, targets],
  );
  const refs = [...targets, ...related.rows.map((row) => row.seq)].sort((a, b) => a - b);
  for (const ref of refs) plan.touched.add(ref);
  const seq = plan.sealer.nextSeq;
  plan.sealer.add({
    // The seq makes each event its own: the same post may be withheld again after a restore.
    key: Buffer.from(`${request.type}:${targets[0]}@${seq}`),
    header: { type: request.type, refs, reason: request.reason } as HeaderDraft,
  });
  await plan.client.query(`UPDATE ledger_source SET state = $3 WHERE topic = $1 AND seq = ANY ($2)`, [plan.topic, targets, stateAfter(request.type)]);
  if (request.type === 'tombstone') {
    plan.erased.push({ tombstone: seq, refs });
    plan.lookups.current.delete(hex(request.postKey));
  }
  return { outcome: 'appended', seq };
}

export async function planNotice(plan: Plan, request: NoticeRequest): Promise<AppendOutcome> {
  const current = plan.lookups.current.get(hex(request.postKey));
  if (!current) return { outcome: 'nothing' };
  const key = Buffer.from(`${request.kind}:${hex(request.postKey)}:${request.record}`);
  const planned = plan.lookups.seqOf('notice', key);
  if (planned !== undefined) return { outcome: 'existing', seq: planned };
  const known = await plan.client.query<{ seq: number }>(`SELECT seq FROM ledger_entry WHERE topic = $1 AND type = 'notice' AND key = $2`, [plan.topic, key]);
  if (known.rows[0]) return { outcome: 'existing', seq: known.rows[0].seq };
  const { seq } = plan.sealer.add({ key, header: { type: 'notice', ref: current.seq, kind: request.kind, record: request.record } });
  plan.lookups.addKey('notice', key, seq);
  return { outcome: 'appended', seq };
}

function isTarget(type: VisibilityRequest['type'], state: OwnSource['state']): boolean {
  if (type === 'withhold') return state === 'live';
  if (type === 'restore') return state === 'withheld';
  return state !== 'erased';
}

function stateAfter(type: VisibilityRequest['type']): OwnSource['state'] {
  return type === 'withhold' ? 'withheld' : type === 'restore' ? 'live' : 'erased';
}

async function readSources(plan: Plan, postKey: Buffer): Promise<OwnSource[]> {
  const found = await plan.client.query<OwnSource>('SELECT seq, state FROM ledger_source WHERE topic = $1 AND post_key = $2 ORDER BY seq', [
    plan.topic,
    postKey,
  ]);
  return found.rows;
}
