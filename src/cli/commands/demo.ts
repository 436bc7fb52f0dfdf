/**
 * `hearsay demo [--serve]`: made-up posts in the platforms' own wire formats, served by stand-ins on loopback, through the
 * real sources, queues and stages, three times: first visit, edits and deletions, restores. Prints the counts and
 * verifies the chain. Running it again changes nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { renderCounts } from '../../counts/render.ts';
import { DEMO_CREDENTIALS, type OutsideWorld, startOutsideWorld } from '../../demo/outside-world.ts';
import { demoCommunities, type Visit } from '../../demo/sample.ts';
import { IntegrityError, InvalidInputError } from '../../errors.ts';
import { exportTopic } from '../../ledger/export.ts';
import { verifyExport } from '../../ledger/verify.ts';
import type { Topic } from '../../model/topic.ts';
import type { Hearsay } from '../../pipeline/hearsay.ts';
import { recheckPosts } from '../../pipeline/recheck.ts';
import { sourcesByName } from '../../sources/list.ts';
import { readTopics } from '../../topics.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { type OpenedHearsay, openHearsay } from '../open-hearsay.ts';
import { type Pipeline, readDemoVisit, startPipeline } from '../run-pipeline.ts';
import { serveArticle } from '../serve-article.ts';
import { signAtEnd } from '../signing.ts';
import { currentCounts } from './counts.ts';

const SLUG = 'semax';
const VISITS: readonly { readonly visit: Visit; readonly story: string }[] = [
  { visit: 1, story: 'first visit' },
  { visit: 2, story: 'second visit: some posts were edited, deleted or removed meanwhile' },
  { visit: 3, story: 'third visit: removed posts are back' },
];

export async function runDemo(edge: Edge, flags: { readonly serve?: boolean }): Promise<ExitCode> {
  const started = Date.now();
  edge.talk('hearsay demo: made-up posts, no network, no keys; everything runs from this machine');
  const outside = await startOutsideWorld(1);
  try {
    const opened = await openHearsay(edge, {
      exclusive: true,
      topics: await demoTopics(edge),
      routes: outside.routes,
      credentials: DEMO_CREDENTIALS,
      hostIntervalMs: 0,
    });
    try {
      const done = await playVisits(edge, opened, outside);
      if (!done) return EXIT.interrupted;
      await report(edge, opened.hearsay);
      edge.talk(
        `done in ${((Date.now() - started) / 1_000).toFixed(1)} s; look closer with: hearsay counts ${SLUG}, hearsay review list ${SLUG}, hearsay ledger export ${SLUG} --out FILE`,
      );
      if (!flags.serve) return EXIT.ok;
      return await serveUntilStopped(edge, opened);
    } finally {
      await opened.close();
    }
  } finally {
    await outside.close();
  }
}

/** The real topic files, but only the demo's communities: nothing outside this machine is asked. */
async function demoTopics(edge: Edge): Promise<Topic[]> {
  const topics = await readTopics(edge.topicsDir, { sources: sourcesByName });
  if (!topics.some((topic) => topic.slug === SLUG))
    throw new InvalidInputError('unknown_topic', `${edge.topicsDir} has no ${SLUG}.yaml, which the demo is about`);
  return topics.map((topic) => ({ ...topic, communities: topic.slug === SLUG ? [...demoCommunities] : [] }));
}

async function playVisits(edge: Edge, opened: OpenedHearsay, outside: OutsideWorld): Promise<boolean> {
  const { hearsay } = opened;
  const played = await readDemoVisit(hearsay);
  if (played === undefined) {
    const real = await hearsay.pool.query('SELECT 1 FROM post LIMIT 1');
    if (real.rowCount)
      throw new InvalidInputError(
        'real_data',
        'this data directory holds real posts, which the demo must not be mixed with: set HEARSAY_DATA to another directory',
      );
    await setVisit(hearsay, 0);
  } else if (played > 0) edge.talk(`visit ${played} was played here before; going on from there`);
  const pipeline = await startPipeline(edge, opened, 'all');
  try {
    for (const { visit, story } of VISITS) {
      // A visit once played belongs to the past: its older texts would look like edits back.
      if (visit < Math.max(played ?? 0, 1)) continue;
      await outside.turnTo(visit);
      edge.talk(`\n${story}`);
      if (!(await playVisit(edge, opened, pipeline))) return false;
      await signAtEnd(edge, opened.hearsay);
      await setVisit(hearsay, visit);
    }
    return true;
  } finally {
    await pipeline.close();
  }
}

