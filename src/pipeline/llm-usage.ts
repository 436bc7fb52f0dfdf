/**
 * The account of the LLM annotator: tokens and money by UTC day and model, of all processes together. As with requests that sources bill
 * (spending.ts), the most an answer may take is counted before it is asked for; a crash leaves too much counted and never too little.
 * Proved by test/integration/llm.test.ts.
 */
import type { ClientBase, Pool } from 'pg';
import { costOf, type LlmLimits, requireRoom, type Spent, type TokenPrice } from '../annotators/llm/limits.ts';
import type { Allowance, Usage } from '../annotators/llm/ports.ts';
import { inTransaction } from '../db/pool.ts';

export interface LlmAccount {
  readonly model: string;
  readonly limits: LlmLimits;
  readonly price?: TokenPrice | undefined;
  readonly now: () => Date;
}

export function createLlmAllowance(pool: Pool, { model, limits, price, now }: LlmAccount): Allowance {
  return {
    async reserve(most) {
      const at = now();
      const day = dayOf(at);
      const cost = costOf(most, price);
      await inTransaction(pool, async (client) => {
        // One at a time: a sum over rows that rivals are adding to would be too small.
        await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('hearsay/llm-usage', 0))`);
        requireRoom(await readSpent(client, at), most, { limits, price, now: at });
        await client.query(
          `INSERT INTO llm_usage AS held (day, model, requests, input_tokens, output_tokens, micro_usd) VALUES ($1, $2, 1, $3, $4, $5)
           ON CONFLICT (day, model) DO UPDATE SET requests = held.requests + 1, input_tokens = held.input_tokens + excluded.input_tokens,
             output_tokens = held.output_tokens + excluded.output_tokens, micro_usd = held.micro_usd + excluded.micro_usd`,
          [day, model, most.input, most.output, cost],
        );
      });
      return async (used: Usage) => {
        await pool.query(
          'UPDATE llm_usage SET input_tokens = input_tokens + $3, output_tokens = output_tokens + $4, micro_usd = micro_usd + $5 WHERE day = $1 AND model = $2',
          [day, model, used.input - most.input, used.output - most.output, costOf(used, price) - cost],
        );
      };
    },
  };
}

export interface LlmStanding {
  /** Requests and tokens of this UTC day, money of this day and month; all models together, as the limits are. */
  readonly requestsToday: number;
  readonly tokensToday: number;
  readonly microUsdToday: number;
  readonly microUsdThisMonth: number;
}

/** Answers that are under way count with the most they may take. */
export async function readLlmStanding(pool: Pool, at: Date): Promise<LlmStanding> {
  const found = await pool.query<{ requests: number; micro_usd: number }>(
    'SELECT coalesce(sum(requests), 0)::bigint AS requests, coalesce(sum(micro_usd), 0)::bigint AS micro_usd FROM llm_usage WHERE day = $1',
    [dayOf(at)],
  );
  const today = found.rows[0] as { requests: number; micro_usd: number };
  return { requestsToday: today.requests, microUsdToday: today.micro_usd, ...(await readSpent(pool, at)) };
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

async function readSpent(client: ClientBase | Pool, at: Date): Promise<Spent> {
  const day = dayOf(at);
  const found = await client.query<{ tokens: number; micro_usd: number }>(
    `SELECT coalesce(sum(input_tokens + output_tokens) FILTER (WHERE day = $1), 0)::bigint AS tokens, coalesce(sum(micro_usd), 0)::bigint AS micro_usd
       FROM llm_usage WHERE day >= date_trunc('month', $1::date)::date AND day < (date_trunc('month', $1::date) + interval '1 month')::date`,
    [day],
  );
  const row = found.rows[0] as { tokens: number; micro_usd: number };
  return { tokensToday: row.tokens, microUsdThisMonth: row.micro_usd };
}
