/** One recording, mutated: whatever field is gone or of another type is refused and named, or reads as unknown. */
import { describe, expect, it } from 'vitest';
import { mapPostView, readPresence } from '../../../src/sources/bluesky/map-post.ts';
import { DID, timeOf, uriOf, view } from '../../fixtures/bluesky/posts.ts';

const origin = { observedAt: '2026-06-02T00:00:00.000Z', captureDigest: 'c'.repeat(64) };

describe('mapPostView', () => {
  it('takes the text, the time, the address and the DID, and nothing around them', () => {
    expect(mapPostView(view(1), origin)).toEqual({
      uri: uriOf(1),
      sortAt: timeOf(1),
      post: {
        platform: 'bluesky',
        nativeId: uriOf(1),
        kind: 'post',
        text: 'Examplide post number 1',
        url: `https://bsky.app/profile/${DID}/post/3example000001`,
        threadId: uriOf(1),
        author: DID,
        createdAt: timeOf(1),
        observedAt: origin.observedAt,
        captureDigest: origin.captureDigest,
      },
    });
  });

  it('puts a reply into its thread', () => {
    const reply = { root: { uri: uriOf(7), cid: 'x' }, parent: { uri: uriOf(8), cid: 'y' } };
    expect(mapPostView(view(1, { record: { reply } }), origin).post).toMatchObject({ threadId: uriOf(7) });
    expect(mapPostView(view(1, { record: { reply: { root: 'gone' } } }), origin).post).toMatchObject({ threadId: uriOf(1) });
  });

  it.each([
    ['text gone', view(1, { record: { text: undefined } })],
    ['text a list', view(1, { record: { text: ['Examplide'] } })],
    ['record gone', view(1, { record: undefined, uri: uriOf(1) } as never)],
    ['address gone', view(1, { uri: undefined })],
    ['address by handle', view(1, { uri: 'at://somebody.example/app.bsky.feed.post/3example' })],
    ['address of a like', view(1, { uri: `at://${DID}/app.bsky.feed.like/3example` })],
    ['nothing', null],
    ['a number', 7],
  ])('refuses: %s', (name, value) => {
    const changed = name === 'record gone' ? { ...(value as object), record: undefined } : value;
    expect(mapPostView(changed, origin)).toMatchObject({ refusal: { code: 'malformed_item' } });
    expect(mapPostView(changed, origin).post).toBeUndefined();
  });

  it.each([
    ['gone', undefined],
    ['a number', 1_780_000_000],
    ['no time', 'yesterday'],
  ])('does not know a time that is %s, and sorts by the other', (_name, createdAt) => {
    const mapped = mapPostView(view(1, { record: { createdAt } }), origin);
    expect(mapped.post).not.toHaveProperty('createdAt');
    expect(mapped.sortAt).toBe(timeOf(1));
  });

  it('sorts by the earlier time, as Bluesky does', () => {
    expect(mapPostView(view(5, { record: { createdAt: timeOf(2) } }), origin).sortAt).toBe(timeOf(2));
    expect(mapPostView(view(5, { record: { createdAt: timeOf(9) } }), origin).sortAt).toBe(timeOf(5));
  });

  it('believes no time after it was seen: the next run would begin there', () => {
    const { indexedAt: _indexedAt, ...unindexed } = view(5, { record: { createdAt: '2099-01-01T00:00:00Z' } });
    expect(mapPostView(unindexed, origin).sortAt).toBe(new Date(origin.observedAt).toISOString());
  });

  it('leaves out who asks not to be shown to logged-out people', () => {
    const author = { did: DID, handle: 'somebody.example', labels: [{ src: DID, val: '!no-unauthenticated' }] };
    expect(mapPostView(view(1, { author }), origin)).toMatchObject({ uri: uriOf(1), refusal: { code: 'logged_in_only', item: '3example000001' } });
    expect(JSON.stringify(mapPostView(view(1, { author }), origin).refusal)).not.toContain('did:');
    expect(readPresence(view(1, { author }))).toEqual({ uri: uriOf(1), loggedInOnly: true });
    expect(readPresence(view(1))).toEqual({ uri: uriOf(1), loggedInOnly: false });
    expect(readPresence({ posts: [] })).toBeUndefined();
  });
});
