/** `hearsay crawl run|status`, `hearsay schedule`: communities now, and what became of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, InvalidInputError, RateLimitedError } from '../../errors.ts';
import { type CommunityRow, crawlCommunity } from '../../pipeline/crawl.ts';
import { BATCH } from '../../pipeline/hearsay.ts';
import { recheckPosts } from '../../pipeline/sweep.ts';
import { addTally, emptyTally } from '../../pipeline/store-posts.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { type OpenedHearsay, withHearsay } from '../open-hearsay.ts';
import { type Pipeline, startPipeline, warnOfDemo } from '../run-pipeline.ts';
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

export async function runCrawl(edge: Edge, slug: string, flags: CrawlFlags): Promise<ExitCode> {
  return withHearsay(edge, { signs: !flags.dryRun }, async (opened) => {
    const communities = await readCommunities(opened, slug, flags.source);
    if (flags.dryRun) {
      for (const community of communities) await edge.out(`would crawl ${community.source} ${JSON.stringify(community.query)}\n`);
      return EXIT.ok;
    }
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
  const done = await run.pipeline.drain();
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

async function readCommunities({ hearsay }: OpenedHearsay, slug: string, source: string | undefined): Promise<CommunityRow[]> {
  if (!hearsay.topics.has(slug)) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${[...hearsay.topics.keys()].join(', ')}`);
  const found = await hearsay.pool.query<CommunityRow>(
    'SELECT id, topic, source, query, budget, cursor FROM community WHERE active AND topic = $1 AND ($2::text IS NULL OR source = $2) ORDER BY id',
    [slug, source ?? null],
  );
  if (found.rows.length === 0) throw new InvalidInputError('unknown_community', `topic ${slug} has no community${source ? ` of source ${source}` : ''}`);
  return found.rows;
}

interface StatusRow {
  topic: string;
  source: string;
  query: object;
  status: string | null;
  started_at: Date | null;
  seen: number | null;
  new_posts: number | null;
  new_revisions: number | null;
  refused: number | null;
  error: string | null;
}

export async function showCrawlStatus(edge: Edge, flags: { readonly json?: boolean }): Promise<ExitCode> {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const runs = await hearsay.pool.query<StatusRow>(
      `SELECT m.topic, m.source, m.query, c.status, c.started_at, c.seen, c.new_posts, c.new_revisions, c.refused, c.error
         FROM community m LEFT JOIN LATERAL (SELECT * FROM crawl WHERE community_id = m.id ORDER BY id DESC LIMIT 1) c ON true
        WHERE m.active ORDER BY m.topic, m.id`,
    );
    const drops = await hearsay.pool.query<{ topic: string; stage: string; code: string; count: number }>(
      'SELECT topic, stage, code, count(*)::int AS count FROM refusal GROUP BY topic, stage, code ORDER BY topic, stage, count DESC',
    );
    if (flags.json) {
      await edge.out(`${JSON.stringify({ communities: runs.rows, drops: drops.rows })}\n`);
      return EXIT.ok;
    }
    for (const run of runs.rows) {
      const last =
        run.status === null
          ? 'never crawled'
          : `${run.status} ${run.started_at?.toISOString()}: ${run.seen} items, ${run.new_posts} new, ${run.new_revisions} changed, ${run.refused} not kept`;
      await edge.out(`${run.topic}  ${run.source} ${JSON.stringify(run.query)}\n    ${last}${run.error ? `\n    ${run.error}` : ''}\n`);
    }
    for (const drop of drops.rows) await edge.out(`${drop.topic}  not kept at ${drop.stage}: ${drop.count} ${drop.code}\n`);
    return EXIT.ok;
  });
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
