/**
 * The port of a source: turns a community into captures and posts, and re-checks posts for deletion.
 * A new source is one file and one line in src/sources/list.ts; test/conformance/sources.test.ts runs over that list.
 */
import type { z } from 'zod';
import type { HttpClient, HttpRequest, HttpResponse } from '../fetch/http.ts';
import type { ListingEnd } from '../model/gap.ts';
import type { Platform } from '../model/labels.ts';
import type { Absence, IncomingPost } from '../model/post.ts';

/** What pages, exports, feeds and API may show of a source's items, from most to least; `tally`: numbers only, not even a link. */
export type PublicPolicy = 'text' | 'summary' | 'id' | 'tally';

/** Shown by `hearsay sources`; also what docs/sources is checked against. */
export interface SourceDescription {
  readonly collects: string;
  readonly limits: string;
  readonly caveats: string;
  readonly keep: string;
  readonly deletion: string;
  readonly public: PublicPolicy;
  /** What the platform's rules and ways ask of re-checks; default: `recheckDutyOf` (recheck-duty.ts). */
  readonly recheck?: RecheckDuty;
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
  /** On the last page of a listing that is read newest first: how it ended. Absent where items come in another order, or in none. */
  readonly ended?: ListingEnd;
  /** With `ended`: time of the oldest item the listing reached, known ones included. */
  readonly oldestAt?: string;
}
export type CrawlCursor = Readonly<Record<string, unknown>>;

/** How often, and over how many days from the first time to the last, a post has to be found absent before it is erased. */
export interface Patience {
  /** At least 2: one look may meet a platform's bad hour. */
  readonly looks: number;
  readonly days: number;
}

export interface RecheckDuty {
  /** Hours after which a kept post is asked about again. */
  readonly everyHours: number;
  /** For posts that are `missing`, and for addresses that are `gone`. What is `deleted` is erased at once. */
  readonly missing: Patience;
  readonly gone: Patience;
  /** The rule it comes from, in words. */
  readonly because: string;
}

/**
 * What is now known of a kept post: an absence, or
 * `live`: it is shown; `orphaned`: shown, and its author's account is gone: what is kept of the author has to go;
 * `down`: its whole site is not there, which says nothing of the post: hidden meanwhile, never erased for it;
 * `unknown`: the platform could not be asked; nothing changes.
 */
export type RecheckOutcome = Absence | 'live' | 'orphaned' | 'down' | 'unknown';

/** One question about all kept posts at once, answered hours later. Raises the four error classes. */
export interface BulkRecheck {
  /** From how many kept posts on the operator wants it; undefined: never. Raises `bad_config`. */
  readonly from: (context: SourceContext) => number | undefined;
  /** Hands over the ids; the name of the job is kept and asked about later. */
  readonly start: (nativeIds: readonly string[], context: SourceContext) => Promise<string>;
  /** Ids that the answer does not name are live. `failed`: there will be no answer. */
  readonly poll: (job: string, context: SourceContext) => Promise<ReadonlyMap<string, RecheckOutcome> | 'pending' | 'failed'>;
}

export interface SourceContext {
  readonly http: HttpClient;
  /** Values of the variables named in `description.credentials`, absent where unset. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
  /** A source may have asked for a few pages beyond the one it gives, and in vain if they are not taken. Default: no, as wherever a budget counts requests. */
  readonly mayReadAhead?: boolean;
}

/** Money of one request, in millionths of a US dollar (price.ts), for sources whose platform bills. Pure. */
export interface Billing {
  /** At most: counted before it is asked. 0: free. */
  worst(request: HttpRequest): number;
  /** As answered; undefined where the answer does not tell, so that the worst stays counted. */
  actual(response: HttpResponse): number | undefined;
}

/** How many requests one run needs, as far as the query tells without asking. */
export interface Estimate {
  readonly least: number;
  /** Absent: until the platform has no more. */
  readonly most?: number;
  /** Items that one request gives at most, where it gives several. */
  readonly itemsPerRequest?: number;
  /** Where the platform counts units of a daily quota, in which one request may cost more than another. */
  readonly quota?: { readonly least: number; readonly most: number; readonly perDay: number };
}

/** Records by the names that others cite them by. */
export interface RecordLookup {
  /** What the names it knows begin with, and the native ids of their posts: `pmid:`, `nct:`. */
  readonly prefix: string;
  /** At most 100 names at once; what is not there is not in the answer. Raises the four error classes. */
  fetch(names: readonly string[], context: SourceContext): Promise<Pick<CrawlPage, 'captures' | 'posts' | 'refusals'>>;
}

export interface Source<Query = unknown> {
  /** Name in topic files: `reddit`, `x`, `web`, `feed`, `pubmed`, `clinicaltrials`. */
  readonly name: string;
  /** Fetch queue it runs on: sources that share a rate limit share one. */
  readonly queue: 'reddit' | 'x' | 'web' | 'literature' | 'video' | 'bluesky';
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
  /** Of a run from this cursor; absent: not known beforehand. Pure. */
  estimate?(request: { readonly query: Query; readonly cursor: CrawlCursor }): Estimate;
  /** Absent: asking costs nothing. */
  readonly billing?: Billing;
  /** Present state of up to 100 posts, keyed by native id. Ids missing from the answer count as `unknown`. */
  recheck(nativeIds: readonly string[], context: SourceContext): Promise<ReadonlyMap<string, RecheckOutcome>>;
  readonly bulkRecheck?: BulkRecheck;
  /** Of sources of studies. */
  readonly records?: RecordLookup;
}

/** A file format of `hearsay import`: one line in, one item or refusal out. Bytes, lines and `.zst` are handled before. */
export interface ImportFormat {
  readonly name: 'arctic-shift' | '4cat' | 'ndjson';
  /** `ndjson`: one JSON value per line; `csv`: header line, then records. */
  readonly framing: 'ndjson' | 'csv';
  /** Maps one parsed value; a refusal says why it cannot be a post. Never throws. */
  map(value: unknown): { readonly post: IncomingPost } | { readonly refusal: Refusal };
}
