/** What the operator lets a source use up, all its communities together: `name=number,name=number`. Proved by test/unit/model/source-budget.test.ts. */

interface SourceBudget {
  /** Of crawls, by UTC day. */
  readonly requestsPerDay?: number;
  /** By UTC month. */
  readonly usdPerMonth?: number;
}
export type SourceBudgets = Readonly<Record<string, SourceBudget>>;

const PAIR = /^\s*([a-z][a-z0-9_]*)\s*=\s*(\d{1,9}(?:\.\d{1,2})?)\s*$/;

/** Source name -> number, or what is wrong with the text. */
export function parseLimits(text: string, options: { readonly whole: boolean }): Readonly<Record<string, number>> | string {
  const limits = new Map<string, number>();
  for (const [index, part] of text
    .split(',')
    .filter((each) => each.trim() !== '')
    .entries()) {
    const [, name, number] = PAIR.exec(part) ?? [];
    if (name === undefined || number === undefined || (options.whole && number.includes('.')))
      return `entry ${index + 1} must have the form source=${options.whole ? '1000' : '12.50'}`;
    if (limits.has(name)) return `names ${name} twice`;
    limits.set(name, Number(number));
  }
  return Object.fromEntries(limits);
}

export function joinLimits(requestsPerDay: Readonly<Record<string, number>>, usdPerMonth: Readonly<Record<string, number>>): SourceBudgets {
  return Object.fromEntries(
    [...new Set([...Object.keys(requestsPerDay), ...Object.keys(usdPerMonth)])].map((name) => {
      const [requests, usd] = [requestsPerDay[name], usdPerMonth[name]];
      return [name, { ...(requests === undefined ? {} : { requestsPerDay: requests }), ...(usd === undefined ? {} : { usdPerMonth: usd }) }];
    }),
  );
}
