/** Plans reviews and undos: refused when stale, so that nobody overwrites a decision they have not seen. */
import { InvalidInputError } from '../errors.ts';
import { checkReview, checkUndo } from '../review/check.ts';
import type { Plan } from './plan-source.ts';
import type { AppendOutcome, ReviewRequest, UndoRequest } from './request.ts';

export async function planReview(plan: Plan, request: ReviewRequest): Promise<AppendOutcome> {
  const { ref, role, decision, amended, reviewer, expects } = request;
  return decide(plan, ref, async () => {
    checkReview(await plan.folds.foldAt(plan.client, plan.topic, plan.base), { ref, role, decision, expects, ...amended });
    return plan.sealer.add({
      key: Buffer.from(request.id),
      header: { type: 'review', ref, role, decision, ...amended, reviewer, expects },
      content: { note: request.note },
    }).seq;
  });
}

export async function planUndo(plan: Plan, request: UndoRequest): Promise<AppendOutcome> {
  const review = await plan.client.query<{ ref: number | null }>('SELECT ref FROM ledger_entry WHERE topic = $1 AND seq = $2', [plan.topic, request.ref]);
  return decide(plan, review.rows[0]?.ref ?? request.ref, async () => {
    checkUndo(await plan.folds.foldAt(plan.client, plan.topic, plan.base), { ref: request.ref });
    return plan.sealer.add({ key: Buffer.from(request.id), header: { type: 'undo', ref: request.ref, reviewer: request.reviewer } }).seq;
  });
}

/** The fold stands at the committed head: a second decision on one source or claim must wait for the first one's append. */
async function decide(plan: Plan, target: number, run: () => Promise<number>): Promise<AppendOutcome> {
  if (plan.touched.has(target)) {
    return { outcome: 'refused', code: 'one_decision_per_append', message: 'decisions on one entry are appended one at a time' };
  }
  try {
    const seq = await run();
    plan.touched.add(target);
    return { outcome: 'appended', seq };
  } catch (error) {
    if (error instanceof InvalidInputError) return { outcome: 'refused', code: error.code, message: error.message };
    throw error;
  }
}
