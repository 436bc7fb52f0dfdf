/** `hearsay crawl run`, `hearsay schedule`: communities now, and when. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, InvalidInputError, RateLimitedError } from '../../errors.ts';
import { type CommunityRow, crawlCommunity } from '../../pipeline/crawl.ts';
import { BATCH } from '../../pipeline/hearsay.ts';
import { recheckPosts } from '../../pipeline/recheck.ts';
import { addTally, emptyTally } from '../../pipeline/store-posts.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { type OpenedHearsay, withHearsay } from '../open-hearsay.ts';
import { lookUpCited } from '../look-up-cited.ts';
import { type Pipeline, startPipeline, warnOfDemo } from '../run-pipeline.ts';
import { showCrawlPlan } from './crawl-plan.ts';
import { describeTally } from './import.ts';

/** A wait that a platform asks for is waited out up to this long; beyond it the community is left for the next run. */
const PATIENCE_MS = 90_000;
const MAX_WAITS = 3;

export interface CrawlFlags {
  readonly source?: string;
  readonly recheck?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export async function runCrawl(edge: Edge, slug: string | undefined, flags: CrawlFlags): Promise<ExitCode> {
  if (slug === undefined && !flags.dryRun)
    throw new InvalidInputError('bad_target', 'say which topic: hearsay crawl SLUG; without one there is only --dry-run');
  return withHearsay(edge, { signs: !flags.dryRun }, async (opened) => {
    const communities = await readCommunities(opened, slug, flags.source);
    if (flags.dryRun) return showCrawlPlan(edge, opened.hearsay, { communities, json: flags.json === true });
    await warnOfDemo(edge, opened.hearsay);
    const pipeline = await startPipeline(edge, opened);
    try {
      return await crawlAll(edge, { opened, pipeline, communities }, flags);
    } finally {
      await pipeline.close();
    }
  });
}

async function crawlAll(
  edge: Edge,
  run: { opened: OpenedHearsay; pipeline: Pipeline; communities: readonly CommunityRow[] },
  flags: CrawlFlags,
): Promise<ExitCode> {
  const { hearsay } = run.opened;
  const total = emptyTally();
  let failed = 0;
  for (const community of run.communities) {
    if (edge.signal.aborted) break;
    edge.talk(`crawling ${community.source} ${JSON.stringify(community.query)}`);
    try {
      const report = await crawlPatiently(edge, run, community);
      addTally(total, report.tally);
      // Not what was asked for: nothing was asked, or the money ran out.
      if (report.status === 'skipped' || report.why?.code === 'budget_spent' || report.why?.code === 'source_stopped') failed++;
      if (report.why) edge.talk(`  ${report.status} (${report.why.code}): ${report.why.message}`);
      if (report.status !== 'skipped')
        edge.talk(`  ${report.status}: ${report.pages} pages, ${report.tally.seen} items, ${report.tally.newPosts} new, ${report.tally.newRevisions} changed`);
    } catch (error) {
      failed++;
      const { code, message } = describeError(error);
      edge.talk(`  failed (${code}): ${message}`);
    }
  }
  if (flags.recheck) {
    const { checked, unknown, failures } = await recheckPosts(hearsay, { all: true, ...(flags.source ? { source: flags.source } : {}), signal: edge.signal });
    edge.talk(`re-checked ${checked} kept posts, ${unknown} could not be asked about`);
    for (const { source, error } of failures) edge.talk(`  re-check of ${source} failed (${error.code}): ${error.message}`);
    failed += failures.length;
  }
  await run.pipeline.queues.addSweep();
  let done = await run.pipeline.drain();
  const topic = run.communities[0]?.topic;
  if (done && topic !== undefined) {
    const cited = await lookUpCited(edge, run, topic);
    failed += cited.failed;
    done = cited.done;
  }
  await edge.out(flags.json ? `${JSON.stringify({ ...total, failed })}\n` : describeTally(total));
  if (!done) return EXIT.interrupted;
  if (failed >= run.communities.length && total.seen === 0 && failed > 0) return EXIT.failed;
  return failed > 0 ? EXIT.partial : EXIT.ok;
}

async function crawlPatiently(edge: Edge, { opened, pipeline }: { opened: OpenedHearsay; pipeline: Pipeline }, community: CommunityRow) {
  for (let waits = 0; ; waits++) {
    try {
      return await crawlCommunity(opened.hearsay, await refreshed(opened, community), {
        signal: edge.signal,
        async onRevisions(topic, ids) {
          for (let at = 0; at < ids.length; at += BATCH) await pipeline.queues.addAnnotate(topic, ids.slice(at, at + BATCH));
        },
      });
    } catch (error) {
      if (!(error instanceof RateLimitedError) || error.retryAfterMs > PATIENCE_MS || waits >= MAX_WAITS) throw error;
      edge.talk(`  asked to wait ${Math.ceil(error.retryAfterMs / 1_000)} s`);
      await sleep(error.retryAfterMs, undefined, { signal: edge.signal });
    }
  }
}

/** The cursor moves with every page. */
async function refreshed({ hearsay }: OpenedHearsay, community: CommunityRow): Promise<CommunityRow> {
  const found = await hearsay.pool.query<CommunityRow>('SELECT id, topic, source, query, budget, cursor FROM community WHERE id = $1', [community.id]);
  return found.rows[0] ?? community;
}

async function readCommunities({ hearsay }: OpenedHearsay, slug: string | undefined, source: string | undefined): Promise<CommunityRow[]> {
  if (slug !== undefined && !hearsay.topics.has(slug))
    throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${[...hearsay.topics.keys()].join(', ')}`);
  const found = await hearsay.pool.query<CommunityRow>(
    'SELECT id, topic, source, query, budget, cursor FROM community WHERE active AND ($1::text IS NULL OR topic = $1) AND ($2::text IS NULL OR source = $2) ORDER BY topic, id',
    [slug ?? null, source ?? null],
  );
  if (found.rows.length === 0)
    throw new InvalidInputError(
      'unknown_community',
      `${slug === undefined ? 'no topic' : `topic ${slug}`} has ${slug === undefined ? 'a' : 'no'} community${source ? ` of source ${source}` : ''}`,
    );
  return found.rows;
}

export async function showSchedule(edge: Edge, flags: { readonly json?: boolean }): Promise<ExitCode> {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const found = await hearsay.pool.query<{ topic: string; source: string; query: object; schedule: object; budget: object }>(
      'SELECT topic, source, query, schedule, budget FROM community WHERE active ORDER BY topic, id',
    );
    for (const row of found.rows) {
      await edge.out(
        flags.json
          ? `${JSON.stringify(row)}\n`
          : `${row.topic}  ${row.source} ${JSON.stringify(row.query)}  ${JSON.stringify(row.schedule)}  budget ${JSON.stringify(row.budget)}\n`,
      );
    }
    return EXIT.ok;
  });
}
