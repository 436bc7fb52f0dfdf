/** What holds for every import format. */
import { describe, expect, it } from 'vitest';
import { PLATFORMS } from '../../src/model/labels.ts';
import { findImportFormat, IMPORT_FORMATS } from '../../src/sources/formats/list.ts';

const GOOD: Readonly<Record<string, readonly object[]>> = {
  ndjson: [
    { id: 'a', platform: 'web', text: 'x' },
    { id: 't1_b', platform: 'reddit', text: '[removed]' },
  ],
  'arctic-shift': [
    { id: 'a', title: 'x', selftext: '' },
    { id: 'b', body: '[deleted]', link_id: 't3_a' },
  ],
  '4cat': [
    { id: 'a', thread_id: 'a', subreddit: 's', body: 'x' },
    { id: 'b', thread_id: 'a', subreddit: 's', body: '[deleted]' },
  ],
};

describe.each(IMPORT_FORMATS.map((format) => [format.name, format] as const))('%s', (name, format) => {
  it('is found by its name, and by no other', () => {
    expect(findImportFormat(name)).toBe(format);
    expect(findImportFormat(`${name}x`)).toBeUndefined();
  });

  it.each([null, undefined, 5, 'text', true, [], {}])('refuses %j with a stable code', (value) => {
    expect(format.map(value)).toMatchObject({ refusal: { code: expect.stringMatching(/^[a-z]+(_[a-z]+)*$/) } });
  });

  it('gives posts an id and a platform, takes the text of what is gone, and makes up no time', () => {
    const posts = (GOOD[name] ?? []).map((item) => format.map(item));
    expect(posts).toHaveLength(2);
    for (const mapped of posts) {
      if (!('post' in mapped)) throw new Error(mapped.refusal.code);
      expect(PLATFORMS).toContain(mapped.post.platform);
      expect(mapped.post.nativeId).not.toBe('');
      expect(mapped.post).not.toHaveProperty('createdAt');
      if (mapped.post.absence !== undefined) expect(mapped.post.text).toBe('');
    }
    expect(posts.filter((mapped) => 'post' in mapped && mapped.post.absence !== undefined)).toHaveLength(1);
  });
});
