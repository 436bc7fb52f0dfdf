/**
 * Sources that are stopped: by the operator until started again, or by their platform's own cap until it is set back. Read before each
 * run and after each stored page, in every process. Deletion goes on. Proved by test/integration/source-stop.test.ts.
 */
import type { Pool } from 'pg';
import { RateLimitedError } from '../errors.ts';

export interface SourceStop {
  readonly source: string;
  readonly kind: 'operator' | 'cap';
  readonly reason: string | null;
  readonly stopped_at: Date;
  /** Null: until a person starts it. */
  readonly until: Date | null;
}

/** Codes of the platforms' own caps, which hold for a whole source and which no short wait lifts. */
const CAP_CODES: ReadonlySet<string> = new Set(['usage_capped']);

/** Stopping what is stopped keeps its time and takes the new reason. */
export async function stopSource(pool: Pool, source: string, stop: { readonly reason: string | undefined; readonly now: Date }): Promise<void> {
  await pool.query(
    `INSERT INTO source_stop (source, kind, reason, stopped_at) VALUES ($1, 'operator', $2, $3)
     ON CONFLICT (source, kind) DO UPDATE SET reason = coalesce(excluded.reason, source_stop.reason)`,
    [source, stop.reason ?? null, stop.now],
  );
}

/** Takes stops of both kinds off; false when there was none. */
export async function startSource(pool: Pool, source: string): Promise<boolean> {
  const gone = await pool.query('DELETE FROM source_stop WHERE source = $1', [source]);
  return (gone.rowCount ?? 0) > 0;
}

/** What a crawl or re-check failed with; a cap stops the source for as long as the platform says. */
export async function noteCap(pool: Pool, source: string, failure: { readonly error: unknown; readonly now: Date }): Promise<void> {
  const { error, now } = failure;
  if (!(error instanceof RateLimitedError) || !CAP_CODES.has(error.code)) return;
  await pool.query(
    `INSERT INTO source_stop (source, kind, reason, stopped_at, until) VALUES ($1, 'cap', $2, $3, $4)
     ON CONFLICT (source, kind) DO UPDATE SET reason = excluded.reason, until = excluded.until`,
    [source, error.message, now, new Date(now.getTime() + error.retryAfterMs)],
  );
}

/** Stops that hold now, the operator's first. */
export async function readStops(pool: Pool, now: Date, only?: { readonly source?: string; readonly kind?: SourceStop['kind'] }): Promise<SourceStop[]> {
  const found = await pool.query<SourceStop>(
    `SELECT source, kind, reason, stopped_at, until FROM source_stop
      WHERE (until IS NULL OR until > $1) AND ($2::text IS NULL OR source = $2) AND ($3::text IS NULL OR kind = $3) ORDER BY source, kind DESC`,
    [now, only?.source ?? null, only?.kind ?? null],
  );
  return found.rows;
}

export function describeStop({ kind, reason, stopped_at: at, until }: SourceStop): string {
  const since = `since ${at.toISOString()}`;
  if (kind === 'operator') return `stopped by the operator ${since}${reason === null ? '' : `: ${reason}`}`;
  return `capped by its platform ${since}, until ${until?.toISOString()}`;
}
