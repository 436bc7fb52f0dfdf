/**
 * Stage 1: one run of one community. Every page is stored in one transaction with the cursor, so that a crash
 * resumes after the last stored page; budgets end a run early and leave the rest to the next.
 */
import { inTransaction } from '../db/pool.ts';
import { describeError, InvalidInputError, TransientError } from '../errors.ts';
import type { Budget } from '../model/topic.ts';
import { sourceNamed } from '../sources/list.ts';
import type { CrawlCursor, CrawlPage, Source, SourceContext } from '../sources/source.ts';
import { type Meter, meterCrawl } from './budget.ts';
import { holdCommunity } from './community-lock.ts';
import { coverPage, coverRun } from './coverage.ts';
import type { Hearsay } from './hearsay.ts';
import { describeStop, noteCap, readStops } from './source-stop.ts';
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
  /** Answers that were kept; several can make a page. */
  readonly requests: number;
  /** `stopped`: something ended it before the source did. `skipped`: nothing was asked, and no run is kept. */
  readonly status: 'done' | 'stopped' | 'skipped';
  /** Why it was stopped or skipped. */
  readonly why?: WhyNot;
  readonly tally: StoreTally;
}

interface WhyNot {
  readonly code: 'budget_spent' | 'crawl_running' | 'run_budget' | 'source_stopped' | 'turn_over';
  readonly message: string;
}

/** What earlier turns of the same run have used. */
export interface UsedByRun {
  readonly posts: number;
  readonly requests: number;
}

