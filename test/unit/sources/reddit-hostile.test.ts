/** Whatever Reddit sends: nothing throws, and every item becomes a post, a stub or a counted refusal. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpClient } from '../../../src/fetch/http.ts';
import { mapThing } from '../../../src/sources/reddit/map-thing.ts';
import { redditQuerySchema } from '../../../src/sources/reddit/query.ts';
import { redditSource } from '../../../src/sources/reddit.ts';
import { comment, submission } from '../../fixtures/reddit/things.ts';
import { contextFor, readPages } from '../../standin/client-for.ts';

const origin = { observedAt: '2026-06-01T00:00:00.000Z', captureDigest: 'd'.repeat(64) };

/** A good thing with some of its keys replaced by any JSON value. */
const spoiled = fc
  .tuple(
    fc.constantFrom(submission(1, { crosspost_parent_list: [submission(2).data] }), comment(1, { link: 't3_s001', parent: 't3_s001' })),
    fc.dictionary(fc.nat(40).map(String), fc.jsonValue(), { maxKeys: 4 }),
  )
  .map(([thing, changes]) => {
    const keys = Object.keys(thing.data);
    const replaced = Object.entries(changes).map(([at, value]) => [keys[Number(at) % keys.length] ?? 'name', value] as const);
    return { kind: thing.kind, data: { ...thing.data, ...Object.fromEntries(replaced) } };
  });

describe('mapThing', () => {
  it('answers any JSON value with exactly one outcome', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), spoiled), (child) => {
        const mapped = mapThing(child, origin);
        expect(['post', 'more', 'refusal'].filter((key) => key in mapped)).toHaveLength(1);
        if ('post' in mapped) {
          expect(mapped.post.nativeId).toMatch(/^t[13]_[a-z0-9]+$/);
          expect(mapped.post.url === undefined || new URL(mapped.post.url).origin === 'https://www.reddit.com').toBe(true);
          expect(mapped.post.createdAt).toMatch(/Z$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('crawl', () => {
  it('accounts for every item of a page', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.jsonValue(), spoiled), { maxLength: 30 }), async (children) => {
        const answers = { token: { access_token: 't', expires_in: 86_400 }, page: { kind: 'Listing', data: { after: null, children } } };
        const http: HttpClient = {
          fetch: (request) =>
            Promise.resolve({
              url: request.url,
              status: 200,
              headers: { 'content-type': 'application/json' },
              body: Buffer.from(JSON.stringify(request.url.includes('access_token') ? answers.token : answers.page)),
              fetchedAt: origin.observedAt,
            }),
        };
        const pages = await readPages(redditSource.crawl({ query: redditQuerySchema.parse({ subreddit: 'ExamplePlace' }), cursor: {} }, contextFor(http)));
        const mapped = children.map((child) => mapThing(child, origin));
        const names = new Set(mapped.flatMap((one) => ('post' in one ? [one.post.nativeId] : [])));
        expect(pages.flatMap((page) => page.posts)).toHaveLength(names.size);
        expect(pages.flatMap((page) => page.refusals)).toHaveLength(mapped.filter((one) => 'refusal' in one).length);
      }),
      { numRuns: 60 },
    );
  });
});
