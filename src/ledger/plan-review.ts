/** Plans reviews and undos: refused when stale, so that nobody overwrites a decision they have not seen. */
import { InvalidInputError } from '../errors.ts';
import { checkReview, checkUndo } from '../review/check.ts';
import type { Plan } from './plan-source.ts';
import type { AppendOutcome, ReviewRequest, UndoRequest } from './request.ts';

export async function planReview(plan: Plan, request: ReviewRequest): Promise<AppendOutcome> {
  const { ref, role, decision, amended, reviewer, expects } = request;
  return decide(plan, async () => {
    checkReview(await plan.folds.foldAt(plan.client, plan.topic), { ref, role, decision, expects, ...amended });
    return plan.sealer.add({
      key: Buffer.from(request.id),
      header: { type: 'review', ref, role, decision, ...amended, reviewer, expects },
      content: { note: request.note },
    }).seq;
  });
}

export async function planUndo(plan: Plan, request: UndoRequest): Promise<AppendOutcome> {
  return decide(plan, async () => {
    checkUndo(await plan.folds.foldAt(plan.client, plan.topic), { ref: request.ref });
    return plan.sealer.add({ key: Buffer.from(request.id), header: { type: 'undo', ref: request.ref, reviewer: request.reviewer } }).seq;
  });
}

/** The fold stands at the committed head: a second decision planned in the same batch must wait for its own append. */
async function decide(plan: Plan, run: () => Promise<number>): Promise<AppendOutcome> {
  if (plan.decided) return { outcome: 'refused', code: 'one_decision_per_append', message: 'decisions are appended one at a time' };
  try {
    const seq = await run();
    plan.decided = true;
    return { outcome: 'appended', seq };
  } catch (error) {
    if (error instanceof InvalidInputError) return { outcome: 'refused', code: error.code, message: error.message };
    throw error;
  }
}
