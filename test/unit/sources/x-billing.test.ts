/** What a request to X may cost and did cost (src/sources/x/billing.ts), in millionths of a dollar, at $0.005 a post and $0.010 a user. */
import { describe, expect, it } from 'vitest';
import { xBilling } from '../../../src/sources/x/billing.ts';
import { searchRequest, xQuerySchema } from '../../../src/sources/x/query.ts';

const answer = (status: number, body: unknown) => ({
  url: 'https://api.x.com/2/tweets',
  status,
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  fetchedAt: '2026-11-23T06:00:00Z',
});
const search = (query: object): string => {
  const { path, params } = searchRequest(xQuerySchema.parse(query), {});
  return `https://api.x.com${path}?${new URLSearchParams(params)}`;
};

describe('worst case of a request', () => {
  it.each([
    ['a page of recent search', search({ search: 'semax' }), 500_000],
    ['a page of the archive', search({ search: 'semax', archive: true }), 2_500_000],
    ['a search that does not say how many', 'https://api.x.com/2/tweets/search/recent?query=semax', 50_000],
    ['a look-up of three posts', 'https://api.x.com/2/tweets?ids=1%2C2%2C3', 15_000],
    ['usage', 'https://api.x.com/2/usage/tweets', 0],
    ['a compliance job', 'https://api.x.com/2/compliance/jobs', 0],
  ])('%s', (_what, url, microUsd) => {
    expect(xBilling.worst({ url })).toBe(microUsd);
  });
});

describe('what an answer cost', () => {
  it.each([
    ['posts', answer(200, { data: [{}, {}] }), 10_000],
    ['nothing found', answer(200, { meta: { result_count: 0 } }), 0],
    ['what came along', answer(200, { data: [{}], includes: { users: [{}], tweets: [{}] } }), 20_000],
    ['a refusal', answer(429, '{}'), 0],
    ['a server error: nobody knows', answer(503, '<html>'), undefined],
    ['an answer that cannot be read', answer(200, '{"data":['), undefined],
    ['a redirect', answer(302, '{}'), undefined],
  ])('%s', (_what, response, microUsd) => {
    expect(xBilling.actual(response)).toBe(microUsd);
  });
});
