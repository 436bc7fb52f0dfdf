/** Budgets of sources as the environment gives them (src/model/source-budget.ts). */
import { describe, expect, it } from 'vitest';
import { joinLimits, parseLimits } from '../../../src/model/source-budget.ts';

describe('parseLimits', () => {
  it.each([
    ['', {}],
    ['x=50', { x: 50 }],
    [' x = 12.50 , reddit=3,', { x: 12.5, reddit: 3 }],
    ['x=0', { x: 0 }],
  ])('reads %j', (text, expected) => {
    expect(parseLimits(text, { whole: false })).toEqual(expected);
  });

  it.each(['x', 'x=', 'x=-1', 'x=1e9', 'x=1.234', '=5', 'X=5', 'x=5;reddit=3', 'x=1,x=2'])('says what is wrong with %j', (text) => {
    expect(parseLimits(text, { whole: false })).toEqual(expect.any(String));
  });

  it('takes whole numbers alone where these are meant', () => {
    expect(parseLimits('web=20000', { whole: true })).toEqual({ web: 20_000 });
    expect(parseLimits('web=2.5', { whole: true })).toEqual(expect.any(String));
  });
});

it('joins both kinds by source', () => {
  expect(joinLimits({ x: 100, web: 5 }, { x: 20 })).toEqual({ x: { requestsPerDay: 100, usdPerMonth: 20 }, web: { requestsPerDay: 5 } });
});
