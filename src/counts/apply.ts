/** One function per entry type: what it changes in the records. Each returns why it changed nothing, if it did not. */
import type { Header, HeaderOf } from '../ledger/header.ts';
import { addClaimRow, type ClaimRecord } from './claim-record.ts';
import { findReviewFault, findUndoFault, movesCounts, readAmendment } from './decisions.ts';
import { findReviewable, findReviewed, findSource, placeEntry } from './entries.ts';
import { joinPost } from './posts.ts';
import type { Decision, Fold, Ignored } from './records.ts';
import { addSourceRow, SourceRecord } from './source-record.ts';
import { addPostNotice, takeEffect } from './succession.ts';
import { joinExperiences, takeBack } from './tally.ts';

type Effect = Ignored['code'] | undefined;

export function applyHeader(fold: Fold, header: Header): Effect {
  switch (header.type) {
    case 'annotator':
      return adoptAnnotator(fold, header);
    case 'source':
      return addSource(fold, header);
    case 'claim':
      return addClaim(fold, header);
    case 'review':
      return addReview(fold, header);
    case 'undo':
      return undoReview(fold, header);
    case 'link':
      return linkExperiences(fold, header);
    case 'withhold':
      return holdRefs(fold, header.refs, header.reason);
    case 'restore':
      return holdRefs(fold, header.refs, undefined);
    case 'tombstone':
      return eraseRefs(fold, header);
    case 'notice':
      return addNotice(fold, header);
    case 'question':
      fold.questions.set(header.seq, { withheld: false, erased: false });
      return undefined;
  }
}

/** Counts switch here: every waiting source of the annotator takes effect, if it is the newest of its post. */
function adoptAnnotator(fold: Fold, header: HeaderOf<'annotator'>): Effect {
  if (fold.adopted.has(header.annotator)) return undefined;
  const waiting = fold.unadopted.get(header.annotator) ?? [];
  fold.unadopted.delete(header.annotator);
  for (const row of waiting) takeBack(fold, row);
  fold.adopted.add(header.annotator);
  for (const row of waiting) takeEffect(new SourceRecord(fold, row));
  return undefined;
}

function addSource(fold: Fold, header: HeaderOf<'source'>): Effect {
  const row = addSourceRow(fold, header);
  placeEntry(fold, 'source', row);
  fold.untold.add(row);
  const source = new SourceRecord(fold, row);
  const superseded = header.supersedes === undefined ? undefined : findSource(fold, header.supersedes);
  joinPost(source, superseded);
  if (fold.adopted.has(header.annotator)) takeEffect(source);
  else waitForAdoption(fold, source);
  // The source counts all the same: what it replaces is simply not there.
  return header.supersedes !== undefined && superseded === undefined ? 'unknown_ref' : undefined;
}

function waitForAdoption(fold: Fold, { annotator, row }: SourceRecord): void {
  const waiting = fold.unadopted.get(annotator);
  if (waiting === undefined) fold.unadopted.set(annotator, [row]);
  else waiting.push(row);
}

function addClaim(fold: Fold, header: HeaderOf<'claim'>): Effect {
  const source = findSource(fold, header.source);
  if (source === undefined) return 'unknown_source';
  takeBack(fold, source.row);
  placeEntry(fold, 'claim', addClaimRow(fold, header, source));
  return undefined;
}

function addReview(fold: Fold, header: HeaderOf<'review'>): Effect {
  const fault = findReviewFault(fold, header);
  const target = findReviewable(fold, header.ref);
  if (fault !== undefined || target === undefined) return fault;
  placeEntry(fold, 'review', header.ref);
  if (!movesCounts(header.role)) return undefined;
  const decision = { seq: header.seq, decision: header.decision, labels: readAmendment(header) };
  decide(target, [...target.decisions, decision], header.seq);
  return undefined;
}

function undoReview(fold: Fold, header: HeaderOf<'undo'>): Effect {
  const fault = findUndoFault(fold, header.ref);
  const target = findReviewed(fold, header.ref);
  if (fault !== undefined || target === undefined) return fault;
  decide(target, target.decisions.slice(0, -1), header.seq);
  return undefined;
}

function decide(target: SourceRecord | ClaimRecord, decisions: readonly Decision[], last: number): void {
  takeBackOf(target);
  target.change({ decisions, last });
}

function linkExperiences(fold: Fold, header: HeaderOf<'link'>): Effect {
  const [from, to] = [findSource(fold, header.from), findSource(fold, header.to)];
  if (from === undefined || to === undefined) return 'unknown_ref';
  joinExperiences(fold, from.experience, to.experience);
  return undefined;
}

function holdRefs(fold: Fold, refs: readonly number[], reason: string | undefined): Effect {
  return touchRefs(fold, refs, {
    record: (record) => record.change({ withheld: reason }),
    question: (question) => {
      question.withheld = reason !== undefined;
    },
  });
}

function eraseRefs(fold: Fold, header: HeaderOf<'tombstone'>): Effect {
  return touchRefs(fold, header.refs, {
    // The first reason stays.
    record: (record) => record.change({ erased: record.erased ?? header.reason }),
    question: (question) => {
      question.erased = true;
    },
  });
}

interface Touch {
  record(record: SourceRecord | ClaimRecord): void;
  question(question: { withheld: boolean; erased: boolean }): void;
}

/** Applies to every ref that is a source, claim or question. Reviews may be named for their notes and have no state. */
function touchRefs(fold: Fold, refs: readonly number[], touch: Touch): Effect {
  let unknown = false;
  for (const ref of refs) {
    const record = findReviewable(fold, ref);
    const question = fold.questions.get(ref);
    if (record !== undefined) {
      takeBackOf(record);
      touch.record(record);
    } else if (question !== undefined) {
      touch.question(question);
    } else if (ref >= fold.size) {
      unknown = true;
    }
  }
  return unknown ? 'unknown_ref' : undefined;
}

function addNotice(fold: Fold, header: HeaderOf<'notice'>): Effect {
  const source = findSource(fold, header.ref);
  if (source === undefined) return 'unknown_ref';
  addPostNotice(source, { seq: header.seq, kind: header.kind, record: header.record });
  return undefined;
}

/** A claim is told with its source. */
function takeBackOf(record: SourceRecord | ClaimRecord): void {
  takeBack(record.fold, record instanceof SourceRecord ? record.row : record.source.row);
}
