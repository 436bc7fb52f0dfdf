import { describe, expect, it } from 'vitest';
import { arcticShift } from '../../../src/sources/formats/arctic-shift.ts';

const post = (item: object) => {
  const mapped = arcticShift.map(item);
  if (!('post' in mapped)) throw new Error(mapped.refusal.code);
  return mapped.post;
};
const t3 = {
  id: '1abc',
  author: 'someone',
  title: 'Two weeks &amp; counting',
  selftext: 'It helped.',
  created_utc: 1772359200,
  retrieved_on: 1772359260,
  permalink: '/r/Nootropics/comments/1abc/two_weeks/',
  removed_by_category: null,
  url: 'https://elsewhere.example/',
};
const t1 = {
  id: 'k9',
  author: 'other',
  body: 'Same here.',
  link_id: 't3_1abc',
  parent_id: 't3_1abc',
  created_utc: '1772359300',
  permalink: '/r/Nootropics/comments/1abc/two_weeks/k9/',
};

describe('arctic-shift', () => {
  it('maps a submission, text as stored', () => {
    expect(post(t3)).toEqual({
      platform: 'reddit',
      nativeId: 't3_1abc',
      kind: 'submission',
      threadId: 't3_1abc',
      title: 'Two weeks &amp; counting',
      text: 'It helped.',
      url: 'https://www.reddit.com/r/Nootropics/comments/1abc/two_weeks/',
      author: 'someone',
      createdAt: '2026-03-01T10:00:00.000Z',
      observedAt: '2026-03-01T10:01:00.000Z',
    });
  });

  it('maps a comment, with its time in digits', () => {
    expect(post(t1)).toEqual({
      platform: 'reddit',
      nativeId: 't1_k9',
      kind: 'comment',
      threadId: 't3_1abc',
      text: 'Same here.',
      url: 'https://www.reddit.com/r/Nootropics/comments/1abc/two_weeks/k9/',
      author: 'other',
      createdAt: '2026-03-01T10:01:40.000Z',
    });
  });

  it('does without permalink, prefix and time, and never names a person in an address', () => {
    const { permalink: _p, created_utc: _c, ...bare } = t1;
    expect(post({ ...bare, id: 't1_k9' })).toMatchObject({ nativeId: 't1_k9', url: 'https://www.reddit.com/comments/1abc/_/k9/' });
    expect(post({ ...bare, created_utc: null })).not.toHaveProperty('createdAt');
    expect(post({ ...t3, permalink: 'https://evil.example/' }).url).toBe('https://www.reddit.com/comments/1abc/');
    expect(post({ ...t3, permalink: '/r/u_someone/comments/1abc/x/' }).url).toBe('https://www.reddit.com/comments/1abc/');
    expect(post({ ...t3, permalink: '/user/someone/comments/1abc/x/' }).url).toBe('https://www.reddit.com/comments/1abc/');
    expect(post({ ...t1, link_id: 1234567 })).toMatchObject({ threadId: `t3_${(1234567).toString(36)}` });
  });

  it.each([
    [{ selftext: '[deleted]', author: '[deleted]' }, 'deleted'],
    [{ selftext: '[removed]', removed_by_category: 'moderator' }, 'removed'],
    [{ selftext: '[ Removed by Reddit ]' }, 'removed'],
    [{ removed_by_category: 'deleted' }, 'deleted'],
    [{ removed_by_category: 'automod_filtered' }, 'removed'],
    [{ _meta: { was_deleted_later: true, removal_type: 'author' } }, 'deleted'],
    [{ _meta: { was_deleted_later: true, removal_type: 'moderator' } }, 'removed'],
    [{ _meta: { was_deleted_later: true } }, 'deleted'],
    [{ _meta: { edited_title: '[ Removed by moderator ]', removal_type: 'moderator' } }, 'removed'],
    [{ removed_by_category: 'moderator', _meta: { was_initially_deleted: true } }, undefined],
    [{ _meta: { is_edited: true } }, undefined],
    [{ _meta: 'odd' }, undefined],
    [{ author: '[deleted]' }, undefined],
  ])('a submission with %j is %s', (change, absence) => {
    const mapped = post({ ...t3, ...change });
    expect(mapped.absence).toBe(absence);
    if (absence !== undefined) expect([mapped.text, mapped.title]).toEqual(['', undefined]);
    if ('author' in change) expect(mapped.author).toBeUndefined();
  });

  it('reads comments that are gone', () => {
    expect(post({ ...t1, body: '[deleted]' })).toMatchObject({ absence: 'deleted', text: '' });
    expect(post({ ...t1, body: '[removed]' })).toMatchObject({ absence: 'removed', text: '' });
    expect(post({ ...t1, _meta: { was_deleted_later: true, removal_type: 'removed by reddit' } })).toMatchObject({ absence: 'removed', text: '' });
  });

  it.each([
    [null, 'not_an_object'],
    [[], 'not_an_object'],
    [{}, 'missing_id'],
    [{ id: 'x' }, 'missing_text'],
    [{ id: '../../x', body: 'a' }, 'bad_field'],
    [{ ...t1, body: 5 }, 'bad_field'],
  ])('%j is refused with %s', (item, code) => expect(arcticShift.map(item)).toMatchObject({ refusal: { code } }));
});
