/**
 * What is known of each community's coverage: its last run, failures by code and day, gaps. For `hearsay crawl status`, the API and
 * metrics. That a search found nothing is a fact of its own, apart from one that failed and one that was never made.
 * Proved by test/integration/coverage.test.ts.
 */
import type { Pool } from 'pg';
import type { GapCloser, GapKind, ListingEnd } from '../model/gap.ts';

/**
 * `nothing_found`: the platform was asked and listed no item. `nothing_new`: it listed items, all known. `asked_nothing`: the run ended well
 * without a single page.
 */
export const OUTCOMES = ['never', 'running', 'failed', 'stopped', 'asked_nothing', 'nothing_found', 'nothing_new', 'found'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How far back failures and closed gaps are listed. */
export const WINDOW_DAYS = 30;

interface LastRun {
  readonly status: string | null;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly pages: number | null;
  readonly seen: number | null;
  /** Items that no earlier visit could find. */
  readonly fresh: number | null;
  readonly new_posts: number | null;
  readonly new_revisions: number | null;
  readonly unchanged: number | null;
  readonly gone: number | null;
  readonly refused: number | null;
  readonly ended: ListingEnd | null;
  readonly code: string | null;
  /** Code and message of a failure or a stop: for the operator only. */
  readonly error: string | null;
}
interface CommunityRow extends LastRun {
  readonly community: number;
  readonly topic: string;
  readonly source: string;
  readonly query: object;
  readonly last_success_at: Date | null;
  readonly last_found_at: Date | null;
  readonly covered_until: Date | null;
}
interface Failures {
  /** UTC. */
  readonly day: string;
  readonly code: string;
  readonly runs: number;
}
export interface Gap {
  readonly id: number;
  readonly kind: GapKind;
  readonly since: Date | null;
  /** Null: to now. */
  readonly until: Date | null;
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly closed_by: GapCloser | null;
  /** The person or the file, and why: for the operator only. */
  readonly closed_who: string | null;
  readonly closed_why: string | null;
}
export interface CommunityCoverage extends CommunityRow {
  readonly outcome: Outcome;
  readonly failures: readonly Failures[];
  /** Open ones, and those closed within the window. */
  readonly gaps: readonly Gap[];
}

export async function readCoverage(pool: Pool, topic?: string): Promise<readonly CommunityCoverage[]> {
  const communities = await pool.query<CommunityRow>(
    `SELECT m.id AS community, m.topic, m.source, m.query, v.covered_until,
            (SELECT max(started_at) FROM crawl WHERE community_id = m.id AND (status = 'done' OR (status = 'stopped' AND pages > 0))) AS last_success_at,
            (SELECT max(started_at) FROM crawl WHERE community_id = m.id AND fresh > 0) AS last_found_at,
            c.status, c.started_at, c.finished_at, c.pages, c.seen, c.fresh, c.new_posts, c.new_revisions, c.unchanged, c.gone, c.refused, c.ended,
            c.error_code AS code, c.error
       FROM community m
       LEFT JOIN coverage v ON v.community_id = m.id
       LEFT JOIN LATERAL (SELECT * FROM crawl WHERE community_id = m.id ORDER BY id DESC LIMIT 1) c ON true
      WHERE m.active AND ($1::text IS NULL OR m.topic = $1)
      ORDER BY m.topic, m.id`,
    [topic ?? null],
  );
  const ids = communities.rows.map(({ community }) => community);
  const failures = await pool.query<Failures & { community: number }>(
    `SELECT community_id AS community, to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, error_code AS code, count(*)::int AS runs
       FROM crawl
      WHERE community_id = ANY ($1) AND status = 'failed' AND started_at > now() - make_interval(days => $2)
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    [ids, WINDOW_DAYS],
  );
  const gaps = await pool.query<Gap & { community: number }>(
    `SELECT community_id AS community, id, kind, since, until, opened_at, closed_at, closed_by, closed_who, closed_why
       FROM coverage_gap
      WHERE community_id = ANY ($1) AND (closed_at IS NULL OR closed_at > now() - make_interval(days => $2))
      ORDER BY community_id, id`,
    [ids, WINDOW_DAYS],
  );
  return communities.rows.map((row) => ({
    ...row,
    outcome: outcomeOf(row),
    failures: ofCommunity(failures.rows, row.community),
    gaps: ofCommunity(gaps.rows, row.community),
  }));
}

function outcomeOf({ status, pages, seen, fresh, new_revisions: changed }: LastRun): Outcome {
  if (status === null) return 'never';
  if (status === 'running' || status === 'failed' || status === 'stopped') return status;
  if (pages === 0) return 'asked_nothing';
  if (seen === 0) return 'nothing_found';
  return (fresh ?? 0) + (changed ?? 0) > 0 ? 'found' : 'nothing_new';
}

function ofCommunity<Row extends { readonly community: number }>(rows: readonly Row[], id: number): readonly Omit<Row, 'community'>[] {
  return rows.filter((row) => row.community === id).map(({ community: _community, ...row }) => row);
}
