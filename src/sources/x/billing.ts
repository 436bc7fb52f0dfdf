/** What a request to X costs: by the posts it may give, and by those that came. Prices: ../price.ts. Proved by test/unit/sources/x-billing.test.ts. */
import { z } from 'zod';
import { X_POST_READ, X_USER_READ } from '../price.ts';
import type { Billing } from '../source.ts';

/** What X gives when `max_results` is left out. */
const DEFAULT_RESULTS = 10;
const list = z.array(z.unknown()).catch([]);
const answerSchema = z.object({ data: list, includes: z.object({ tweets: list, posts: list, users: list }).catch({ tweets: [], posts: [], users: [] }) });

export const xBilling: Billing = {
  worst({ url }) {
    const { pathname, searchParams } = new URL(url);
    if (pathname.startsWith('/2/tweets/search/')) return Number(searchParams.get('max_results') ?? DEFAULT_RESULTS) * X_POST_READ;
    if (pathname === '/2/tweets') return (searchParams.get('ids') ?? '').split(',').length * X_POST_READ;
    // Usage and compliance jobs have no price.
    return 0;
  },
  actual({ status, body }) {
    // A refusal gives no post. Of a server error nobody knows: the worst stays counted.
    if (status >= 400 && status < 500) return 0;
    let json: unknown;
    try {
      json = JSON.parse(body.toString('utf8'));
    } catch {
      return undefined;
    }
    const answer = answerSchema.safeParse(json);
    if (status >= 300 || !answer.success) return undefined;
    const { data, includes } = answer.data;
    // Whether what is included is billed is not said anywhere: it is counted.
    return (data.length + includes.tweets.length + includes.posts.length) * X_POST_READ + includes.users.length * X_USER_READ;
  },
};
