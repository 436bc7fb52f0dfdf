/** `hearsay crawl status`: what became of each community, what may be missing, and what was not kept. Proved by test/integration/coverage.test.ts. */
import { InvalidInputError } from '../../errors.ts';
import type { GapKind } from '../../model/gap.ts';
import { type CommunityCoverage, type Gap, type Outcome, readCoverage, WINDOW_DAYS } from '../../pipeline/read-coverage.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  never: 'never crawled',
  running: 'running since',
  failed: 'failed',
  stopped: 'stopped',
  asked_nothing: 'asked nothing',
  nothing_found: 'asked, found nothing',
  nothing_new: 'nothing new',
  found: 'found something',
};

const GAP_WORDS: Readonly<Record<GapKind, string>> = {
  cap: 'the listing ended above what was read before',
  budget: '`max_pages` ended the listing above what was read before',
  stopped: 'the budget ended the run; the next one goes on',
  quiet: 'nothing new for longer than its own history explains',
};

export async function showCrawlStatus(edge: Edge, slug: string | undefined, flags: { readonly json?: boolean }): Promise<ExitCode> {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    if (slug !== undefined && !hearsay.topics.has(slug))
      throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${[...hearsay.topics.keys()].join(', ')}`);
    const communities = await readCoverage(hearsay.pool, slug);
    const drops = await hearsay.pool.query<{ topic: string; stage: string; code: string; count: number }>(
      `SELECT topic, stage, code, count(*)::int AS count FROM refusal
        WHERE $1::text IS NULL OR topic = $1 GROUP BY topic, stage, code ORDER BY topic, stage, count DESC`,
      [slug ?? null],
    );
    if (flags.json) {
      await edge.out(`${JSON.stringify({ communities, drops: drops.rows })}\n`);
      return EXIT.ok;
    }
    for (const community of communities)
      await edge.out(
        describeCoverage(community)
          .map((line, at) => `${at === 0 ? '' : '    '}${line}\n`)
          .join(''),
      );
    for (const drop of drops.rows) await edge.out(`${drop.topic}  not kept at ${drop.stage}: ${drop.count} ${drop.code}\n`);
    return EXIT.ok;
  });
}

function describeCoverage(row: CommunityCoverage): string[] {
  const lines = [`${row.topic}  ${row.source} ${JSON.stringify(row.query)}`];
  const run =
    row.outcome === 'never' ? '' : `: ${row.seen} items, ${row.new_posts} new, ${row.new_revisions} changed, ${row.gone} gone, ${row.refused} not kept`;
  lines.push(`${OUTCOME_WORDS[row.outcome]}${row.started_at ? ` ${row.started_at.toISOString()}` : ''}${run}`);
  if (row.error) lines.push(row.error);
  if (row.outcome === 'failed')
    lines.push(row.last_success_at ? `last run that ended well: ${row.last_success_at.toISOString()}` : 'no run has ended well yet');
  lines.push(...row.gaps.filter(({ closed_at: closed }) => closed === null).map(describeGap));
  if (row.failures.length > 0) lines.push(describeFailures(row));
  return lines;
}

function describeGap({ kind, since, until }: Gap): string {
  return `GAP (${kind}) ${since?.toISOString() ?? 'from the beginning'} to ${until?.toISOString() ?? 'now'}: ${GAP_WORDS[kind]}`;
}

function describeFailures({ failures }: CommunityCoverage): string {
  const counts = new Map<string, number>();
  for (const { code, runs } of failures) counts.set(code, (counts.get(code) ?? 0) + runs);
  const listed = [...counts].sort((a, b) => b[1] - a[1]).map(([code, runs]) => `${runs} ${code}`);
  return `failed runs in ${WINDOW_DAYS} days: ${listed.join(', ')}; last on ${failures.at(-1)?.day}`;
}
