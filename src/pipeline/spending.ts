/**
 * The accounts of crawls in Postgres: money by community and month, requests by source and day, both UTC. What a request may cost is
 * counted before it is asked, in the transaction that looks whether there is room; so rivals never spend the same dollar, and a crash
 * leaves too much counted and never too little. Proved by test/integration/budget.test.ts.
 */
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../db/pool.ts';

/** Who spends: a community's crawls, the look-ups of cited studies, or the re-checks of kept posts. */
export type Spender = { readonly purpose: 'crawl'; readonly communityId: number } | { readonly purpose: 'lookup' | 'recheck' };

export interface Account {
  readonly source: string;
  readonly spender: Spender;
}

export interface Limits {
  /** In millionths of a dollar by month; absent: no limit. */
  readonly ofCommunity?: number;
  readonly ofSource?: number;
  /** Requests of the source by day. */
  readonly requestsPerDay?: number;
}

export type Reservation =
  | { readonly kind: 'reserved'; readonly month: string }
  | { readonly kind: 'over'; readonly what: 'ofCommunity' | 'ofSource' | 'requestsPerDay'; readonly used: number };

export interface Used {
  /** Of the account itself. */
  readonly ofCommunity: number;
  readonly ofSource: number;
  readonly requestsToday: number;
}

/** First day of the month, and the day, in UTC. */
function periodOf(now: Date): { readonly month: string; readonly day: string } {
  const day = now.toISOString().slice(0, 10);
  return { month: `${day.slice(0, 7)}-01`, day };
}

export async function reserve(
  pool: Pool,
  account: Account,
  request: { readonly microUsd: number; readonly limits: Limits; readonly now: Date },
): Promise<Reservation> {
  const { limits, microUsd, now } = request;
  const { month, day } = periodOf(now);
  return inTransaction(pool, async (client) => {
    // One at a time per source: a sum over rows that rivals are adding to would be too small.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('hearsay/spending/' || $1, 0))`, [account.source]);
    const used = await readUsed(client, account, now);
    if (used.requestsToday + 1 > (limits.requestsPerDay ?? Number.POSITIVE_INFINITY)) return over('requestsPerDay', used.requestsToday);
    // What is free is asked whatever was spent.
    if (microUsd > 0 && used.ofCommunity + microUsd > (limits.ofCommunity ?? Number.POSITIVE_INFINITY)) return over('ofCommunity', used.ofCommunity);
    if (microUsd > 0 && used.ofSource + microUsd > (limits.ofSource ?? Number.POSITIVE_INFINITY)) return over('ofSource', used.ofSource);
    if (limits.requestsPerDay !== undefined) {
      await client.query(
        'INSERT INTO request_day (source, day, requests) VALUES ($1, $2, 1) ON CONFLICT (source, day) DO UPDATE SET requests = request_day.requests + 1',
        [account.source, day],
      );
    }
    if (microUsd > 0) {
      await client.query(
        `INSERT INTO spending (source, purpose, community_id, month, requests, micro_usd) VALUES ($1, $2, $3, $4, 1, $5)
         ON CONFLICT (source, month, purpose, coalesce(community_id, 0))
         DO UPDATE SET requests = spending.requests + 1, micro_usd = spending.micro_usd + excluded.micro_usd`,
        [account.source, account.spender.purpose, communityOf(account), month, microUsd],
      );
    }
    return { kind: 'reserved', month };
  });
}

function over(what: 'ofCommunity' | 'ofSource' | 'requestsPerDay', used: number): Reservation {
  return { kind: 'over', what, used };
}

/** Corrects a reservation of `month` by the difference between what came and what was feared; negative gives back. */
export async function settle(pool: Pool, account: Account, correction: { readonly month: string; readonly microUsd: number }): Promise<void> {
  await pool.query(
    'UPDATE spending SET micro_usd = micro_usd + $5 WHERE source = $1 AND month = $2 AND purpose = $3 AND community_id IS NOT DISTINCT FROM $4',
    [account.source, correction.month, account.spender.purpose, communityOf(account), correction.microUsd],
  );
}

function communityOf({ spender }: Account): number | null {
  return spender.purpose === 'crawl' ? spender.communityId : null;
}

/** What was used in the month and on the day of `now`. */
export async function readUsed(client: Pool | ClientBase, account: Account, now: Date): Promise<Used> {
  const { month, day } = periodOf(now);
  const found = await client.query<{ of_account: number; of_source: number; requests: number }>(
    `SELECT coalesce(sum(micro_usd) FILTER (WHERE purpose = $3 AND community_id IS NOT DISTINCT FROM $4), 0)::bigint AS of_account,
            coalesce(sum(micro_usd), 0)::bigint AS of_source, coalesce((SELECT requests FROM request_day WHERE source = $1 AND day = $5), 0) AS requests
       FROM spending WHERE source = $1 AND month = $2`,
    [account.source, month, account.spender.purpose, communityOf(account), day],
  );
  const row = found.rows[0] as { of_account: number; of_source: number; requests: number };
  return { ofCommunity: row.of_account, ofSource: row.of_source, requestsToday: row.requests };
}
