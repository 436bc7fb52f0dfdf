/**
 * What a stage needs from outside, assembled once at the edge (src/cli, workers/main.ts) and passed down. Stages are one
 * function per file; each is idempotent, finds its own work by what is missing, and never writes behind itself
 * (design section 2). Proved by test/integration/import.test.ts and backends.test.ts.
 */
import type { Pool } from 'pg';
import type { Annotator } from '../annotators/annotator.ts';
import type { HttpClient } from '../fetch/http.ts';
import type { Keys } from '../keys.ts';
import type { FoldReader } from '../ledger/fold-reader.ts';
import type { GroupAppender } from '../ledger/group-append.ts';
import type { SourceBudgets } from '../model/source-budget.ts';
import type { Topic } from '../model/topic.ts';

/** A structured line: never text of a post, never a secret. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Hearsay {
  readonly pool: Pool;
  /** Address of the login that owns the tables: for maintenance alone. */
  readonly adminUrl: string;
  /** What has to be known even if the database is lost or restored. */
  readonly dataDir: string;
  readonly keys: Keys;
  readonly http: HttpClient;
  readonly annotator: Annotator;
  readonly folds: FoldReader;
  /** Single requests, such as decisions. */
  readonly appends: GroupAppender;
  /** By slug. */
  readonly topics: ReadonlyMap<string, Topic>;
  readonly credentials: Readonly<Record<string, string>>;
  /** What the operator lets each source use up; absent: no limits. */
  readonly sourceBudgets?: SourceBudgets;
  readonly now: () => Date;
  readonly log: Log;
}

/** Ids of post revisions per job: bulk work travels in batches. */
export const BATCH = 500;
