/** `hearsay crawl --dry-run`: what would be asked and what it could cost, as text or JSON lines. */
import type { CommunityRow } from '../../pipeline/crawl.ts';
import { type DryRun, planCrawl } from '../../pipeline/dry-run.ts';
import type { Hearsay } from '../../pipeline/hearsay.ts';
import { formatUsd } from '../../sources/price.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';

/** Always 0: what is missing is part of the answer. */
export async function showCrawlPlan(
  edge: Edge,
  hearsay: Hearsay,
  asked: { readonly communities: readonly CommunityRow[]; readonly json: boolean },
): Promise<ExitCode> {
  for (const community of asked.communities) {
    const plan = await planCrawl(hearsay, community);
    await edge.out(asked.json ? `${JSON.stringify(plan)}\n` : describePlan(plan));
  }
  return EXIT.ok;
}

function describePlan(plan: DryRun): string {
  const { least, most } = plan.requests;
  const number = most === undefined ? `${least} or more` : most === least ? `${most}` : `${least} to ${most}`;
  const missing = plan.credentials.filter(({ required, set }) => required && !set).map(({ env }) => env);
  const present = plan.credentials.filter(({ set }) => set).map(({ env }) => env);
  const lines = [
    ...(plan.why ? [`would not run (${plan.why.code}): ${plan.why.message}`] : []),
    ...(plan.first ? [`first request: ${plan.first.method} ${plan.first.url}`] : []),
    `requests: ${number}${plan.requestsToday ? `; ${plan.requestsToday.made} of ${plan.requestsToday.limit} today made by this source` : ''}`,
    `budget: ${describeBudget(plan)}`,
    ...(plan.cost ? [describeCost(plan.cost)] : []),
    ...(plan.quota ? [describeQuota(plan.quota)] : []),
    ...(plan.credentials.length === 0
      ? []
      : [`credentials: ${present.length > 0 ? `${present.join(', ')} set` : 'none set'}${missing.length > 0 ? `; missing ${missing.join(', ')}` : ''}`]),
  ];
  return `${plan.topic}: would crawl ${plan.source} ${JSON.stringify(plan.query)}\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

function describeBudget({ budget }: DryRun): string {
  const parts = Object.entries(budget).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function describeQuota({ least, most, perDay }: NonNullable<DryRun['quota']>): string {
  return `quota: ${least === most ? most : `${least} to ${most}`} units of the platform's ${perDay} a day by default, which all runs share`;
}

function describeCost(cost: NonNullable<DryRun['cost']>): string {
  const most = cost.most === undefined ? 'no bound is set' : `at most ${formatUsd(cost.most)}`;
  return `cost: ${most}, up to ${formatUsd(cost.first)} a request; ${formatUsd(cost.spentThisMonth)} spent this month (UTC)${cost.left === undefined ? '' : `, ${formatUsd(cost.left)} left`}`;
}
