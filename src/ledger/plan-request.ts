/** One request: what it adds to the plan, and what became of it. The append writes the plan; a preview only looks at it. */
import { keyOf } from './lookups.ts';
import { planReview, planUndo } from './plan-review.ts';
import { type Plan, planSource } from './plan-source.ts';
import { planNotice, planVisibility } from './plan-visibility.ts';
import type { AppendOutcome, AppendRequest } from './request.ts';

export async function planRequest(plan: Plan, request: AppendRequest): Promise<AppendOutcome> {
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
