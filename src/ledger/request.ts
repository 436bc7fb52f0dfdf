/**
 * What may be asked of the ledger. A request names things by keys; the planner turns it into entries under the
 * head's lock, where seq, number, thread and experience are known. Every request is idempotent by its key.
 */
import type { z } from 'zod';
import type { CanonicalValue } from './canonical.ts';
import type { amendedLabels, HeaderOf } from './header.ts';

/** Content object of an entry: erasable, bound by its commitment. */
export type Content = Readonly<Record<string, CanonicalValue>>;

export interface ClaimDraft {
  readonly kind: 'main' | 'effect';
  readonly compound: string;
  readonly effect: string;
  readonly direction: HeaderOf<'claim'>['direction'];
  readonly tier: HeaderOf<'claim'>['tier'];
  readonly confidencePpm: number;
  readonly flags: HeaderOf<'claim'>['flags'];
  readonly content: { readonly statement: string; readonly quote: string; readonly start: number; readonly end: number; readonly effect_text: string };
}

export interface SourceRequest {
  readonly type: 'source';
  /** HMAC(platform, native id, revision, annotator). */
  readonly key: Buffer;
  /** HMAC(platform, native id). */
  readonly postKey: Buffer;
  readonly revisionId: number;
  readonly labels: Pick<
    HeaderOf<'source'>,
    | 'platform'
    | 'document_type'
    | 'tier'
    | 'sentiment'
    | 'study_design'
    | 'language'
    | 'first_person'
    | 'commercial'
    | 'confidence_ppm'
    | 'flags'
    | 'annotator'
    | 'record'
  >;
  readonly threadKey?: Buffer;
  /** Keyed hash of the author; absent on X and where unknown. */
  readonly authorKey?: Buffer;
  /** Digest of the text's matching form; absent for texts too short to mean the same experience. */
  readonly textDigest?: Buffer;
  /** MinHash signature (64 x uint32, little endian) and its LSH bands; absent for short texts. */
  readonly signature?: Buffer;
  readonly bands: readonly bigint[];
  readonly content: Content & { readonly text: string };
  readonly claims: readonly ClaimDraft[];
}

interface AnnotatorRequest {
  readonly type: 'annotator';
  readonly annotator: string;
  readonly kind: HeaderOf<'annotator'>['kind'];
  readonly digest: string;
}

type Amendment = { readonly [K in keyof typeof amendedLabels]?: z.infer<(typeof amendedLabels)[K]> };

export interface ReviewRequest {
  readonly type: 'review';
  /** Minted by the client, so that a retry is the same review. */
  readonly id: string;
  readonly ref: number;
  readonly role: HeaderOf<'review'>['role'];
  readonly decision: HeaderOf<'review'>['decision'];
  readonly amended: Amendment;
  /** Pseudonym of the reviewer in this topic. */
  readonly reviewer: string;
  readonly expects: number;
  readonly note: string;
}

export interface UndoRequest {
  readonly type: 'undo';
  readonly id: string;
  /** Seq of the review to take back. */
  readonly ref: number;
  readonly reviewer: string;
}

/** Hides, shows again, or destroys a source with its claims and the notes on them. */
export interface VisibilityRequest {
  readonly type: 'withhold' | 'restore' | 'tombstone';
  readonly postKey: Buffer;
  /** tombstone: one of its closed reasons; the others: a short code such as `removed_on_platform`. */
  readonly reason: string;
}

export interface NoticeRequest {
  readonly type: 'notice';
  readonly postKey: Buffer;
  readonly kind: HeaderOf<'notice'>['kind'];
  readonly record: string;
}

interface QuestionRequest {
  readonly type: 'question';
  /** Message id. */
  readonly id: string;
  readonly text: string;
}

export type AppendRequest = SourceRequest | AnnotatorRequest | ReviewRequest | UndoRequest | VisibilityRequest | NoticeRequest | QuestionRequest;

/**
 * What became of a request, in the order asked. `existing`: an earlier call did it. `nothing`: there is nothing to
 * do it to. `refused`: it cannot be done, with a stable code (docs/errors.md).
 */
export type AppendOutcome =
  | { readonly outcome: 'appended' | 'existing'; readonly seq: number }
  | { readonly outcome: 'nothing' }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string };
