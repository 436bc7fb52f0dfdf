/**
 * Scrubbing: after erasures, makes the database's files forget as well. DELETE leaves the bytes in the pages of a table and
 * its TOAST table, and VACUUM frees them without overwriting: only a rewrite (VACUUM FULL) leaves them behind. The
 * planner's samples and the write-ahead log hold copies too.
 * Needs the login that owns the tables; locks each table while it is rewritten, and needs room for a copy of the largest.
 * https://www.postgresql.org/docs/18/sql-vacuum.html. Proved by test/integration/drill.test.ts, which reads the files.
 */
import pg from 'pg';
import { describeError } from '../errors.ts';
import { mapDatabaseError } from './database-errors.ts';

/** Tables that hold what people wrote, or what is made of it. */
const TABLES = [
  'hearsay.ledger_content',
  'hearsay.ledger_source',
  'hearsay.post',
  'hearsay.post_revision',
  'hearsay.annotation',
  'hearsay.capture',
  'hearsay.refusal',
  'hearsay.citation',
  'hearsay.citation_miss',
  'hearsay.community',
  'hearsay.crawl',
  // Samples of columns and of expressions in indexes.
  'pg_catalog.pg_statistic',
] as const;

/** Advisory: two scrubs at once would do the same work twice. */
const LOCK = 4_720_333;
/** A table in use is left for the next time rather than made to wait behind us. */
const LOCK_TIMEOUT_MS = 60_000;
/** How often in one scrub a table is rewritten again because an older transaction may still look at rows that are gone. */
const RETRIES = 5;
const RETRY_AFTER_S = 2;

interface ScrubReport {
  /** Nothing was pending, or all of it is done. */
  readonly done: boolean;
  /** What has to be done again: a table in use, or still seen by an older transaction. */
  readonly failed: readonly string[];
  /** What this login, or this server's setting, keeps out of reach: for the operator (docs/operation.md). */
  readonly left: readonly string[];
}

export interface PendingScrub {
  readonly since: Date;
}

type Queryable = Pick<pg.ClientBase, 'query'>;

/** The parts of a notice that no language changes. */
interface Notice {
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
}

/** In the transaction of an erasure, as its last statement. */
export async function markScrubPending(client: Queryable): Promise<void> {
  await client.query(
    `INSERT INTO hearsay.setting (name, value) VALUES ('scrub_pending', jsonb_build_object('since', clock_timestamp(), 'last', clock_timestamp())::text)
     ON CONFLICT (name) DO UPDATE SET value = (setting.value::jsonb || jsonb_build_object('last', clock_timestamp()))::text`,
  );
}

export async function readPendingScrub(client: Queryable): Promise<PendingScrub | undefined> {
  const value = await readSetting(client, 'scrub_pending');
  return value === undefined ? undefined : { since: new Date((JSON.parse(value) as { since: string }).since) };
}

/** When a scrub last ended well. */
export async function readLastScrub(client: Queryable): Promise<Date | undefined> {
  const value = await readSetting(client, 'scrubbed_at');
  return value === undefined ? undefined : new Date(value);
}

async function readSetting(client: Queryable, name: string): Promise<string | undefined> {
  const { rows } = await client.query<{ value: string }>('SELECT value FROM hearsay.setting WHERE name = $1', [name]);
  return rows[0]?.value;
}

/** Does nothing where no erasure is pending. Erasures that are committed while it runs stay pending. */
export async function scrub(adminUrl: string, onProgress: (what: string) => void = () => undefined): Promise<ScrubReport> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'hearsay-scrub', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [LOCK]);
    if (!rows[0]?.free) return { done: false, failed: ['another scrub is running'], left: [] };
    const pending = await readSetting(client, 'scrub_pending');
    if (pending === undefined) return { done: true, failed: [], left: [] };
    await client.query(`SELECT set_config('lock_timeout', $1, false), set_config('statement_timeout', '0', false)`, [String(LOCK_TIMEOUT_MS)]);
    const failed: string[] = [];
    const left: string[] = [];
    const patience = { retries: RETRIES };
    for (const table of TABLES) {
      onProgress(`rewriting ${table}`);
      const outcome = await rewrite(client, table, patience);
      if (outcome !== undefined) (outcome.passing ? failed : left).push(`${table}: ${outcome.why}`);
    }
    onProgress('dropping the write-ahead log');
    left.push(...(await dropLog(client)));
    if (failed.length === 0) await noteDone(client, pending);
    return { done: failed.length === 0, failed, left };
  } catch (error) {
    throw mapDatabaseError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Undefined when no byte of a deleted row is in the table's files any more. */
async function rewrite(
  client: pg.Client,
  table: string,
  patience: { retries: number },
): Promise<{ readonly why: string; readonly passing: boolean } | undefined> {
  for (;;) {
    const said: Notice[] = [];
    const listen = (notice: Notice): void => void said.push(notice);
    client.on('notice', listen);
    try {
      await client.query(`VACUUM (FULL, ANALYZE, VERBOSE) ${table}`);
    } catch (error) {
      const { code, message } = describeError(error);
      return { why: message, passing: code !== '42501' };
    } finally {
      client.off('notice', listen);
    }
    // What it may not touch it skips, with a warning (01000) instead of an error.
    if (said.some(({ code }) => code === '01000')) return { why: 'only its owner may rewrite it', passing: false };
    // A row that an older transaction may still see is copied along, and counted first in the detail of what VERBOSE says, in any language.
    const kept = said.some(({ detail }) => Number(/\d+/.exec(detail ?? '')?.[0] ?? 0) > 0);
    if (!kept) return undefined;
    if (patience.retries-- <= 0) return { why: 'an older transaction still sees what was deleted', passing: true };
    await client.query('SELECT pg_sleep($1)', [RETRY_AFTER_S]);
  }
}

/**
 * Old log segments go at a checkpoint; the current one must be left first. The embedded server neither recycles nor
 * archives them (src/db/server.ts); what another server does with them is told.
 */
async function dropLog(client: pg.Client): Promise<string[]> {
  const left: string[] = [];
  try {
    await client.query('CHECKPOINT');
    await client.query('SELECT pg_switch_wal()');
    await client.query('CHECKPOINT');
  } catch (error) {
    left.push(`write-ahead log: ${describeError(error).message}; a superuser's CHECKPOINT, pg_switch_wal(), CHECKPOINT drops it`);
  }
  const { rows } = await client.query<{ recycles: string | null; archives: string | null; slots: number }>(
    `SELECT current_setting('wal_recycle', true) AS recycles, current_setting('archive_mode', true) AS archives,
            (SELECT count(*)::int FROM pg_catalog.pg_replication_slots) AS slots`,
  );
  const row = rows[0];
  if (row?.recycles === 'on')
    left.push('write-ahead log: the server reuses old segments, which keep their bytes until overwritten (wal_recycle = off stops that)');
  if (row?.archives !== 'off') left.push('write-ahead log: archived segments are backups, and age with them');
  if ((row?.slots ?? 0) > 0) left.push('write-ahead log: replication slots hold segments back; replicas keep copies of their own');
  return left;
}

/** Only what was pending when it began is done. */
async function noteDone(client: pg.Client, pending: string): Promise<void> {
  await client.query(`DELETE FROM hearsay.setting WHERE name = 'scrub_pending' AND value = $1`, [pending]);
  await client.query(
    `INSERT INTO hearsay.setting (name, value) VALUES ('scrubbed_at', to_json(clock_timestamp()) #>> '{}') ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  );
}
