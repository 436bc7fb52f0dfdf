import { describe, expect, it } from 'vitest';
import { mapThing } from '../../../src/sources/reddit/map-thing.ts';
import { comment, shellOf, submission } from '../../fixtures/reddit/things.ts';

const origin = { observedAt: '2026-06-01T00:00:00.000Z', captureDigest: 'd'.repeat(64) };

function postOf(child: unknown, more: Partial<Parameters<typeof mapThing>[1]> = {}) {
  const mapped = mapThing(child, { ...origin, ...more });
  if (!('post' in mapped)) throw new Error(JSON.stringify(mapped));
  return mapped.post;
}

describe('submissions', () => {
  it('keeps text, title, address, time and author as Reddit gave them', () => {
    expect(postOf(submission(1, { selftext: 'a &amp; b < c' }))).toEqual({
      platform: 'reddit',
      nativeId: 't3_s001',
      kind: 'submission',
      title: 'Title 1',
      text: 'a &amp; b < c',
      url: 'https://www.reddit.com/r/ExamplePlace/comments/s001/title_1/',
      threadId: 't3_s001',
      author: 'example_user_01',
      createdAt: '2026-05-28T20:27:40.000Z',
      observedAt: origin.observedAt,
      captureDigest: origin.captureDigest,
    });
  });

  it('gives a link post no text', () => {
    expect(postOf(submission(1, { is_self: false, selftext: '', url: 'https://example.org/study' })).text).toBe('');
    expect(postOf(submission(1, { is_self: false, selftext: 'https://example.org/study', url: 'https://example.org/study' })).text).toBe('');
  });

  it('reads a crosspost without own words from its parent, with the parent’s author', () => {
    const parent = submission(2, { author: 'example_user_09' }).data;
    const post = postOf(submission(3, { selftext: '', crosspost_parent: 't3_s002', crosspost_parent_list: [parent] }));
    expect(post).toMatchObject({ nativeId: 't3_s003', title: 'Title 3', text: 'Text of submission 2', author: 'example_user_09' });
    const own = postOf(submission(3, { selftext: 'own words', crosspost_parent_list: [parent] }));
    expect(own).toMatchObject({ text: 'own words', author: 'example_user_01' });
  });

  it('does not read a crosspost’s parent that is gone', () => {
    const gone = shellOf(submission(2), 'deleted').data;
    expect(postOf(submission(3, { selftext: '', crosspost_parent_list: [gone] }))).toMatchObject({ text: '', author: 'example_user_01' });
  });

  it.each([
    ['deleted', 'deleted'],
    ['moderator', 'removed'],
    ['reddit', 'removed'],
  ] as const)('%s: says so and keeps neither title nor text nor author', (how, absence) => {
    const post = postOf(shellOf(submission(4), how));
    expect(post).toMatchObject({ absence, text: '' });
    expect(post.title).toBeUndefined();
    expect(post.author).toBeUndefined();
    expect(post.observedAt).toBeUndefined();
  });

  it('keeps the text of a deleted account without its author', () => {
    const post = postOf(shellOf(submission(5), 'account'));
    expect(post.text).toBe('Text of submission 5');
    expect(post.author).toBeUndefined();
    expect(post.absence).toBeUndefined();
  });

  it.each([['//evil.example/x'], ['https://evil.example/x'], ['javascript:alert(1)'], ['/\\evil.example'], [null], [17]])(
    'does not believe the permalink %s',
    (permalink) => {
      expect(postOf(submission(6, { permalink })).url).toBe('https://www.reddit.com/comments/s006/');
    },
  );
});

describe('comments', () => {
  const place = { link: 't3_s001', parent: 't1_c001' };

  it('knows its thread, title and the text replied to', () => {
    const post = postOf(comment(7, place), { title: 'Title 1', textOf: (name) => (name === 't1_c001' ? 'earlier words' : undefined) });
    expect(post).toMatchObject({
      nativeId: 't1_c007',
      kind: 'comment',
      threadId: 't3_s001',
      title: 'Title 1',
      parentText: 'earlier words',
      url: 'https://www.reddit.com/r/ExamplePlace/comments/s001/title/c007/',
    });
  });

  it('finds its title in a listing of comments, and its address without a permalink', () => {
    const post = postOf(comment(7, place, { link_title: 'From the listing', permalink: undefined }));
    expect(post).toMatchObject({ title: 'From the listing', url: 'https://www.reddit.com/comments/s001/_/c007/' });
  });

  it.each([
    ['deleted', 'deleted'],
    ['moderator', 'removed'],
    ['reddit', 'removed'],
  ] as const)('%s', (how, absence) => {
    expect(postOf(shellOf(comment(8, place), how))).toMatchObject({ absence, text: '', threadId: 't3_s001' });
  });
});

describe('what cannot become a post', () => {
  const { name: _name, id: _id, ...nameless } = submission(1).data;
  it.each([
    ['no name', { kind: 't3', data: nameless }, 'malformed_item'],
    ['time as text', submission(1, { created_utc: 'yesterday' }), 'malformed_item'],
    ['time beyond dates', submission(1, { created_utc: 1e300 }), 'malformed_item'],
    ['title missing', submission(1, { title: undefined }), 'malformed_item'],
    ['comment without body', comment(1, { link: 't3_s001', parent: 't3_s001' }, { body: null }), 'malformed_item'],
    ['a name with a path in it', submission(1, { name: 't3_../../x' }), 'malformed_item'],
    ['an account', { kind: 't2', data: { name: 'someone' } }, 'unsupported_item'],
    ['no thing', 'text', 'malformed_item'],
    ['null', null, 'malformed_item'],
    ['a stub without parent', { kind: 'more', data: { id: '_', children: [] } }, 'malformed_item'],
  ])('%s is refused with a reason', (_case, child, code) => {
    const mapped = mapThing(child, origin);
    expect(mapped).toMatchObject({ refusal: { code } });
    if ('refusal' in mapped) expect(mapped.refusal.detail.length).toBeLessThanOrEqual(120);
  });
});
