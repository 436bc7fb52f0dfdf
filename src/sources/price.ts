/**
 * What platforms charge, in one place: prices change without notice, so compare them with the platform's page before you raise a budget.
 * Money is counted in millionths of a US dollar, which add up without rounding.
 */
export const MICRO_USD = 1_000_000;

/**
 * X API v2, pay per use, since 2026-02-06: $0.005 per post read and $0.010 per user read, as docs.x.com said in August 2026
 * (xdevplatform/docs, "Pricing"). A post read twice within one UTC day is said to be billed once, as a courtesy: it is counted twice here.
 */
export const X_POST_READ = 5_000;
export const X_USER_READ = 10_000;

export function formatUsd(microUsd: number): string {
  return `$${(microUsd / MICRO_USD).toFixed(microUsd % 10_000 === 0 ? 2 : 3)}`;
}
