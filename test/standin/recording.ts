/**
 * Recorded answers of one platform host, as the replay server (replay.ts) and the recording tests use
 * them. A new recorded host is one file `recordings-<name>.ts` that exports such an object, and one line
 * in replay.ts. The recordings themselves stay outside the project (`../shared/data/api`).
 */

/** An answer as it was recorded; `body` is decompressed, so no content-encoding header is kept. */
export interface RecordedAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RecordedHost {
  /** Host name the recordings were made from, e.g. `oauth.reddit.com`. */
  readonly host: string;
  /** `undefined` when nothing that was recorded answers this request. */
  answer(method: string, pathWithQuery: string, body: string): RecordedAnswer | undefined;
  /** What can be crawled end to end from these recordings, one line each: the query as a topic file writes it. */
  readonly crawlable: readonly string[];
}
