/**
 * Which reviews and undos take effect (design section 6, "States of a claim"). One set of rules for the
 * fold, which passes over what breaks them, and for src/review/check.ts, which refuses it at the door.
 */
import type { HeaderOf } from '../ledger/header.ts';
import type { ClaimRecord } from './claim-record.ts';
import { findReviewable, findReviewed } from './entries.ts';
import type { ClaimLabels, SourceLabels } from './labels.ts';
import type { Decision, Fold } from './records.ts';
import { SourceRecord } from './source-record.ts';

export type ReviewDraft = Omit<HeaderOf<'review'>, 'v' | 'topic' | 'seq' | 'day' | 'type' | 'commitment' | 'reviewer'>;
export type DecisionFault = 'unknown_ref' | 'not_reviewable' | 'stale_decision' | 'bad_amendment';

const SOURCE_LABELS = ['document_type', 'tier', 'sentiment', 'study_design', 'language', 'first_person', 'commercial'] as const;
const CLAIM_LABELS = ['compound', 'effect', 'direction', 'tier'] as const;
const NO_LABELS: Decision['labels'] = Object.freeze({});
const ALL_LABELS = [...new Set<keyof SourceLabels | keyof ClaimLabels>([...SOURCE_LABELS, ...CLAIM_LABELS])];

/** Only `primary` and `adjudication` move counts; `second` and `audit` measure agreement. */
export function movesCounts(role: ReviewDraft['role']): boolean {
  return role === 'primary' || role === 'adjudication';
}

/** The label keys a review sets. */
export function readAmendment(draft: ReviewDraft): Decision['labels'] {
  const present = ALL_LABELS.filter((key) => draft[key] !== undefined);
  return present.length === 0 ? NO_LABELS : (Object.fromEntries(present.map((key) => [key, draft[key]])) as Decision['labels']);
}

/** Why a review has no effect on this fold, or undefined when it has. */
export function findReviewFault(fold: Fold, draft: ReviewDraft): DecisionFault | undefined {
  const target = findReviewable(fold, draft.ref);
  if (target === undefined) return draft.ref < fold.size ? 'not_reviewable' : 'unknown_ref';
  if (movesCounts(draft.role) && draft.expects !== target.last) return 'stale_decision';
  return isSoundAmendment(target, draft) ? undefined : 'bad_amendment';
}

/** Why an undo has no effect: only the review in force can be undone, and an undo is not a review. */
export function findUndoFault(fold: Fold, ref: number): DecisionFault | undefined {
  const target = findReviewed(fold, ref);
  if (target === undefined) return ref < fold.size ? 'not_reviewable' : 'unknown_ref';
  return target.decisions.at(-1)?.seq === ref ? undefined : 'stale_decision';
}

function isSoundAmendment(target: SourceRecord | ClaimRecord, draft: ReviewDraft): boolean {
  const labels = readAmendment(draft);
  const keys = Object.keys(labels);
  if (draft.decision !== 'amend') return keys.length === 0;
  if (keys.length === 0) return false;
  if (target instanceof SourceRecord) return keys.every((key) => (SOURCE_LABELS as readonly string[]).includes(key));
  if (!keys.every((key) => (CLAIM_LABELS as readonly string[]).includes(key))) return false;
  // A main claim has neither effect nor direction; an effect claim always has both.
  if (target.kind === 'main') return labels.effect === undefined && labels.direction === undefined;
  return labels.direction !== 'none' && labels.effect !== 'none';
}
