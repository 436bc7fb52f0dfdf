/**
 * Keeps what a community's visits have covered: called with each page and at the end of each run, in their transactions.
 * The rules are src/model/gap.ts and silence.ts. Proved by test/integration/coverage.test.ts.
 */
import type { ClientBase } from 'pg';
import { findHole, type Listing, reachOf } from '../model/gap.ts';
import { findSilence, SILENCE, type Visit } from '../model/silence.ts';
import type { CrawlPage } from '../sources/source.ts';
import type { StoreTally } from './store-posts.ts';

interface RunOf {
  readonly communityId: number;
  readonly crawlId: number;
}
interface StoredPage {
  readonly page: CrawlPage;
  readonly tally: StoreTally;
  readonly now: Date;
}
interface CoverageRow {
  begun_at: Date | null;
  covered_until: Date | null;
}

/** A page that was just stored. One with `ended` completes its listing: gaps open and close here. */
export async function coverPage(client: ClientBase, run: RunOf, stored: StoredPage): Promise<void> {
  const { page, tally, now } = stored;
  const { begun, coveredUntil } = await beginListing(client, run, firstFetch(page) ?? now);
  await client.query(`UPDATE crawl SET fresh = fresh + $2, gone = gone + $3, listed_at = $4, fresh_since = $5, ended = coalesce($6, ended) WHERE id = $1`, [
    run.crawlId,
    countFresh(stored, coveredUntil),
    tally.gone,
    begun,
    coveredUntil ?? null,
    page.ended ?? null,
  ]);
  if (page.ended === undefined) return;
  const oldestAt = page.oldestAt !== undefined && Date.parse(page.oldestAt) <= begun.getTime() ? new Date(page.oldestAt) : undefined;
  await endListing(client, run, { listing: { ended: page.ended, begunAt: begun, oldestAt, metKnown: await hasMetKnown(client, run) }, coveredUntil, now });
}

/** The end of a run. One whose source never says how a listing ended is taken at its word: done is all there was. */
export async function coverRun(client: ClientBase, run: RunOf, { status, now }: { readonly status: 'done' | 'stopped'; readonly now: Date }): Promise<void> {
  const row = await readCoverage(client, run.communityId);
  if (row?.begun_at && status === 'stopped') await openPassing(client, run, { kind: 'stopped', since: row.covered_until, now });
  if (row?.begun_at && status === 'done') {
    await endListing(client, run, { listing: { ended: 'end', begunAt: row.begun_at, metKnown: true }, coveredUntil: row.covered_until ?? undefined, now });
  }
  const visits = await readVisits(client, run.communityId);
  const silence = findSilence(visits);
  if (silence) await openPassing(client, run, { kind: 'quiet', since: silence.since, now });
  else if ((visits.at(-1)?.items ?? 0) > 0) await closeGaps(client, `community_id = $1 AND kind = 'quiet'`, [run.communityId, now]);
}

/** Locks the row: pages of one community are stored one after the other. */
async function readCoverage(client: ClientBase, communityId: number): Promise<CoverageRow | undefined> {
  const found = await client.query<CoverageRow>('SELECT begun_at, covered_until FROM coverage WHERE community_id = $1 FOR UPDATE', [communityId]);
  return found.rows[0];
}

async function beginListing(client: ClientBase, run: RunOf, at: Date): Promise<{ begun: Date; coveredUntil: Date | undefined }> {
  const begun = await client.query<CoverageRow>(
    `INSERT INTO coverage AS c (community_id, begun_at) VALUES ($1, $2)
     ON CONFLICT (community_id) DO UPDATE SET begun_at = coalesce(c.begun_at, excluded.begun_at) RETURNING begun_at, covered_until`,
    [run.communityId, at],
  );
  const row = begun.rows[0];
  return { begun: row?.begun_at ?? at, coveredUntil: row?.covered_until ?? undefined };
}

async function endListing(
  client: ClientBase,
  run: RunOf,
  end: { readonly listing: Listing; readonly coveredUntil: Date | undefined; readonly now: Date },
): Promise<void> {
  const { listing, coveredUntil, now } = end;
  const { communityId } = run;
  await closeGaps(client, `community_id = $1 AND kind = 'stopped'`, [communityId, now]);
  await closeGaps(client, `community_id = $1 AND kind IN ('cap', 'budget') AND since >= $3`, [communityId, now, reachOf(listing)]);
  const hole = findHole(listing, coveredUntil);
  if (hole) {
    await client.query('INSERT INTO coverage_gap (community_id, kind, since, until, opened_at) VALUES ($1, $2, $3, $4, $5)', [
      communityId,
      listing.ended,
      hole.since,
      hole.until,
      now,
    ]);
  }
  await client.query('UPDATE coverage SET begun_at = NULL, covered_until = $2 WHERE community_id = $1', [communityId, listing.begunAt]);
}

/** `$2` is the time of closing. What closes by a file or a person: close-gaps.ts. */
async function closeGaps(client: ClientBase, which: string, values: readonly unknown[]): Promise<void> {
  await client.query(`UPDATE coverage_gap SET closed_at = $2, closed_by = 'crawl' WHERE closed_at IS NULL AND ${which}`, [...values]);
}

async function openPassing(
  client: ClientBase,
  run: RunOf,
  gap: { readonly kind: 'stopped' | 'quiet'; readonly since: Date | null; readonly now: Date },
): Promise<void> {
  await client.query(
    `INSERT INTO coverage_gap (community_id, kind, since, opened_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (community_id, kind) WHERE closed_at IS NULL AND kind IN ('stopped', 'quiet') DO NOTHING`,
    [run.communityId, gap.kind, gap.since, gap.now],
  );
}

/** The newest visits, oldest first; the first one of a community fetches the past and says nothing of its rate. */
async function readVisits(client: ClientBase, communityId: number): Promise<readonly Visit[]> {
  const found = await client.query<{ since: Date; at: Date; items: number }>(
    `SELECT fresh_since AS since, listed_at AS at, sum(fresh)::int AS items
       FROM (SELECT fresh_since, listed_at, fresh FROM crawl WHERE community_id = $1 ORDER BY id DESC LIMIT $2) newest
      WHERE fresh_since IS NOT NULL AND listed_at IS DISTINCT FROM (SELECT begun_at FROM coverage WHERE community_id = $1)
      GROUP BY fresh_since, listed_at ORDER BY listed_at`,
    [communityId, 2 * SILENCE.historyVisits],
  );
  return found.rows;
}

async function hasMetKnown(client: ClientBase, { crawlId }: RunOf): Promise<boolean> {
  const found = await client.query<{ met: boolean }>('SELECT unchanged + new_revisions + gone > 0 AS met FROM crawl WHERE id = $1', [crawlId]);
  return found.rows[0]?.met ?? false;
}

/** By the time an item was written, where it has one; else what is new to this database. */
function countFresh({ page, tally, now }: StoredPage, coveredUntil: Date | undefined): number {
  const times = page.posts.flatMap(({ absence, createdAt }) => (absence === undefined && createdAt !== undefined ? [Date.parse(createdAt)] : []));
  // A date in the future would be new on every visit.
  const isFresh = (time: number): boolean => time > (coveredUntil?.getTime() ?? Number.NEGATIVE_INFINITY) && time <= now.getTime();
  return Math.max(tally.newPosts, times.filter(isFresh).length);
}

function firstFetch(page: CrawlPage): Date | undefined {
  const times = page.captures.map(({ fetchedAt }) => Date.parse(fetchedAt)).filter(Number.isFinite);
  return times.length > 0 ? new Date(Math.min(...times)) : undefined;
}
