import { afterEach, describe, expect, it } from 'vitest';
import { startYoutubeStandIn, type YoutubeStandInOptions } from '../../../src/demo/standins/youtube.ts';
import { youtubeSource } from '../../../src/sources/youtube.ts';
import { comment, commentId, reply, videoId } from '../../fixtures/youtube/comments.ts';
import { clientFor, contextFor } from '../../standin/client-for.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(comments: readonly object[], options: YoutubeStandInOptions = {}) {
  const standIn = await startYoutubeStandIn({ videos: [{ id: videoId(1), title: 'Examplide' }], comments }, options);
  const http = clientFor(standIn);
  closing.push(standIn.close, http.close);
  const context = contextFor(http, { credentials: { YOUTUBE_API_KEY: 'key' } });
  return { standIn, recheck: async (...ids: string[]) => Object.fromEntries(await youtubeSource.recheck(ids, context)) };
}

const listOf = (ids: readonly unknown[], kind = 'commentList') => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ kind: `youtube#${kind}Response`, items: ids.map((id) => ({ id })) }),
});

describe('recheck', () => {
  it('tells what is there from what two endpoints both lack', async () => {
    const { recheck, standIn } = await start([comment(1), reply(1, 1)]);
    expect(await recheck(commentId(1), commentId(1, 1), commentId(1, 2), commentId(2), commentId(2, 1))).toEqual({
      [commentId(1)]: 'live',
      [commentId(1, 1)]: 'live',
      [commentId(1, 2)]: 'missing',
      [commentId(2)]: 'missing',
      [commentId(2, 1)]: 'missing',
    });
    expect(standIn.units()).toBe(2);
  });

  it('asks once where nothing is missing, fifty at a time', async () => {
    const { recheck, standIn } = await start(Array.from({ length: 120 }, (_, n) => comment(n)));
    const outcomes = await recheck(...Array.from({ length: 120 }, (_, n) => commentId(n)));
    expect(new Set(Object.values(outcomes))).toEqual(new Set(['live']));
    expect(standIn.units()).toBe(3);
  });

  it('believes no endpoint alone', async () => {
    const { recheck } = await start([comment(1), reply(1, 1)], { fault: ({ path }) => (path.includes('/comments?') ? listOf([]) : undefined) });
    expect(await recheck(commentId(1), commentId(1, 1))).toEqual({ [commentId(1)]: 'unknown', [commentId(1, 1)]: 'unknown' });
  });

  it.each([
    ['what was not asked for', [commentId(1), commentId(9)]],
    ['an item without id', [commentId(1), 7]],
  ])('learns nothing from an answer with %s', async (_name, ids) => {
    const { recheck } = await start([], { fault: () => listOf(ids) });
    expect(await recheck(commentId(1), commentId(2))).toEqual({ [commentId(1)]: 'unknown', [commentId(2)]: 'unknown' });
  });

  it('asks nobody about ids that are no comments: a video is not a missing comment', async () => {
    const { recheck, standIn } = await start([]);
    expect(await recheck(videoId(1), 'digest:00', '')).toEqual({ [videoId(1)]: 'unknown', 'digest:00': 'unknown', '': 'unknown' });
    expect(standIn.requests).toEqual([]);
  });
});
