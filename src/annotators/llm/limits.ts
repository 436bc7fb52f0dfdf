/** What answers cost, and when no more of them may be asked for. Pure; who keeps the account is the caller's. Proved by test/unit/annotators/llm-limits.test.ts. */
import { RateLimitedError } from '../../errors.ts';
import type { Usage } from './ports.ts';

/** US dollars per million tokens, which is millionths of a dollar per token. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
}

export interface LlmLimits {
  /** Input and output together, by UTC day; absent: no limit. */
  readonly tokensPerDay?: number;
  /** By UTC month; absent: no limit. Needs a price. */
  readonly usdPerMonth?: number;
}

export interface Spent {
  readonly tokensToday: number;
  readonly microUsdThisMonth: number;
}

const MICRO_USD = 1_000_000;

/** In millionths of a US dollar, rounded up; 0 without a price. */
export function costOf(usage: Usage, price: TokenPrice | undefined): number {
  return price === undefined ? 0 : Math.ceil(usage.input * price.input + usage.output * price.output);
}

/** Raises `RateLimitedError` (`llm_budget_spent`) until the next UTC day or month where the request might go over. */
export function requireRoom(
  spent: Spent,
  most: Usage,
  options: { readonly limits: LlmLimits; readonly price?: TokenPrice | undefined; readonly now: Date },
): void {
  const { limits, price, now } = options;
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const tokens = most.input + most.output;
  if (spent.tokensToday + tokens > (limits.tokensPerDay ?? Number.POSITIVE_INFINITY))
    throw new RateLimitedError(
      'llm_budget_spent',
      `The next answer may take ${tokens} tokens; ${spent.tokensToday} of the ${limits.tokensPerDay} of this UTC day are used.`,
      Date.UTC(year, month, day + 1) - now.getTime(),
    );
  const microUsd = costOf(most, price);
  if (spent.microUsdThisMonth + microUsd > (limits.usdPerMonth ?? Number.POSITIVE_INFINITY) * MICRO_USD)
    throw new RateLimitedError(
      'llm_budget_spent',
      `The next answer may cost $${inUsd(microUsd)}; $${inUsd(spent.microUsdThisMonth)} of the $${limits.usdPerMonth} of this UTC month are spent.`,
      Date.UTC(year, month + 1, 1) - now.getTime(),
    );
}

export function inUsd(microUsd: number): string {
  return (microUsd / MICRO_USD).toFixed(4);
}
