import { describe, expect, it } from 'vitest';
import { ndjson } from '../../../src/sources/formats/ndjson.ts';

const map = (line: unknown) => ndjson.map(line);
const base = { id: 't1_a', platform: 'reddit', text: 'It helped.' };

describe('ndjson', () => {
  it('maps every field', () => {
    const line = {
      ...base,
      title: 'T',
      parent: 'asked',
      url: 'https://www.reddit.com/comments/x/_/a/',
      created_at: '2026-03-01T10:00:00+01:00',
      thread: 't3_x',
      author: 'somebody',
      kind: 'comment',
      score: 3,
      compounds: ['Semax'],
      record: { pmid: '123', surplus: 1 },
      surplus: true,
    };
    expect(map(line)).toEqual({
      post: {
        platform: 'reddit',
        nativeId: 't1_a',
        kind: 'comment',
        title: 'T',
        text: 'It helped.',
        parentText: 'asked',
        url: 'https://www.reddit.com/comments/x/_/a/',
        threadId: 't3_x',
        author: 'somebody',
        createdAt: '2026-03-01T09:00:00.000Z',
        record: { pmid: '123' },
        compounds: ['Semax'],
      },
    });
  });

  it.each([
    [[1], 'not_an_object'],
    [null, 'not_an_object'],
    ['text', 'not_an_object'],
    [{ platform: 'reddit', text: 'x' }, 'missing_id'],
    [{ ...base, id: '' }, 'missing_id'],
    [{ ...base, id: null }, 'missing_id'],
    [{ ...base, id: 5 }, 'bad_field'],
    [{ id: 'a', platform: 'reddit' }, 'missing_text'],
    [{ ...base, text: null }, 'missing_text'],
    [{ ...base, text: 5 }, 'bad_field'],
    [{ ...base, platform: 'myspace' }, 'bad_platform'],
    [{ id: 'a', text: 'x' }, 'bad_platform'],
    [{ ...base, score: 'high' }, 'bad_field'],
    [{ ...base, compounds: [''] }, 'bad_field'],
  ])('%j is refused with %s', (line, code) => expect(map(line)).toMatchObject({ refusal: { code } }));

  it('reads a record leniently: what cannot be read of it is left out', () => {
    expect(map({ ...base, record: { pmid: 'x' } })).toMatchObject({ post: { text: base.text } });
    expect(map({ ...base, platform: 'pubmed', record: { PMID: 7, PT: 'Review', year: {} } })).toMatchObject({
      post: { record: { pmid: '7', publication_types: ['Review'] } },
    });
  });

  it('names the item and the field', () => {
    expect(map({ ...base, score: 'high' })).toMatchObject({ refusal: { item: 't1_a', detail: expect.stringContaining('score') } });
  });

  it.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    [1772359200, '2026-03-01T10:00:00.000Z'],
    ['last week', undefined],
    [undefined, undefined],
    [null, undefined],
    [{}, undefined],
  ])('created_at %j', (given, time) => {
    const mapped = map({ ...base, created_at: given });
    expect('post' in mapped && mapped.post.createdAt).toBe(time);
  });

  it.each([
    [{ ...base, text: ' [deleted]\n' }, 'deleted', ''],
    [{ ...base, text: '[removed]' }, 'removed', ''],
    [{ ...base, text: 'it was [deleted] then' }, undefined, 'it was [deleted] then'],
    [{ ...base, platform: 'web', text: '[deleted]' }, undefined, '[deleted]'],
  ])('absence of %j', (line, absence, text) => {
    const mapped = map(line);
    expect('post' in mapped && [mapped.post.absence, mapped.post.text]).toEqual([absence, text]);
  });

  it('takes a deleted account for no author', () => {
    const mapped = map({ ...base, author: '[deleted]' });
    expect('post' in mapped && 'author' in mapped.post).toBe(false);
  });

  it.each([
    [{}, 'comment'],
    [{ id: 't3_a' }, 'submission'],
    [{ platform: 'web', id: 'https://a.example/' }, 'page'],
    [{ platform: 'pubmed', id: 'pmid:1' }, 'record'],
    [{ platform: 'x', id: '1' }, 'post'],
    [{ platform: 'sms' }, 'message'],
    [{ kind: 'whatever' }, 'comment'],
    [{ kind: 'submission' }, 'submission'],
  ])('kind of %j is %s', (change, kind) => {
    const mapped = map({ ...base, ...change });
    expect('post' in mapped && mapped.post.kind).toBe(kind);
  });

  it('keeps nobody on X: no author, no handle in address or text', () => {
    const line = {
      id: '179',
      platform: 'x',
      text: '@someone it helped',
      author: 'someone',
      url: 'https://twitter.com/someone/status/179?s=20',
      created_at: '2026-03-01',
    };
    const mapped = map(line);
    expect(mapped).toMatchObject({ post: { url: 'https://x.com/i/status/179', nativeId: '179' } });
    expect(JSON.stringify(mapped)).not.toContain('someone');
    expect(JSON.stringify(map({ ...line, url: 'https://x.com/someone' }))).not.toContain('someone');
  });
});
