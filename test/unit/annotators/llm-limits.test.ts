import { describe, expect, it } from 'vitest';
import { costOf, requireRoom } from '../../../src/annotators/llm/limits.ts';
import { ownAllowance } from '../../../src/annotators/llm/own-account.ts';
import { RateLimitedError } from '../../../src/errors.ts';

const NOW = new Date('2026-03-31T18:00:00Z');
const HOUR_MS = 3_600_000;
const PRICE = { input: 0.5, output: 2 };

describe('costOf', () => {
  it('is in millionths of a dollar, rounded up', () => {
    expect(costOf({ input: 1_000_000, output: 1_000_000 }, PRICE)).toBe(2_500_000);
    expect(costOf({ input: 1, output: 0 }, PRICE)).toBe(1);
    expect(costOf({ input: 1_000_000, output: 1_000_000 }, undefined)).toBe(0);
  });
});

function refusalOf(act: () => void): RateLimitedError | undefined {
  try {
    act();
  } catch (error) {
    return error as RateLimitedError;
  }
  return undefined;
}

describe('requireRoom', () => {
  const most = { input: 800, output: 200 };

  it('lets through what just fits, and waits for the next UTC day with the rest', () => {
    const options = { limits: { tokensPerDay: 5_000 }, now: NOW };
    expect(refusalOf(() => requireRoom({ tokensToday: 4_000, microUsdThisMonth: 0 }, most, options))).toBeUndefined();
    const refusal = refusalOf(() => requireRoom({ tokensToday: 4_001, microUsdThisMonth: 0 }, most, options));
    expect(refusal).toBeInstanceOf(RateLimitedError);
    expect(refusal).toMatchObject({ code: 'llm_budget_spent', retryAfterMs: 6 * HOUR_MS });
  });
  it('waits for the next UTC month where the money might not do', () => {
    const options = { limits: { usdPerMonth: 0.001 }, price: PRICE, now: new Date('2026-03-30T18:00:00Z') };
    expect(refusalOf(() => requireRoom({ tokensToday: 0, microUsdThisMonth: 200 }, most, options))).toBeUndefined();
    expect(refusalOf(() => requireRoom({ tokensToday: 0, microUsdThisMonth: 201 }, most, options))).toMatchObject({
      code: 'llm_budget_spent',
      retryAfterMs: 30 * HOUR_MS,
    });
  });
  it('limits nothing where nothing is set', () => {
    expect(refusalOf(() => requireRoom({ tokensToday: 1e12, microUsdThisMonth: 1e12 }, most, { limits: {}, now: NOW }))).toBeUndefined();
  });
});

describe('ownAllowance', () => {
  it('counts the most before, and what was used after', async () => {
    const allowance = ownAllowance({ tokensPerDay: 2_000 }, { price: undefined, now: () => NOW });
    const settle = await allowance.reserve({ input: 1_000, output: 500 });
    await expect(allowance.reserve({ input: 400, output: 200 })).rejects.toMatchObject({ code: 'llm_budget_spent' });
    await settle({ input: 900, output: 100 });
    await allowance.reserve({ input: 400, output: 200 });
    await expect(allowance.reserve({ input: 400, output: 200 })).rejects.toMatchObject({ code: 'llm_budget_spent' });
  });
});
