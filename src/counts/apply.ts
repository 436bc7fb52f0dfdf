/** One function per entry type: what it changes in the records. Each returns why it changed nothing, if it did not. */
import type { Header, HeaderOf } from '../ledger/header.ts';
import type { Flag } from '../model/labels.ts';
import { findReviewable, findReviewFault, findUndoFault, isSource, movesCounts, readAmendment } from './decisions.ts';
import type { ClaimRecord, Fold, Ignored, PostRecord, SourceRecord } from './records.ts';
import { internString, joinGroups } from './tally.ts';

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
  fold.adopted.add(header.annotator);
  const waiting = fold.unadopted.get(header.annotator) ?? [];
  fold.unadopted.delete(header.annotator);
  for (const source of waiting) {
    fold.dirty.add(source);
    takeEffect(fold, source);
  }
  return undefined;
}

function addSource(fold: Fold, header: HeaderOf<'source'>): Effect {
  const replaced = header.supersedes === undefined ? undefined : fold.sources.get(header.supersedes);
  const post: PostRecord = replaced?.post ?? { current: -1, waiting: [], notices: [] };
  const source: SourceRecord = {
    seq: header.seq,
    number: header.number,
    platform: internString(fold, header.platform),
    labels: {
      document_type: internString(fold, header.document_type),
      tier: internString(fold, header.tier),
      sentiment: internString(fold, header.sentiment),
      study_design: internString(fold, header.study_design),
      language: internString(fold, header.language),
      first_person: header.first_person,
      commercial: header.commercial,
    },
    flags: internFlags(fold, header.flags),
    annotator: internString(fold, header.annotator),
    thread: header.thread,
    experience: header.experience,
    record: header.record,
    post,
    claims: [],
    told: undefined,
    ...untouched(),
  };
  fold.sources.set(header.seq, source);
  fold.dirty.add(source);
  if (fold.adopted.has(header.annotator)) {
    takeEffect(fold, source);
  } else {
    post.waiting.push(source);
    const waiting = fold.unadopted.get(source.annotator);
    if (waiting === undefined) fold.unadopted.set(source.annotator, [source]);
    else waiting.push(source);
  }
  // The source counts all the same: what it replaces is simply not there.
  return header.supersedes !== undefined && replaced === undefined ? 'unknown_ref' : undefined;
}

/** Makes an adopted source the current one of its post, unless a newer one is; what is older becomes superseded. */
function takeEffect(fold: Fold, source: SourceRecord): void {
  const { post } = source;
  if (source.seq <= post.current) return;
  const replaced = fold.sources.get(post.current);
  if (replaced !== undefined) fold.dirty.add(replaced);
  for (const waiting of post.waiting) if (waiting.seq <= source.seq) fold.dirty.add(waiting);
  post.waiting = post.waiting.filter((waiting) => waiting.seq > source.seq);
  post.current = source.seq;
}

function addClaim(fold: Fold, header: HeaderOf<'claim'>): Effect {
  const source = fold.sources.get(header.source);
  if (source === undefined) return 'unknown_source';
  const claim: ClaimRecord = {
    seq: header.seq,
    source,
    kind: internString(fold, header.kind),
    labels: {
      compound: internString(fold, header.compound),
      effect: internString(fold, header.effect),
      direction: internString(fold, header.direction),
      tier: internString(fold, header.tier),
    },
    flags: internFlags(fold, header.flags),
    confidencePpm: header.confidence_ppm,
    ...untouched(),
  };
  source.claims.push(claim);
  fold.claims.set(header.seq, claim);
  fold.dirty.add(source);
  return undefined;
}

function addReview(fold: Fold, header: HeaderOf<'review'>): Effect {
  const fault = findReviewFault(fold, header);
  const target = findReviewable(fold, header.ref);
  if (fault !== undefined || target === undefined) return fault;
  fold.reviews.set(header.seq, target);
  if (!movesCounts(header.role)) return undefined;
  // `untouched` shares one empty list, so it is replaced and never pushed to.
  target.decisions = [...target.decisions, { seq: header.seq, decision: header.decision, labels: readAmendment(header) }];
  target.last = header.seq;
  markDirty(fold, target);
  return undefined;
}

function undoReview(fold: Fold, header: HeaderOf<'undo'>): Effect {
  const fault = findUndoFault(fold, header.ref);
  const target = fold.reviews.get(header.ref);
  if (fault !== undefined || target === undefined) return fault;
  target.decisions = target.decisions.slice(0, -1);
  target.last = header.seq;
  markDirty(fold, target);
  return undefined;
}

function linkExperiences(fold: Fold, header: HeaderOf<'link'>): Effect {
  const [from, to] = [fold.sources.get(header.from), fold.sources.get(header.to)];
  if (from === undefined || to === undefined) return 'unknown_ref';
  joinGroups(fold, from.experience, to.experience);
  return undefined;
}

function holdRefs(fold: Fold, refs: readonly number[], reason: string | undefined): Effect {
  return touchRefs(fold, refs, {
    record: (record) => {
      record.withheld = reason;
    },
    question: (question) => {
      question.withheld = reason !== undefined;
    },
  });
}

function eraseRefs(fold: Fold, header: HeaderOf<'tombstone'>): Effect {
  return touchRefs(fold, header.refs, {
    record: (record) => {
      record.erased ??= header.reason;
    },
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
      touch.record(record);
      markDirty(fold, record);
    } else if (question !== undefined) {
      touch.question(question);
    } else if (ref >= fold.size) {
      unknown = true;
    }
  }
  return unknown ? 'unknown_ref' : undefined;
}

function addNotice(fold: Fold, header: HeaderOf<'notice'>): Effect {
  const source = fold.sources.get(header.ref);
  if (source === undefined) return 'unknown_ref';
  source.post.notices.push({ seq: header.seq, kind: header.kind, record: header.record });
  fold.dirty.add(source);
  // The notice follows the post: its current source changes. Those that wait are told anew when adopted.
  const current = fold.sources.get(source.post.current);
  if (current !== undefined) fold.dirty.add(current);
  return undefined;
}

function markDirty(fold: Fold, record: SourceRecord | ClaimRecord): void {
  fold.dirty.add(isSource(record) ? record : record.source);
}

const NO_DECISIONS: SourceRecord['decisions'] = [];
function untouched() {
  return { decisions: NO_DECISIONS, last: -1, withheld: undefined, erased: undefined };
}

function internFlags(fold: Fold, flags: readonly Flag[]): readonly Flag[] {
  const key = flags.join();
  const known = fold.flagSets.get(key);
  if (known !== undefined) return known;
  fold.flagSets.set(key, flags);
  return flags;
}
