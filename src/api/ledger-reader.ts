/**
 * What the API and the pages ask of the ledger. The database implements it; test/unit/api has one in memory.
 * A reader hands over everything it has: what of it may be shown is decided in public.ts and nowhere else.
 */
import type { ClaimFilter, ClaimState, SourceFilter, SourceState } from '../counts/fold.ts';
import type { Header, HeaderOf } from '../ledger/header.ts';
import type { PublishedCounts } from '../model/counts.ts';

/** Content of a source entry. Gone once erased. */
export interface SourceContent {
  readonly text: string;
  readonly title?: string;
  readonly url?: string;
  readonly native_id?: string;
  /** ISO 8601 UTC; absent = unknown. */
  readonly created_at?: string;
  readonly captured_at?: string;
  readonly summary?: string;
}

export interface ClaimContent {
  readonly statement: string;
  readonly quote: string;
  /** UTF-16 offsets of the quote in the source's text. */
  readonly start: number;
  readonly end: number;
  readonly effect_text: string;
}

/** A study in the same ledger. */
export interface CitedSource {
  readonly seq: number;
  /** `s12` */
  readonly number: string;
}

export interface SourceRow {
  readonly header: HeaderOf<'source'>;
  readonly state: SourceState;
  readonly content?: SourceContent;
  /** Absent: none. */
  readonly cites?: readonly CitedSource[];
}
export interface ClaimRow {
  readonly header: HeaderOf<'claim'>;
  readonly state: ClaimState;
  readonly source: SourceRow;
  readonly content?: ClaimContent;
}
export interface EntryRow {
  readonly header: Header;
  /** Hash of the entry, hex. */
  readonly hash: string;
  /** With a `source` or `claim` header. */
  readonly source?: SourceRow;
  readonly claim?: ClaimRow;
}

/** Rows in seq order. `next` is the cursor of the following page; absent on the last. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next?: number;
}
/** `cursor`: seq of the last row seen; rows after it are given. */
export interface PageQuery {
  readonly cursor?: number | undefined;
  readonly limit: number;
}
type SourceQuery = Omit<SourceFilter, 'after' | 'limit'> & PageQuery;
/** Which claims; `ranked` gives the first of them, `claims` all in pages. */
export type RankQuery = Omit<ClaimFilter, 'after' | 'limit'>;
type ClaimQuery = Omit<ClaimFilter, 'after' | 'limit'> & PageQuery;

export interface Checkpoint {
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** The whole signed note, with the lines of witnesses. */
  readonly note: string;
  readonly signed_at: string;
  /** Verifier key, for `--key`. */
  readonly vkey: string;
}

/** Items that did not become entries: how many, at which stage, why. */
export interface Drop {
  readonly stage: string;
  readonly code: string;
  readonly count: number;
}

/** Another compound that live sources of this topic name. */
export interface CoMention {
  readonly name: string;
  /** Slug, where there is a topic about it. */
  readonly topic?: string;
  readonly sources: number;
}

export interface LedgerReader {
  /** Counts as last published; undefined before the first recount. */
  counts(slug: string): Promise<PublishedCounts | undefined>;
  sources(slug: string, query: SourceQuery): Promise<Page<SourceRow>>;
  claims(slug: string, query: ClaimQuery): Promise<Page<ClaimRow>>;
  /** At most `limit` claims: those a person accepted, then those the annotator is surest of. */
  ranked(slug: string, query: RankQuery, limit: number): Promise<readonly ClaimRow[]>;
  /** The entries a number counts, and how many they are on all pages. Raises InvalidInputError `unknown_number`. */
  counted(slug: string, number: string, query: PageQuery): Promise<Page<EntryRow> & { readonly total: number }>;
  entry(slug: string, seq: number): Promise<EntryRow | undefined>;
  checkpoint(slug: string): Promise<Checkpoint | undefined>;
  drops(slug: string): Promise<readonly Drop[]>;
  /** Most frequent first. */
  coMentions(slug: string): Promise<readonly CoMention[]>;
}
