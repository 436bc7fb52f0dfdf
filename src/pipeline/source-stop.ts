/**
 * Sources that are stopped: by the operator until started again, or by their platform's own cap until it is set back. Read before each
 * run and after each stored page, in every process. Deletion goes on. Each stop and start is logged with what did it, in the same
 * transaction. Proved by test/integration/source-stop.test.ts.
 */
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../db/pool.ts';
import { RateLimitedError } from '../errors.ts';

export interface SourceStop {
  readonly source: string;
  readonly kind: 'operator' | 'cap';
  readonly reason: string | null;
  readonly stopped_at: Date;
  /** Null: until a person starts it. */
  readonly until: Date | null;
}

/** One line of the log: nobody changes or deletes any. */
export interface SourceSwitch {
  readonly at: Date;
  readonly source: string;
  readonly act: 'stop' | 'start' | 'cap';
  /** What did it. */
  readonly command: 'source stop' | 'source start' | CapNoter;
  readonly reason: string | null;
  /** Of a cap. */
  readonly until: Date | null;
}
type CapNoter = 'crawl' | 're-check' | 'look-up';

/** Codes of the platforms' own caps, which hold for a whole source and which no short wait lifts. */
const CAP_CODES: ReadonlySet<string> = new Set(['usage_capped']);

/** Stopping what is stopped keeps its time and takes the new reason. */
export async function stopSource(pool: Pool, source: string, stop: { readonly reason: string | undefined; readonly now: Date }): Promise<void> {
  const { reason = null, now } = stop;
  await inTransaction(pool, async (client) => {
    await client.query(
      `INSERT INTO source_stop (source, kind, reason, stopped_at) VALUES ($1, 'operator', $2, $3)
       ON CONFLICT (source, kind) DO UPDATE SET reason = coalesce(excluded.reason, source_stop.reason)`,
      [source, reason, now],
    );
    await logSwitch(client, { source, act: 'stop', command: 'source stop', reason, until: null, at: now });
  });
}

/** Takes stops of both kinds off; false when there was none. */
export async function startSource(pool: Pool, source: string, now: Date): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const gone = await client.query('DELETE FROM source_stop WHERE source = $1', [source]);
    if (!gone.rowCount) return false;
    await logSwitch(client, { source, act: 'start', command: 'source start', reason: null, until: null, at: now });
    return true;
  });
}

/** What asking a platform failed with; a cap stops the source for as long as the platform says. True: it was one. */
export async function noteCap(
  pool: Pool,
  source: string,
  failure: { readonly error: unknown; readonly command: CapNoter; readonly now: Date },
): Promise<boolean> {
  const { error, command, now } = failure;
  if (!(error instanceof RateLimitedError) || !CAP_CODES.has(error.code)) return false;
  const { message: reason } = error;
  const until = new Date(now.getTime() + error.retryAfterMs);
  await inTransaction(pool, async (client) => {
    // A cap that is over by then is another one.
    await client.query(
      `INSERT INTO source_stop (source, kind, reason, stopped_at, until) VALUES ($1, 'cap', $2, $3, $4)
       ON CONFLICT (source, kind) DO UPDATE SET reason = excluded.reason, until = excluded.until,
         stopped_at = CASE WHEN source_stop.until > excluded.stopped_at THEN source_stop.stopped_at ELSE excluded.stopped_at END`,
      [source, reason, now, until],
    );
    await logSwitch(client, { source, act: 'cap', command, reason, until, at: now });
  });
  return true;
}

async function logSwitch(client: ClientBase, { source, act, command, reason, until, at }: SourceSwitch): Promise<void> {
  await client.query('INSERT INTO source_switch (source, act, command, reason, until, at) VALUES ($1, $2, $3, $4, $5, $6)', [
    source,
    act,
    command,
    reason,
    until,
    at,
  ]);
}

/** The log of one source or of all, oldest first. */
export async function readSwitchLog(pool: Pool, source?: string): Promise<SourceSwitch[]> {
  const found = await pool.query<SourceSwitch>(
    'SELECT at, source, act, command, reason, until FROM source_switch WHERE $1::text IS NULL OR source = $1 ORDER BY id',
    [source ?? null],
  );
  return found.rows;
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