export interface CrawlOptions {
  readonly onRevisions: OnRevisions;
  readonly signal?: AbortSignal;
  /** The run gives way after the first page beyond it (`turn_over`); default: never. */
  readonly turnMs?: number;
  readonly used?: UsedByRun;
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

/**
 * One run, or nothing while the source is stopped or another process runs the community.
 * @throws the four error classes; the run is then recorded as `failed` with the code.
 */
export async function crawlCommunity(hearsay: Hearsay, community: CommunityRow, options: CrawlOptions): Promise<CrawlReport> {
  const source = sourceNamed(community.source);
  if (!source) throw new InvalidInputError('unknown_source', `there is no source named ${community.source}`);
  const skipped = (why: WhyNot): CrawlReport => ({
    topic: community.topic,
    source: source.name,
    pages: 0,
    requests: 0,
    status: 'skipped',
    why,
    tally: emptyTally(),
  });
  const stopped = await whyStopped(hearsay, source);
  if (stopped) return skipped(stopped);
  const report = await holdCommunity(hearsay.pool, community.id, async (lost) => {
    // The run before this one may have moved it since the row was read.
    const { cursor } = (await readCommunity(hearsay, community.id)) ?? community;
    return recordRun(hearsay, { community: { ...community, cursor }, source, lost }, options);
  });
  return report ?? skipped({ code: 'crawl_running', message: 'another process is crawling this community' });
}

async function whyStopped(hearsay: Hearsay, source: Source): Promise<WhyNot | undefined> {
  const [stop] = await readStops(hearsay.pool, hearsay.now(), { source: source.name });
  return stop && { code: 'source_stopped', message: `${source.name} is ${describeStop(stop)}` };
}

async function recordRun(hearsay: Hearsay, begun: Omit<Run, 'crawlId'> & { readonly lost: AbortSignal }, options: CrawlOptions): Promise<CrawlReport> {
  const { community, source, lost } = begun;
  const crawlId = await startRun(hearsay, community);
  const signal = options.signal ? AbortSignal.any([options.signal, lost]) : lost;
  try {
    const report = await runPages(hearsay, { community, source, crawlId }, { ...options, signal });
    await endRun(hearsay, { communityId: community.id, crawlId }, report);
    return report;
  } catch (error) {
    await noteCap(hearsay.pool, source.name, { error, command: 'crawl', now: hearsay.now() });
    const { code, message } = options.signal?.aborted ? { code: 'interrupted', message: 'asked to stop' } : describeError(error);
    await hearsay.pool.query(`UPDATE crawl SET status = 'failed', finished_at = now(), error = $2 WHERE id = $1 AND status = 'running'`, [
      crawlId,
      `${code}: ${message}`.slice(0, 500),
    ]);
    throw error;
  }
}

async function endRun(hearsay: Hearsay, run: { readonly communityId: number; readonly crawlId: number }, report: CrawlReport): Promise<void> {
  const { status, why } = report;
  await inTransaction(hearsay.pool, async (client) => {
    const ended = await client.query(`UPDATE crawl SET status = $2, finished_at = now(), error = $3 WHERE id = $1 AND status = 'running'`, [
      run.crawlId,
      status,
      why === undefined ? null : `${why.code}: ${why.message}`.slice(0, 500),
    ]);
    if (ended.rowCount === 0) throw runReplaced();
    // A run whose turn is over goes on: what it covers shows at its end.
    if (status !== 'skipped' && why?.code !== 'turn_over') await coverRun(client, run, { status, now: hearsay.now() });
  });
}

/** The fence: whoever runs the community now has closed this run, and its cursor is theirs. */
function runReplaced(): TransientError {
  return new TransientError('run_replaced', 'another run of this community has begun since');
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

async function runPages(hearsay: Hearsay, run: Run, options: CrawlOptions): Promise<CrawlReport> {
  const { community, source } = run;
  const parsed = source.querySchema.safeParse(community.query);
  if (!parsed.success)
    throw new InvalidInputError('bad_query', `${community.source}: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
  const total = emptyTally();
  let pages = 0;
  let requests = 0;
  const report = (status: CrawlReport['status'], why?: WhyNot): CrawlReport => ({
    topic: community.topic,
    source: community.source,
    pages,
    requests,
    status,
    ...(why === undefined ? {} : { why }),
    tally: total,
  });
  const begunAt = performance.now();
  const meter = meterCrawl(hearsay, source, community);
  // What is asked ahead would be counted, and lost where the budget ends the run.
  const isCounted = meter.http !== hearsay.http || community.budget.requests_per_run !== undefined || community.budget.posts_per_run !== undefined;
  const context = { ...sourceContext(hearsay, options.signal), http: meter.http, mayReadAhead: !isCounted };
  try {
    for await (const page of source.crawl({ query: parsed.data, cursor: community.cursor }, context)) {
      // A source that took the refusal for one page's failure has nothing to say of it: the next run asks again.
      if (meter.refusal()) break;
      const stored = await storePage(hearsay, run, page);
      addTally(total, stored.tally);
      pages++;
      requests += page.captures.length;
      if (stored.revisionIds.length > 0) await options.onRevisions(community.topic, stored.revisionIds);
      const over = overRunBudget(community.budget, { posts: total.seen, requests }, options.used) ?? (await whyStopped(hearsay, source));
      if (over) return report('stopped', over);
      // After the last page of a listing there is nothing to go on with: another turn would begin the next listing.
      const isTurnOver = page.ended === undefined && performance.now() - begunAt >= (options.turnMs ?? Number.POSITIVE_INFINITY);
      if (isTurnOver) return report('stopped', TURN_OVER);
    }
  } catch (error) {
    if (!meter.refusal()) throw error;
  }
  const spent = overBudget(meter);
  return spent ? report('stopped', spent) : report('done');
}

const TURN_OVER: WhyNot = { code: 'turn_over', message: 'others wait; goes on from here' };

function overBudget(meter: Meter): WhyNot | undefined {
  const refusal = meter.refusal();
  return refusal && { code: 'budget_spent', message: refusal.message };
}

function overRunBudget(budget: Budget, now: UsedByRun, before: UsedByRun = { posts: 0, requests: 0 }): WhyNot | undefined {
  const { posts_per_run: posts = Number.POSITIVE_INFINITY, requests_per_run: requests = Number.POSITIVE_INFINITY } = budget;
  if (now.posts + before.posts >= posts) return { code: 'run_budget', message: `posts_per_run ${posts} reached` };
  if (now.requests + before.requests >= requests) return { code: 'run_budget', message: `requests_per_run ${requests} reached` };
  return undefined;
}

async function storePage(hearsay: Hearsay, run: Run, page: CrawlPage) {
  const { community, crawlId } = run;
  return inTransaction(hearsay.pool, async (client) => {
    const stored = await storePosts(client, hearsay, { topic: community.topic, stage: 'crawl', source: community.source }, page);
    await client.query('UPDATE community SET cursor = $2 WHERE id = $1', [community.id, JSON.stringify(page.cursor)]);
    const { seen, newPosts, newRevisions, unchanged, refused } = stored.tally;
    const counted = await client.query(
      `UPDATE crawl SET pages = pages + 1, seen = seen + $2, new_posts = new_posts + $3, new_revisions = new_revisions + $4, unchanged = unchanged + $5, refused = refused + $6
        WHERE id = $1 AND status = 'running'`,
      [crawlId, seen, newPosts, newRevisions, unchanged, Object.values(refused).reduce((sum, count) => sum + count, 0)],
    );
    if (counted.rowCount === 0) throw runReplaced();
    await coverPage(client, { communityId: community.id, crawlId }, { page, tally: stored.tally, now: hearsay.now() });
    return stored;
  });
}
