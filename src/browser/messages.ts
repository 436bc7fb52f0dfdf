/** What the page asks of the thread that verifies, and what comes back. */
import type { Failed, Verified } from '../ledger/verify-result.ts';

export interface VerifyRequest {
  /** An address of this site, or a file the reader picked. */
  readonly from: string | File;
  /** As pasted; empty = none. */
  readonly key: string;
  readonly checkpoint: string;
}

export type VerifyAnswer =
  | { readonly kind: 'progress'; readonly entries: number; readonly bytes: number; readonly of: number | undefined }
  | { readonly kind: 'done'; readonly result: Verified | Failed }
  /** Not a verdict: what was to be read could not be read, or what was pasted is no key or checkpoint. */
  | { readonly kind: 'unread'; readonly why: string };
