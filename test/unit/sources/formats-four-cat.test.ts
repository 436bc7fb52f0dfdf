import { describe, expect, it } from 'vitest';
import { fourCat } from '../../../src/sources/formats/four-cat.ts';
import { readImport } from '../../../src/sources/formats/read-import.ts';
import { collect } from '../../collect.ts';

const post = (item: object) => {
  const mapped = fourCat.map(item);
  if (!('post' in mapped)) throw new Error(mapped.refusal.code);
  return mapped.post;
};

describe('4cat', () => {
  it('reads a Reddit CSV', async () => {
    const csv =
      'thread_id,id,timestamp,body,subject,author,url,subreddit,parent,score\n' +
      '1abc,1abc,1772359200,"It helped,\nreally.",Two weeks,someone,https://elsewhere.example/pic.png,Nootropics,,5\n' +
      '1abc,k9,2026-03-01 10:01:40,[deleted],,[deleted],,Nootropics,t3_1abc,1\n';
    async function* bytes() {
      yield Buffer.from(csv);
    }
    expect(await collect(readImport(bytes(), fourCat))).toEqual([
      {
        line: 2,
        post: {
          platform: 'reddit',
          nativeId: 't3_1abc',
          kind: 'submission',
          threadId: 't3_1abc',
          title: 'Two weeks',
          text: 'It helped,\nreally.',
          url: 'https://www.reddit.com/comments/1abc/',
          author: 'someone',
          createdAt: '2026-03-01T10:00:00.000Z',
        },
      },
      {
        line: 4,
        post: {
          platform: 'reddit',
          nativeId: 't1_k9',
          kind: 'comment',
          threadId: 't3_1abc',
          text: '',
          absence: 'deleted',
          url: 'https://www.reddit.com/comments/1abc/_/k9/',
          createdAt: '2026-03-01T10:01:40.000Z',
        },
      },
    ]);
  });

  it('reads X, mapped and raw, and keeps nobody', () => {
    const mapped = {
      id: '179',
      thread_id: '178',
      unix_timestamp: '1772359200',
      timestamp: '2026-03-01 10:00:00',
      link: 'https://x.com/someone/status/179',
      body: '@friend it helped',
      author: 'someone',
      author_id: '42',
    };
    const wanted = {
      platform: 'x',
      nativeId: '179',
      kind: 'post',
      threadId: '178',
      text: '@user it helped',
      url: 'https://x.com/i/status/179',
      createdAt: '2026-03-01T10:00:00.000Z',
    };
    const legacy = { full_text: '@friend it helped', created_at: 'Sun Mar 01 10:00:00 +0000 2026', conversation_id_str: '178', user_id_str: '42' };
    const raw = { rest_id: '179', legacy, core: { user_results: { result: { legacy: { screen_name: 'someone' } } } } };
    const api = { id: '179', text: '@friend it helped', conversation_id: '178', author_id: '42', created_at: '2026-03-01T10:00:00.000Z' };
    for (const item of [mapped, { ...raw, __import_meta: { source_platform: 'x.com' } }, { item_id: '179', source_platform: 'twitter.com', data: raw }, api])
      expect(post(item)).toEqual(wanted);
    const long = { ...raw, note_tweet: { note_tweet_results: { result: { text: 'the whole of it' } } } };
    expect(post(long).text).toBe('the whole of it');
  });

  it('tells the other platforms apart', () => {
    expect(post({ id: 'at://did/app.bsky.feed.post/3k', body: 'x', author: 'a.bsky.social' })).toMatchObject({ platform: 'bluesky', kind: 'post' });
    expect(post({ id: 'Ugx', datasource: 'youtube-comments', body: 'x' })).toMatchObject({ platform: 'youtube', kind: 'comment' });
    expect(post({ id: '1', url: 'https://blog.example/a', body: 'x', subject: 'T' })).toMatchObject({ platform: 'web', kind: 'page', title: 'T' });
    expect(post({ id: 5, datasource: 'instagram', body: '' })).toMatchObject({ platform: 'instagram', nativeId: '5', text: '' });
  });

  it.each([
    [null, 'not_an_object'],
    [{}, 'missing_id'],
    [{ id: '1', body: 'x' }, 'bad_platform'],
    [{ id: '1', body: 'x', datasource: 'telegram' }, 'bad_platform'],
    [{ id: '1', body: 'x', url: 'https://www.tiktok.com/@a/video/1' }, 'bad_platform'],
    [{ id: '1', datasource: 'reddit' }, 'missing_text'],
  ])('%j is refused with %s', (item, code) => expect(fourCat.map(item)).toMatchObject({ refusal: { code } }));
});
