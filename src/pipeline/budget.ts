/**
 * The client that a source fetches through where money or a daily number of requests is limited: what would go over a budget is not
 * asked. Deletion is a duty, so no community's budget and no number of requests holds re-checks up; the month's money of their source does,
 * and what is owed then is shown (read-rechecks.ts). Proved by test/integration/budget.test.ts.
 */
import { RateLimitedError } from '../errors.ts';
import type { HttpClient, HttpResponse } from '../fetch/http.ts';
import type { Budget } from '../model/topic.ts';
import { formatUsd, MICRO_USD } from '../sources/price.ts';
import type { Source } from '../sources/source.ts';
import type { Hearsay } from './hearsay.ts';
import { type Account, type Limits, type Reservation, reserve, settle, type Spender } from './spending.ts';

export interface Meter {
  /** To fetch through: the client itself where nothing is counted. */
  readonly http: HttpClient;
  /** Why the last request was not asked. A source may have taken it for the failure of one page and gone on. */
  refusal(): RateLimitedError | undefined;
}

interface KeptMeter extends Meter {
  /** Before a run: what the one before was refused is no news. */
  forgetRefusal(): void;
}

export function limitsOf(hearsay: Pick<Hearsay, 'sourceBudgets'>, source: string, budget: Budget): Limits {
  const { requestsPerDay, usdPerMonth } = hearsay.sourceBudgets?.[source] ?? {};
  return {
    ...(budget.usd_per_month === undefined ? {} : { ofCommunity: Math.round(budget.usd_per_month * MICRO_USD) }),
    ...(usdPerMonth === undefined ? {} : { ofSource: Math.round(usdPerMonth * MICRO_USD) }),
    ...(requestsPerDay === undefined ? {} : { requestsPerDay }),
  };
}

/** For a crawl of a community. */
export function meterCrawl(hearsay: Hearsay, source: Source, community: { readonly id: number; readonly budget: Budget }): Meter {
  return openMeter(hearsay, source, { spender: { purpose: 'crawl', communityId: community.id }, limits: limitsOf(hearsay, source.name, community.budget) });
}

/** For look-ups of cited studies, which belong to no one community. */
export function meterLookup(hearsay: Hearsay, source: Source): Meter {
  return openMeter(hearsay, source, { spender: { purpose: 'lookup' }, limits: limitsOf(hearsay, source.name, {}) });
}

/** For re-checks of kept posts, which no number of requests limits. */
export function meterRecheck(hearsay: Hearsay, source: Source): Meter {
  const { requestsPerDay: _ofCrawls, ...limits } = limitsOf(hearsay, source.name, {});
  return openMeter(hearsay, source, { spender: { purpose: 'recheck' }, limits });
}

function openMeter(hearsay: Hearsay, source: Source, use: Use): Meter {
  if (!source.billing && use.limits.requestsPerDay === undefined) return { http: hearsay.http, refusal: () => undefined };
  const meter = keptMeter(hearsay, source, use);
  meter.forgetRefusal();
  return meter;
}

/** Kept per client, because a source keeps what belongs to its client from run to run, such as a token and its rate. */
const kept = new WeakMap<HttpClient, Map<string, KeptMeter>>();

interface Use {
  readonly spender: Spender;
  readonly limits: Limits;
}

function keptMeter(hearsay: Hearsay, source: Source, use: Use): KeptMeter {
  const ofClient = kept.get(hearsay.http) ?? new Map<string, KeptMeter>();
  kept.set(hearsay.http, ofClient);
  // Where nothing is billed communities share one, and with it the token and its rate; look-ups beside a crawl have their own refusals.
  const key = JSON.stringify([source.name, source.billing ? use.spender : use.spender.purpose, use.limits]);
  const meter = ofClient.get(key) ?? createMeter(hearsay, source, use);
  ofClient.set(key, meter);
  return meter;
}

function createMeter(hearsay: Hearsay, source: Source, { spender, limits }: Use): KeptMeter {
  const account: Account = { source: source.name, spender };
  let refusal: RateLimitedError | undefined;
  return {
    refusal: () => refusal,
    forgetRefusal() {
      refusal = undefined;
    },
    http: {
      async fetch(request) {
        const microUsd = source.billing?.worst(request) ?? 0;
        // Such as asking how much is used.
        if (microUsd === 0 && limits.requestsPerDay === undefined) return hearsay.http.fetch(request);
        const now = hearsay.now();
        const reservation = await reserve(hearsay.pool, account, { microUsd, limits, now });
        if (reservation.kind === 'over') {
          refusal = refuse(reservation, { source: source.name, microUsd, limits, now });
          throw refusal;
        }
        refusal = undefined;
        const { month } = reservation;
        try {
          const response = await hearsay.http.fetch(request);
          await settleBy(hearsay, source, { account, month, microUsd, response });
          return response;
        } catch (error) {
          // The client's own word that the host rests: it was not asked. Any other failure may have been billed, so the worst stays.
          if (error instanceof RateLimitedError && microUsd > 0) await settle(hearsay.pool, account, { month, microUsd: -microUsd });
          throw error;
        }
      },
    },
  };
}

interface Asked {
  readonly account: Account;
  readonly month: string;
  readonly microUsd: number;
  readonly response: HttpResponse;
}

async function settleBy(hearsay: Hearsay, source: Source, asked: Asked): Promise<void> {
  const actual = source.billing?.actual(asked.response);
  if (actual === undefined || asked.microUsd === 0 || actual === asked.microUsd) return;
  await settle(hearsay.pool, asked.account, { month: asked.month, microUsd: actual - asked.microUsd });
}

function refuse(
  over: Extract<Reservation, { kind: 'over' }>,
  request: { readonly source: string; readonly microUsd: number; readonly limits: Limits; readonly now: Date },
): RateLimitedError {
  const { source, limits, microUsd, now } = request;
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  if (over.what === 'requestsPerDay')
    return new RateLimitedError(
      'budget_spent',
      `${source} has made its ${limits.requestsPerDay} requests of this UTC day.`,
      Date.UTC(year, month, day + 1) - now.getTime(),
    );
  const whose = over.what === 'ofCommunity' ? 'this community' : `all of ${source}`;
  return new RateLimitedError(
    'budget_spent',
    `The next request may cost ${formatUsd(microUsd)}; ${formatUsd(over.used)} of ${formatUsd(limits[over.what] ?? 0)} a month for ${whose} are spent.`,
    Date.UTC(year, month + 1, 1) - now.getTime(),
  );
}
