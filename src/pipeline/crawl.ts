/**
 * Stage 1: one run of one community. Every page is stored in one transaction with the cursor, so that a crash
 * resumes after the last stored page; budgets end a run early and leave the rest to the next.
 */
import { inTransaction } from '../db/pool.ts';
import { describeError, InvalidInputError } from '../errors.ts';
import type { Budget } from '../model/topic.ts';
import { sourceNamed } from '../sources/list.ts';
import type { CrawlCursor, CrawlPage, Source, SourceContext } from '../sources/source.ts';
import type { Hearsay } from './hearsay.ts';
import { addTally, emptyTally, storePosts, type StoreTally } from './store-posts.ts';

export interface CommunityRow {
  readonly id: number;
  readonly topic: string;
  readonly source: string;
  readonly query: unknown;
  readonly budget: Budget;
  readonly cursor: CrawlCursor;
}

export interface CrawlReport {
  readonly topic: string;
  readonly source: string;
  readonly pages: number;
  /** `stopped`: the budget ended it. */
  readonly status: 'done' | 'stopped';
  readonly tally: StoreTally;
}

/** Where new work goes as soon as a page is stored. */
export type OnRevisions = (topic: string, revisionIds: readonly number[]) => Promise<void>;

export async function readCommunity(hearsay: Hearsay, id: number): Promise<CommunityRow | undefined> {
  const found = await hearsay.pool.query<CommunityRow>('SELECT id, topic, source, query, budget, cursor FROM community WHERE id = $1 AND active', [id]);
  return found.rows[0];
}

export function sourceContext(hearsay: Hearsay, signal?: AbortSignal): SourceContext {
  const { http, credentials, now } = hearsay;
  return { http, credentials, now, ...(signal ? { signal } : {}) };
}

/** @throws the four error classes; the run is then recorded as `failed` with the code. */
export async function crawlCommunity(
  hearsay: Hearsay,
  community: CommunityRow,
  options: { readonly onRevisions: OnRevisions; readonly signal?: AbortSignal },
): Promise<CrawlReport> {
  const source = sourceNamed(community.source);
  if (!source) throw new InvalidInputError('unknown_source', `there is no source named ${community.source}`);
  const crawlId = await startRun(hearsay, community);
  try {
    const report = await runPages(hearsay, { community, source, crawlId }, options);
    await hearsay.pool.query('UPDATE crawl SET status = $2, finished_at = now() WHERE id = $1', [crawlId, report.status]);
    return report;
  } catch (error) {
    const { code, message } = options.signal?.aborted ? { code: 'interrupted', message: 'asked to stop' } : describeError(error);
    await hearsay.pool.query(`UPDATE crawl SET status = 'failed', finished_at = now(), error = $2 WHERE id = $1`, [
      crawlId,
      `${code}: ${message}`.slice(0, 500),
    ]);
    throw error;
  }
}

/** A run that a crash left behind is closed when the next one of its community starts. */
async function startRun(hearsay: Hearsay, community: CommunityRow): Promise<number> {
  await hearsay.pool.query(
    `UPDATE crawl SET status = 'failed', finished_at = now(), error = 'interrupted: the process ended' WHERE community_id = $1 AND status = 'running'`,
    [community.id],
  );
  const started = await hearsay.pool.query<{ id: number }>('INSERT INTO crawl (topic, community_id, source) VALUES ($1, $2, $3) RETURNING id', [
    community.topic,
    community.id,
    community.source,
  ]);
  return (started.rows[0] as { id: number }).id;
}

interface Run {
  readonly community: CommunityRow;
  readonly source: Source;
  readonly crawlId: number;
}

async function runPages(hearsay: Hearsay, run: Run, options: { readonly onRevisions: OnRevisions; readonly signal?: AbortSignal }): Promise<CrawlReport> {
  const { community, source } = run;
  const parsed = source.querySchema.safeParse(community.query);
  if (!parsed.success)
    throw new InvalidInputError('bad_query', `${community.source}: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
  const total = emptyTally();
  let pages = 0;
  let requests = 0;
  const limit = community.budget;
  const report = (status: CrawlReport['status']): CrawlReport => ({ topic: community.topic, source: community.source, pages, status, tally: total });
  for await (const page of source.crawl({ query: parsed.data, cursor: community.cursor }, sourceContext(hearsay, options.signal))) {
    const stored = await storePage(hearsay, run, page);
    addTally(total, stored.tally);
    pages++;
    requests += page.captures.length;
    if (stored.revisionIds.length > 0) await options.onRevisions(community.topic, stored.revisionIds);
    if (total.seen >= (limit.posts_per_run ?? Number.POSITIVE_INFINITY) || requests >= (limit.requests_per_run ?? Number.POSITIVE_INFINITY))
      return report('stopped');
  }
  return report('done');
}

async function storePage(hearsay: Hearsay, run: Run, page: CrawlPage) {
  const { community, crawlId } = run;
  return inTransaction(hearsay.pool, async (client) => {
    const stored = await storePosts(client, hearsay, { topic: community.topic, stage: 'crawl', source: community.source }, page);
    await client.query('UPDATE community SET cursor = $2 WHERE id = $1', [community.id, JSON.stringify(page.cursor)]);
    const { seen, newPosts, newRevisions, unchanged, refused } = stored.tally;
    await client.query(
      `UPDATE crawl SET pages = pages + 1, seen = seen + $2, new_posts = new_posts + $3, new_revisions = new_revisions + $4, unchanged = unchanged + $5, refused = refused + $6
        WHERE id = $1`,
      [crawlId, seen, newPosts, newRevisions, unchanged, Object.values(refused).reduce((sum, count) => sum + count, 0)],
    );
    return stored;
  });
}
