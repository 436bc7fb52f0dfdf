/**
 * The port of a source: turns a community into captures and posts, and re-checks posts for deletion.
 * A new source is one file and one line in src/sources/list.ts; test/conformance/sources.test.ts runs over that list.
 */
import type { z } from 'zod';
import type { HttpClient } from '../fetch/http.ts';
import type { Platform } from '../model/labels.ts';
import type { IncomingPost } from '../model/post.ts';

/** What pages, exports, feeds and API may show of a source's items. */
export type PublicPolicy = 'text' | 'summary' | 'id';

/** Shown by `hearsay sources`; also what docs/sources is checked against. */
export interface SourceDescription {
  readonly collects: string;
  readonly limits: string;
  readonly caveats: string;
  readonly keep: string;
  readonly deletion: string;
  readonly public: PublicPolicy;
  /** Environment variables read, and how a person gets the values. */
  readonly credentials: readonly { readonly env: string; readonly required: boolean; readonly how: string }[];
}

/** The raw response as received. Stored beside the posts read from it; erasable. */
export interface Capture {
  /** Sha-256 (hex) of `body`. */
  readonly digest: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly fetchedAt: string;
}

/** An item that could not become a post. `detail` never quotes more than 120 characters of the item. */
export interface Refusal {
  /** Stable code listed in docs/errors.md, e.g. `missing_text`, `malformed_item`. */
  readonly code: string;
  readonly detail: string;
  /** Native id or line number, where known. */
  readonly item?: string;
}

/** One step of a crawl, stored in one transaction together with `cursor`; a crash resumes after the last stored step. */
export interface CrawlPage {
  readonly captures: readonly Capture[];
  readonly posts: readonly IncomingPost[];
  readonly refusals: readonly Refusal[];
  /** JSON the next call of `crawl` gets back; only what this source wrote. */
  readonly cursor: CrawlCursor;
}
export type CrawlCursor = Readonly<Record<string, unknown>>;

/** What is now known of a kept post. `unknown`: the platform could not be asked; nothing changes. */
export type RecheckOutcome = 'live' | 'deleted' | 'removed' | 'unknown';

export interface SourceContext {
  readonly http: HttpClient;
  /** Values of the variables named in `description.credentials`, absent where unset. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

export interface Source<Query = unknown> {
  /** Name in topic files: `reddit`, `x`, `web`, `feed`, `pubmed`, `clinicaltrials`. */
  readonly name: string;
  /** Fetch queue it runs on: sources that share a rate limit share one. */
  readonly queue: 'reddit' | 'x' | 'web' | 'literature';
  /** Platforms its posts carry, for re-checks and for the public policy. */
  readonly platforms: readonly Platform[];
  readonly description: SourceDescription;
  /** Checks a community's `query`; messages end up beside the file name, line and key. */
  readonly querySchema: z.ZodType<Query>;
  /**
   * Pages of a community, newest first or as the platform gives them; ends by itself.
   * Raises the four error classes only. A malformed item is a refusal, never a throw.
   */
  crawl(request: { readonly query: Query; readonly cursor: CrawlCursor }, context: SourceContext): AsyncIterable<CrawlPage>;
  /** Present state of up to 100 posts, keyed by native id. Ids missing from the answer count as `unknown`. */
  recheck(nativeIds: readonly string[], context: SourceContext): Promise<ReadonlyMap<string, RecheckOutcome>>;
}

/** A file format of `hearsay import`: one line in, one item or refusal out. Bytes, lines and `.zst` are handled before. */
export interface ImportFormat {
  readonly name: 'arctic-shift' | '4cat' | 'ndjson';
  /** `ndjson`: one JSON value per line; `csv`: header line, then records. */
  readonly framing: 'ndjson' | 'csv';
  /** Maps one parsed value; a refusal says why it cannot be a post. Never throws. */
  map(value: unknown): { readonly post: IncomingPost } | { readonly refusal: Refusal };
}
