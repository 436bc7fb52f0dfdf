import { describe, expect, it } from 'vitest';
import { mapXPost } from '../../../src/sources/x/map-post.ts';
import { idAt, xPost } from '../../fixtures/x/posts.ts';

const origin = { observedAt: '2026-06-02T00:00:00.000Z' };

function postOf(value: unknown) {
  const mapped = mapXPost(value, origin);
  if (!('post' in mapped)) throw new Error(JSON.stringify(mapped));
  return mapped.post;
}

describe('mapXPost', () => {
  it('keeps text, time, address by id and conversation, and nobody', () => {
    expect(postOf(xPost(1, { text: 'Thanks @somebody, examplide &amp; sleep &lt;3' }))).toEqual({
      platform: 'x',
      nativeId: idAt(1),
      kind: 'post',
      text: 'Thanks @user, examplide & sleep <3',
      url: `https://x.com/i/status/${idAt(1)}`,
      threadId: idAt(1),
      createdAt: '2026-06-01T00:01:00.000Z',
      observedAt: origin.observedAt,
    });
  });

  it.each(['note_tweet', 'note_post'])('reads the full text of a long post (%s)', (key) => {
    expect(postOf(xPost(1, { text: 'cut…', [key]: { text: 'the whole of it, @somebody' } })).text).toBe('the whole of it, @user');
  });

  it('works on the default fields alone, time unknown', () => {
    const post = postOf({ id: '123', text: 'words', edit_history_tweet_ids: ['123'] });
    expect(post).toMatchObject({ nativeId: '123', threadId: '123' });
    expect(post.createdAt).toBeUndefined();
  });

  it('decodes entities once', () => {
    expect(postOf(xPost(1, { text: '&amp;lt;b&gt; &quot;' })).text).toBe('&lt;b> &quot;');
  });

  it.each([
    ['referenced_tweets', { referenced_tweets: [{ type: 'retweeted', id: '1' }] }],
    ['referenced_posts', { referenced_posts: [{ type: 'retweeted', id: '1' }] }],
    ['text alone', { text: 'RT @somebody: examplide helped' }],
  ])('refuses a retweet by %s', (_name, changes) => {
    expect(mapXPost(xPost(1, changes), origin)).toMatchObject({ refusal: { code: 'repost', item: idAt(1) } });
  });

  it('keeps a quote and a reply', () => {
    for (const type of ['quoted', 'replied_to']) expect(postOf(xPost(1, { referenced_tweets: [{ type, id: '1' }] })).text).not.toBe('');
  });

  it.each([
    ['no id', { text: 'x' }, undefined],
    ['a number as id', { id: 5, text: 'x' }, undefined],
    ['an id that is no number', { id: '../5', text: 'x' }, undefined],
    ['no text', { id: '5' }, '5'],
    ['null', null, undefined],
  ])('refuses %s', (_name, value, item) => {
    const mapped = mapXPost(value, origin);
    expect(mapped).toMatchObject({ refusal: { code: 'malformed_item', ...(item === undefined ? {} : { item }) } });
  });
});
