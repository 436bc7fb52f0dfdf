import { describe, expect, it } from 'vitest';
import type { HttpClient } from '../../../src/fetch/http.ts';
import { xSource } from '../../../src/sources/x.ts';
import { xQuerySchema } from '../../../src/sources/x/query.ts';
import { xPost } from '../../fixtures/x/posts.ts';
import { contextFor, readPages } from '../../standin/client-for.ts';

/** An answer with everything about people that X could send, asked for or not. */
const CANARY = 'canary_person';
const CANARY_ID = '987654321987654321';
const hostile = {
  data: [
    xPost(1, {
      author_id: CANARY_ID,
      in_reply_to_user_id: CANARY_ID,
      username: CANARY,
      text: `@${CANARY} examplide works, see https://x.com/${CANARY}/status/1`,
      note_tweet: { text: `long text by @${CANARY}`, entities: { mentions: [{ username: CANARY, id: CANARY_ID }] } },
      entities: { mentions: [{ start: 0, end: 9, username: CANARY, id: CANARY_ID }] },
      referenced_tweets: [{ type: 'replied_to', id: '1', author_id: CANARY_ID }],
    }),
    xPost(2, { text: `RT @${CANARY}: examplide` }),
    { id: 'broken', author_id: CANARY_ID, text: 5, username: CANARY },
  ],
  includes: {
    users: [{ id: CANARY_ID, username: CANARY, name: 'Canary' }],
    tweets: [{ id: '1', text: `@${CANARY}`, author_id: CANARY_ID }],
  },
  errors: [
    {
      resource_type: 'user',
      resource_id: CANARY_ID,
      parameter: 'author_id',
      value: CANARY_ID,
      title: 'Not Found Error',
      detail: `Could not find user with username: [${CANARY}].`,
      type: 'https://api.x.com/2/problems/resource-not-found',
    },
    {
      resource_type: 'tweet',
      resource_id: '77',
      title: 'Not Found Error',
      detail: 'x',
      type: 'https://api.x.com/2/problems/resource-not-found',
    },
  ],
  meta: { newest_id: '9', oldest_id: '1', result_count: 3, username: CANARY },
};

const http: HttpClient = {
  fetch: (request) =>
    Promise.resolve({
      url: request.url,
      status: 200,
      headers: {
        'content-type': 'application/json',
        'set-cookie': `id=${CANARY}`,
        'x-user': CANARY,
        date: 'Mon, 01 Jun 2026 00:00:00 GMT',
      },
      body: Buffer.from(JSON.stringify(hostile)),
      fetchedAt: '2026-06-01T00:10:00.000Z',
    }),
};

describe('what is kept of an X answer', () => {
  it('names nobody, in posts, refusals, captures or cursor', async () => {
    const pages = await readPages(xSource.crawl({ query: xQuerySchema.parse({ search: `examplide -from:${CANARY}` }), cursor: {} }, contextFor(http)));
    const [page] = pages;
    const everything = JSON.stringify({
      ...page,
      captures: page?.captures.map((capture) => ({ ...capture, body: capture.body.toString('utf8') })),
    });
    expect(everything).not.toContain(CANARY);
    expect(everything).not.toContain(CANARY_ID);
    expect(everything).not.toContain('canary');
    expect(page?.posts).toHaveLength(1);
    expect(page?.refusals.map((refusal) => refusal.code)).toEqual(['repost', 'malformed_item', 'partial_error', 'partial_error']);
  });

  it('keeps a capture that parses to the same posts', async () => {
    const query = xQuerySchema.parse({ search: 'examplide' });
    const [page] = await readPages(xSource.crawl({ query, cursor: {} }, contextFor(http)));
    const body = page?.captures[0]?.body ?? Buffer.alloc(0);
    const replay: HttpClient = { fetch: async (request) => ({ ...(await http.fetch(request)), body }) };
    const [again] = await readPages(xSource.crawl({ query, cursor: {} }, contextFor(replay)));
    expect(again?.posts).toEqual(page?.posts);
    expect(again?.captures[0]?.digest).toBe(page?.captures[0]?.digest);
  });
});
