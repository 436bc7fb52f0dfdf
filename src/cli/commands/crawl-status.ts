/**
 * `hearsay crawl status`: what became of each community, what may be missing, what is owed to platforms, what the LLM annotator used up, and
 * what was not kept; and `hearsay crawl accept-gap`. Proved by test/integration/coverage.test.ts, close-gaps.test.ts, owed-rechecks.test.ts
 * and llm.test.ts.
 */
import { inUsd } from '../../annotators/llm/limits.ts';
import type { LlmSettings } from '../../annotators/llm/settings.ts';
import { InvalidInputError } from '../../errors.ts';
import type { GapCloser, GapKind } from '../../model/gap.ts';
import { acceptGap } from '../../pipeline/close-gaps.ts';
import { type LlmStanding, readLlmStanding } from '../../pipeline/llm-usage.ts';
import { type CommunityCoverage, type Gap, type Outcome, readCoverage, WINDOW_DAYS } from '../../pipeline/read-coverage.ts';
import { readRechecks, type RecheckStanding } from '../../pipeline/read-rechecks.ts';
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
  stopped: 'a budget or a stopped source ended the run; the next one goes on',
  quiet: 'nothing new for longer than its own history explains',
};

const CLOSER_WORDS: Readonly<Record<GapCloser, string>> = { crawl: 'by a later run', import: 'by the file', person: 'accepted by' };

/** Long enough for a sentence. */
const MAX_WHY = 500;
const MAX_WHO = 100;

export async function acceptGapByHand(edge: Edge, gap: string, flags: { readonly who: string; readonly why: string }): Promise<ExitCode> {
  const [who, why] = [flags.who.trim().slice(0, MAX_WHO), flags.why.trim().slice(0, MAX_WHY)];
  if (!who || !why) throw new InvalidInputError('bad_reason', '--who and --why say who accepts the gap, and why');
  const id = /^[1-9]\d{0,14}$/.test(gap) ? Number(gap) : 0;
  return withHearsay(edge, {}, async ({ hearsay }) => {
    await acceptGap(hearsay.pool, id, { who, why, now: hearsay.now() });
    await edge.out(`gap ${id} is closed, accepted by ${who}: ${why}\n`);
    return EXIT.ok;
  });
}

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
    const rechecks = await readRechecks(hearsay.pool, hearsay.now());
    // Also where the LLM annotates nothing that counts: a shadow run costs the same money.
    const settings = edge.config.llm;
    const llm = settings && { settings, used: await readLlmStanding(hearsay.pool, hearsay.now()) };
    if (flags.json) {
      await edge.out(`${JSON.stringify({ communities, rechecks, drops: drops.rows, ...(llm && { llm: llmAsJson(llm) }) })}\n`);
      return EXIT.ok;
    }
    for (const community of communities)
      await edge.out(
        describeCoverage(community)
          .map((line, at) => `${at === 0 ? '' : '    '}${line}\n`)
          .join(''),
      );
    for (const standing of rechecks) for (const line of describeOwed(standing)) await edge.out(`${line}\n`);
    if (llm) await edge.out(`${describeLlm(llm)}\n`);
    for (const drop of drops.rows) await edge.out(`${drop.topic}  not kept at ${drop.stage}: ${drop.count} ${drop.code}\n`);
    return EXIT.ok;
  });
}

function describeCoverage(row: CommunityCoverage): string[] {
  const lines = [`${row.topic}  ${row.source} ${JSON.stringify(row.query)}  community ${row.community}`];
  const run =
    row.outcome === 'never' ? '' : `: ${row.seen} items, ${row.new_posts} new, ${row.new_revisions} changed, ${row.gone} gone, ${row.refused} not kept`;
  lines.push(`${OUTCOME_WORDS[row.outcome]}${row.started_at ? ` ${row.started_at.toISOString()}` : ''}${run}`);
  if (row.error) lines.push(row.error);
  if (row.outcome === 'failed')
    lines.push(row.last_success_at ? `last run that ended well: ${row.last_success_at.toISOString()}` : 'no run has ended well yet');
  // What a run closed needs nobody's attention any more; what a file or a person closed is their word.
  lines.push(...row.gaps.filter(({ closed_by: closer }) => closer !== 'crawl').map(describeGap));
  if (row.failures.length > 0) lines.push(describeFailures(row));
  return lines;
}

function describeGap(gap: Gap): string {
  const { id, kind, since, until, closed_at: closed, closed_by: closer } = gap;
  const span = `(${kind}) ${since?.toISOString() ?? 'from the beginning'} to ${until?.toISOString() ?? 'now'}`;
  if (closed === null || closer === null) return `GAP ${id} ${span}: ${GAP_WORDS[kind]}`;
  return `gap ${id} ${span}: closed ${closed.toISOString()} ${CLOSER_WORDS[closer]} ${gap.closed_who}${gap.closed_why === null ? '' : `: ${gap.closed_why}`}`;
}

/** Nothing while rounds keep up. */
function describeOwed({ source, kept, due, late, oldest, every_hours: hours, because, last_round: round }: RecheckStanding): string[] {
  if (late === 0 && (due === 0 || round?.error == null)) return [];
  return [
    `${source}: RE-CHECKS OWED for ${due} of ${kept} kept posts, ${late} of them late: due every ${hours} hours, the oldest look is of ${oldest?.toISOString()}`,
    `    ${because}`,
    `    ${round ? `last round ${round.at.toISOString()} asked about ${round.checked}${round.error === null ? '' : `: ${round.error}`}` : 'no round was ever made'}`,
  ];
}

interface LlmUse {
  readonly settings: LlmSettings;
  readonly used: LlmStanding;
}

function describeLlm({ settings: { limits, model, price }, used }: LlmUse): string {
  const of = (limit: string | undefined): string => (limit === undefined ? ' (no limit)' : ` of ${limit}`);
  const tokens = `${used.tokensToday.toLocaleString('en')}${of(limits.tokensPerDay?.toLocaleString('en'))} tokens`;
  const usd = limits.usdPerMonth === undefined ? undefined : `$${limits.usdPerMonth}`;
  // Without a price nothing is known of money: $0 would be a claim.
  const money = price ? `, $${inUsd(used.microUsdToday)}; this month $${inUsd(used.microUsdThisMonth)}${of(usd)}` : '';
  return `llm ${model}, this UTC day: ${used.requestsToday.toLocaleString('en')} requests, ${tokens}${money}`;
}

/** Null: no limit, or no price to count money by. */
function llmAsJson({ settings: { limits, model, price }, used }: LlmUse): object {
  return {
    model,
    requests_today: used.requestsToday,
    tokens_today: used.tokensToday,
    tokens_per_day: limits.tokensPerDay ?? null,
    micro_usd_today: price ? used.microUsdToday : null,
    micro_usd_this_month: price ? used.microUsdThisMonth : null,
    usd_per_month: limits.usdPerMonth ?? null,
  };
}

function describeFailures({ failures }: CommunityCoverage): string {
  const counts = new Map<string, number>();
  for (const { code, runs } of failures) counts.set(code, (counts.get(code) ?? 0) + runs);
  const listed = [...counts].sort((a, b) => b[1] - a[1]).map(([code, runs]) => `${runs} ${code}`);
  return `failed runs in ${WINDOW_DAYS} days: ${listed.join(', ')}; last on ${failures.at(-1)?.day}`;
}
