/**
 * What the fold remembers of a chain: one small record per source and claim, and the tallies built from them.
 * Mutable on purpose (a million entries are folded in place) and private to src/counts.
 */
import type { ClaimKind, Direction, DocumentType, EvidenceTier, Flag, Platform, Sentiment, StudyDesign } from '../model/labels.ts';

/** Labels of a source as they stand: the annotator's, overlaid by the amendments in force. */
export interface SourceLabels {
  readonly document_type: DocumentType;
  readonly tier: EvidenceTier;
  readonly sentiment: Sentiment;
  readonly study_design: StudyDesign;
  readonly language: string;
  readonly first_person: 0 | 1;
  readonly commercial: 0 | 1;
}

/** Labels of a claim as they stand. */
export interface ClaimLabels {
  readonly compound: string;
  readonly effect: string;
  readonly direction: Direction;
  readonly tier: EvidenceTier;
}

/** A primary or adjudication review that is in force, or would be again after an undo of the ones above it. */
export interface Decision {
  readonly seq: number;
  readonly decision: 'accept' | 'reject' | 'amend';
  readonly labels: Partial<SourceLabels & ClaimLabels>;
}

/** What a person or a platform did to an entry; the same for sources and claims. */
export interface Standing {
  /** Stack: the last one is in force. */
  decisions: Decision[];
  /** Seq of the last primary or adjudication review or undo: what a new review must give as `expects`. */
  last: number;
  withheld: string | undefined;
  erased: string | undefined;
}

export interface SourceRecord extends Standing {
  readonly seq: number;
  readonly number: number;
  readonly platform: Platform;
  readonly labels: SourceLabels;
  readonly flags: readonly Flag[];
  readonly annotator: string;
  readonly thread: number;
  readonly experience: number;
  readonly record: string | undefined;
  readonly post: PostRecord;
  readonly claims: ClaimRecord[];
  /** What this source and its claims last added to the tallies. */
  told: Told | undefined;
}

export interface ClaimRecord extends Standing {
  readonly seq: number;
  readonly source: SourceRecord;
  readonly kind: ClaimKind;
  readonly labels: ClaimLabels;
  readonly flags: readonly Flag[];
  /** Orders lists; moves no number. */
  readonly confidencePpm: number;
}

/** All sources of one post, joined by `supersedes`. */
export interface PostRecord {
  /** Seq of the newest source whose annotator is adopted: the one that counts. -1 if none is. */
  current: number;
  /** Sources whose annotator is not adopted and that are newer than `current`. */
  waiting: SourceRecord[];
  /** A notice follows the post, so that annotating a retracted paper anew does not bring it back. */
  notices: Notice[];
}

export interface Notice {
  readonly seq: number;
  readonly kind: 'retraction' | 'erratum' | 'concern';
  readonly record: string;
}

export interface Told {
  readonly numbers: readonly string[];
  readonly distinct: readonly { readonly number: string; readonly key: string | number }[];
}

/** An entry that is in the chain but moved nothing, and why (the codes of src/review/check.ts and a few more). */
export interface Ignored {
  readonly seq: number;
  readonly code: 'unknown_ref' | 'not_reviewable' | 'stale_decision' | 'bad_amendment' | 'unknown_source' | 'erased';
}

export interface Fold {
  topic: string | undefined;
  /** Number of entries folded; the seq the next header must have. */
  size: number;
  readonly sources: Map<number, SourceRecord>;
  readonly claims: Map<number, ClaimRecord>;
  /** Review seq -> the entry it decides on, for undo. Second and audit reviews are in it too. */
  readonly reviews: Map<number, SourceRecord | ClaimRecord>;
  readonly questions: Map<number, { withheld: boolean; erased: boolean }>;
  readonly adopted: Set<string>;
  /** Sources that wait for their annotator's adoption. */
  readonly unadopted: Map<string, SourceRecord[]>;
  readonly ignored: Ignored[];
  /** Union-find over experience groups: child -> parent. */
  readonly joined: Map<number, number>;
  /** Sources whose part of the tallies is out of date. */
  readonly dirty: Set<SourceRecord>;
  /** Number name -> how much. */
  readonly tally: Map<string, number>;
  /** Number name -> key -> how many sources share it; the number is the map's size. */
  readonly distinct: Map<string, Map<string | number, number>>;
  /** One object per distinct small string or flag list: chains repeat the same few values a million times. */
  readonly interned: Map<string, string>;
  readonly flagSets: Map<string, readonly Flag[]>;
}

export function emptyFold(): Fold {
  return {
    topic: undefined,
    size: 0,
    sources: new Map(),
    claims: new Map(),
    reviews: new Map(),
    questions: new Map(),
    adopted: new Set(),
    unadopted: new Map(),
    ignored: [],
    joined: new Map(),
    dirty: new Set(),
    tally: new Map(),
    distinct: new Map(),
    interned: new Map(),
    flagSets: new Map(),
  };
}
