import { afterEach, describe, expect, it } from 'vitest';
import { type BlueskyStandInOptions, startBlueskyStandIn } from '../../../src/demo/standins/bluesky.ts';
import { blueskySource } from '../../../src/sources/bluesky.ts';
import { DID, uriOf, view, views } from '../../fixtures/bluesky/posts.ts';
import { clientFor, contextFor } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(posts: readonly object[], options: BlueskyStandInOptions = {}) {
  const standIn = await startBlueskyStandIn({ posts }, options);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const credentials = { BLUESKY_IDENTIFIER: 'operator.example', BLUESKY_APP_PASSWORD: 'invented-password' };
  const context = contextFor(http, { credentials });
  return { standIn, recheck: async (...ids: string[]) => Object.fromEntries(await blueskySource.recheck(ids, context)) };
}

const answer = (posts: readonly unknown[]) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ posts }) });

describe('recheck', () => {
  it('asks 25 at a time, logged out, and tells what is there', async () => {
    const { recheck, standIn } = await start(views(1, 58));
    const outcomes = await recheck(...Array.from({ length: 60 }, (_, n) => uriOf(n + 1)));
    expect(Object.values(outcomes).filter((outcome) => outcome === 'live')).toHaveLength(58);
    expect([outcomes[uriOf(59)], outcomes[uriOf(60)]]).toEqual(['missing', 'missing']);
    expect(standIn.requests.map(({ host, headers }) => [host, headers['authorization']])).toEqual(Array(3).fill(['public.api.bsky.app', undefined]));
  });

  it('withholds the posts of who now asks not to be shown to logged-out people', async () => {
    const author = { did: DID, labels: [{ val: '!no-unauthenticated' }] };
    const { recheck } = await start([view(1), view(2, { author })]);
    expect(await recheck(uriOf(1), uriOf(2))).toEqual({ [uriOf(1)]: 'live', [uriOf(2)]: 'removed' });
  });

  it('takes a post that has become unreadable for one that is there', async () => {
    const { recheck } = await start([view(1, { record: { text: 7 } })]);
    expect(await recheck(uriOf(1))).toEqual({ [uriOf(1)]: 'live' });
  });

  it.each([
    ['what was not asked for', [view(1), view(9)]],
    ['what is no post', [view(1), { uri: 7 }]],
  ])('learns nothing from an answer with %s', async (_name, posts) => {
    const { recheck } = await start([], { fault: () => answer(posts) });
    expect(await recheck(uriOf(1), uriOf(2))).toEqual({ [uriOf(1)]: 'unknown', [uriOf(2)]: 'unknown' });
  });

  it('asks nobody about what is no address of a post', async () => {
    const { recheck, standIn } = await start([]);
    expect(await recheck('at://somebody.example/app.bsky.feed.post/1', 'digest:00')).toEqual({
      'at://somebody.example/app.bsky.feed.post/1': 'unknown',
      'digest:00': 'unknown',
    });
    expect(standIn.requests).toEqual([]);
  });
});
