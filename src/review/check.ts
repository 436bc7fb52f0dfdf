/**
 * Review, pure part: whether a decision may be appended (design section 6, "States of a claim"). The append
 * transaction asks this with the fold at the head it swaps; the fold passes over what slips through all the same.
 * Proved by test/unit/review/check.test.ts.
 */
import { findReviewFault, findUndoFault, type DecisionFault, type ReviewDraft } from '../counts/decisions.ts';
import { stateOf, type Fold } from '../counts/fold.ts';
import { InvalidInputError } from '../errors.ts';

export type { ReviewDraft } from '../counts/decisions.ts';

const MESSAGES: Readonly<Record<DecisionFault, string>> = {
  unknown_ref: 'there is no such entry',
  not_reviewable: 'this entry cannot be decided on',
  stale_decision: 'somebody decided in the meantime: look at it again',
  bad_amendment: 'an amend needs labels that exist on this kind of entry; an accept or reject has none',
};

/**
 * Passes a review that takes effect when appended next.
 * @throws InvalidInputError `unknown_ref`, `not_reviewable` (not a source or claim; or its text is withheld, erased or
 * superseded), `stale_decision` (primary and adjudication only), `bad_amendment`.
 */
export function checkReview(fold: Fold, draft: ReviewDraft): void {
  const fault = findReviewFault(fold, draft);
  // Whether there is anything to look at comes before what was decided about it.
  if (fault === 'unknown_ref' || fault === 'not_reviewable') throw refuse(fault, draft.ref);
  const state = stateOf(fold, draft.ref)?.state;
  if (state === 'withheld' || state === 'erased' || state === 'superseded') throw refuse('not_reviewable', draft.ref);
  if (fault !== undefined) throw refuse(fault, draft.ref);
}

/**
 * Passes an undo of the review in force.
 * @throws InvalidInputError `unknown_ref`, `not_reviewable` (not a review), `stale_decision` (not, or no longer, in force).
 */
export function checkUndo(fold: Fold, draft: { readonly ref: number }): void {
  const fault = findUndoFault(fold, draft.ref);
  if (fault !== undefined) throw refuse(fault, draft.ref);
}

function refuse(fault: DecisionFault, ref: number): InvalidInputError {
  return new InvalidInputError(fault, `entry ${ref}: ${MESSAGES[fault]}`);
}
