/** One recording, mutated: whatever field is gone or of another type is refused and named, or reads as unknown. */
import { describe, expect, it } from 'vitest';
import { mapComment, readThread } from '../../../src/sources/youtube/map-comment.ts';
import { comment, commentId, reply, videoId } from '../../fixtures/youtube/comments.ts';

const origin = { video: videoId(1), title: 'Examplide after a month', observedAt: '2026-06-02T00:00:00.000Z', captureDigest: 'c'.repeat(64) };
const without = (value: Record<string, unknown>, field: string): unknown => {
  const { [field]: _gone, ...rest } = value;
  return rest;
};

describe('mapComment', () => {
  it('takes the text, the time, the place and the channel id', () => {
    expect(mapComment(comment(1), origin)).toEqual({
      post: {
        platform: 'youtube',
        nativeId: commentId(1),
        kind: 'comment',
        title: 'Examplide after a month',
        text: 'Examplide comment number 1',
        url: `https://www.youtube.com/watch?v=${videoId(1)}&lc=${commentId(1)}`,
        threadId: commentId(1),
        author: 'UCexample000000000000001',
        createdAt: '2026-06-01T00:01:00.000Z',
        observedAt: origin.observedAt,
        captureDigest: origin.captureDigest,
      },
    });
  });

  it('puts a reply into its thread, with what it replies to', () => {
    const parent = { id: commentId(1), text: 'Did it help?' };
    expect(mapComment(reply(1, 2), { ...origin, parent })).toMatchObject({
      post: { nativeId: commentId(1, 2), threadId: commentId(1), parentText: 'Did it help?' },
    });
  });

  it.each([
    ['id gone', without(comment(1), 'id')],
    ['id a number', { ...comment(1), id: 7 }],
    ['id of a video', { ...comment(1), id: videoId(1) }],
    ['snippet gone', without(comment(1), 'snippet')],
    ['text gone', comment(1, { textDisplay: undefined })],
    ['text an object', comment(1, { textDisplay: { runs: [{ text: 'Examplide' }] } })],
    ['nothing', null],
    ['a text', 'comment'],
  ])('refuses: %s', (_name, value) => {
    expect(mapComment(value, origin)).toMatchObject({ refusal: { code: 'malformed_item' } });
  });

  it.each([
    ['time gone', comment(1, { publishedAt: undefined }), 'createdAt'],
    ['time a number', comment(1, { publishedAt: 1_780_000_000 }), 'createdAt'],
    ['time no time', comment(1, { publishedAt: 'yesterday' }), 'createdAt'],
    ['author gone', comment(1, { authorChannelId: undefined }), 'author'],
    ['author a text', comment(1, { authorChannelId: 'UCexample' }), 'author'],
  ])('does not know: %s', (_name, value, field) => {
    const mapped = mapComment(value, origin);
    expect(mapped).toMatchObject({ post: { text: 'Examplide comment number 1' } });
    expect('post' in mapped && mapped.post).not.toHaveProperty(field);
  });

  it('never quotes more than 120 characters of an item', () => {
    const mapped = mapComment({ ...comment(1), id: 'x'.repeat(5_000) }, origin);
    expect('refusal' in mapped && mapped.refusal.detail.length).toBeLessThanOrEqual(120);
    expect(mapped).not.toHaveProperty('refusal.item');
  });
});

describe('readThread', () => {
  const thread = { id: commentId(1), snippet: { topLevelComment: comment(1), totalReplyCount: 1 }, replies: { comments: [reply(1, 1)] } };
  it('reads a thread', () => {
    expect(readThread(thread)).toMatchObject({ thread: { snippet: { totalReplyCount: 1 }, replies: { comments: [{}] } } });
  });
  it.each([
    ['snippet gone', { ...thread, snippet: undefined }],
    ['a list', [thread]],
  ])('refuses: %s', (_name, value) => {
    expect(readThread(value)).toMatchObject({ refusal: { code: 'malformed_item' } });
  });
  it('does not believe a count that is no number', () => {
    expect(readThread({ ...thread, snippet: { ...thread.snippet, totalReplyCount: '1' } })).toMatchObject({ thread: { snippet: { topLevelComment: {} } } });
  });
});