async function setVisit(hearsay: Hearsay, visit: number): Promise<void> {
  await hearsay.pool.query(`INSERT INTO setting (name, value) VALUES ('demo_visit', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [
    String(visit),
  ]);
}

interface RunRow {
  source: string;
  query: Record<string, unknown>;
  status: string;
  seen: number;
  new_posts: number;
  new_revisions: number;
  unchanged: number;
  refused: number;
  error: string | null;
}

async function playVisit(edge: Edge, { hearsay }: OpenedHearsay, pipeline: Pipeline): Promise<boolean> {
  const last = await hearsay.pool.query<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM crawl');
  const communities = await hearsay.pool.query<{ id: number; source: string }>('SELECT id, source FROM community WHERE active ORDER BY id');
  for (const community of communities.rows) await pipeline.queues.addCrawl(community);
  if (!(await waitForCrawls(edge, pipeline, communities.rows.length))) return false;
  const runs = await hearsay.pool.query<RunRow>(
    `SELECT c.source, m.query, c.status, c.seen, c.new_posts, c.new_revisions, c.unchanged, c.refused, c.error
       FROM crawl c JOIN community m ON m.id = c.community_id WHERE c.id > $1 ORDER BY c.community_id, c.id`,
    [(last.rows[0] as { id: number }).id],
  );
  for (const run of runs.rows) edge.talk(`  ${describeRun(run)}`);
  const checked = await recheckPosts(hearsay, { all: true, signal: edge.signal });
  await pipeline.queues.addSweep();
  if (!(await pipeline.drain())) return false;
  edge.talk(`  re-checked ${checked.checked} kept posts with their platforms, ${checked.unknown} could not be asked about`);
  for (const { source, error } of checked.failures) edge.talk(`  re-check of ${source} failed (${error.code}): ${error.message}`);
  return true;
}

function describeRun(run: RunRow): string {
  const place = String(
    run.query['subreddit'] ??
      run.query['search'] ??
      run.query['thread'] ??
      run.query['url'] ??
      run.query['term'] ??
      `${(run.query['urls'] as string[] | undefined)?.length} pages`,
  );
  const found = `${run.seen} items: ${run.new_posts} new, ${run.new_revisions} changed, ${run.unchanged} unchanged, ${run.refused} not kept`;
  return `${run.source.padEnd(15)} ${place.slice(0, 52).padEnd(52)} ${run.error ? `${run.status}: ${run.error}` : found}`;
}

async function waitForCrawls(edge: Edge, pipeline: Pipeline, total: number): Promise<boolean> {
  for (;;) {
    if (edge.signal.aborted) return false;
    const depths = [...(await pipeline.queues.depths())].filter(([name]) => name.startsWith('crawl-'));
    const left = depths.reduce((sum, [, depth]) => sum + depth.waiting + depth.active + depth.delayed, 0);
    edge.progress(`  crawling: ${total - Math.min(left, total)} of ${total} communities done`);
    if (left === 0) break;
    await sleep(100);
  }
  edge.progress('');
  return pipeline.drain();
}

async function report(edge: Edge, hearsay: Hearsay): Promise<void> {
  const counts = await currentCounts(hearsay, SLUG);
  edge.talk('');
  await edge.out(`${renderCounts(counts)}\n`);
  const drops = await hearsay.pool.query<{ stage: string; code: string; count: number }>(
    'SELECT stage, code, count(*)::int AS count FROM refusal WHERE topic = $1 GROUP BY stage, code ORDER BY stage, count DESC, code',
    [SLUG],
  );
  await edge.out('Not kept, and why\n');
  for (const drop of drops.rows) await edge.out(`  ${`${drop.stage}: ${drop.code}`.padEnd(46)}${String(drop.count).padStart(6)}\n`);
  if (!edge.config.signer.enabled) {
    edge.talk('not verified: with HEARSAY_SIGNER=off nothing is signed, and an export is of what is signed');
    return;
  }
  const lines = exportTopic(hearsay.pool, SLUG, { withContent: true, policyOf: () => 'text' });
  const result = await verifyExport(trimmed(lines));
  if (!result.ok) throw new IntegrityError('verification_failed', `the ledger does not verify at ${result.where}: ${result.why}`);
  await edge.out(
    `\nLedger verified: ${result.size} entries, root ${result.root}\n  ${result.open} contents and ${result.quotes.checked} quotes checked, ${result.erased} contents erased; counts recomputed and equal\n`,
  );
}

async function* trimmed(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield line.slice(0, -1);
}

async function serveUntilStopped(edge: Edge, opened: OpenedHearsay): Promise<ExitCode> {
  const server = await serveArticle(edge, opened);
  edge.talk(`the article of these made-up posts: ${server.url}t/${SLUG} (Ctrl-C to stop)`);
  await new Promise<void>((resolve) => {
    if (edge.signal.aborted) resolve();
    edge.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
  return EXIT.ok;
}
