/** Runs over every engine of src/sources/web/forums/list.ts: one fixture each, with the same four posts. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPage } from '../../../src/sources/web/extract.ts';
import { forumMarkups } from '../../../src/sources/web/forums/list.ts';

interface Wanted {
  readonly url: string;
  readonly next: string;
  /** Native ids of the four posts. */
  readonly ids: readonly string[];
  readonly texts: readonly [string, string];
  readonly times: readonly [string, string];
}

const WANTED: Readonly<Record<string, Wanted>> = {
  bbPress: {
    url: 'https://bbp.example/topic/reading-log/',
    next: 'https://bbp.example/topic/reading-log/page/2/',
    ids: [901, 902, 903, 904].map((id) => `https://bbp.example/topic/reading-log/#post-${id}`),
    texts: ['An hour a day since spring.\nBefore it was ten minutes.', 'No change for me.'],
    times: ['2021-01-05T15:12:00.000Z', '2021-01-06T09:00:00.000Z'],
  },
  phpBB: {
    url: 'https://phpbb.example/board/viewtopic.php?t=42',
    next: 'https://phpbb.example/board/viewtopic.php?t=42&start=10',
    ids: [101, 102, 103, 104].map((id) => `https://phpbb.example/board/viewtopic.php?p=${id}#p${id}`),
    texts: ['My nose gets dry after two weeks.\nIs that usual?', 'For me too. Salt water helped.\n\nmorning\nevening'],
    times: ['2024-05-01T10:00:00.000Z', '2024-05-02T15:12:00.000Z'],
  },
  'vBulletin 3': {
    url: 'https://vb3.example/forum/showthread.php?t=12',
    next: 'https://vb3.example/forum/showthread.php?t=12&page=2',
    ids: [55, 56, 57, 58].map((id) => `https://vb3.example/forum/showthread.php?p=${id}#post${id}`),
    texts: ['Four weeks in, and I can read for an hour again.\nNo side effects.', 'It gave me a headache.\n\nCode:\n\nday 1: bad'],
    times: ['2008-01-05T15:12:00.000Z', '2008-01-25T09:01:00.000Z'],
  },
  'vBulletin 4': {
    url: 'https://vb4.example/forum/showthread.php?12-Sleep-notes',
    next: 'https://vb4.example/forum/showthread.php?12-Sleep-notes/page2',
    ids: [77, 78, 79, 80].map((id) => `https://vb4.example/forum/showthread.php?p=${id}#post${id}`),
    texts: ['I fell asleep sooner.\nDreams were odd.', 'Not for me.\n\nCode:\n\nnight 1'],
    times: ['2012-01-25T15:12:00.000Z', '2012-02-01T09:30:00.000Z'],
  },
  'vBulletin 5': {
    url: 'https://vb5.example/forum/main/memory-12',
    next: 'https://vb5.example/forum/main/memory-12/page2',
    ids: [901, 902, 903, 904].map((id) => `https://vb5.example/forum/main/memory-12?p=${id}#post${id}`),
    texts: ['Names come back faster.', 'Mine did not.'],
    times: ['2014-05-13T16:53:20.000Z', '2014-05-14T16:53:20.000Z'],
  },
  'XenForo 1': {
    url: 'https://xf1.example/community/threads/mood-log.12/',
    next: 'https://xf1.example/community/threads/mood-log.12/page-2',
    ids: [301, 302, 303, 304].map((id) => `https://xf1.example/community/posts/${id}/`),
    texts: ['Calmer since the second week.\nLess snapping at people.', 'I only got tired.'],
    times: ['2011-01-05T15:12:00.000Z', '2011-02-06T00:05:00.000Z'],
  },
  'XenForo 2': {
    url: 'https://xf2.example/threads/back-pain.12/',
    next: 'https://xf2.example/threads/back-pain.12/page-2',
    ids: [301, 302, 303, 304].map((id) => `https://xf2.example/posts/${id}/`),
    texts: ['Better after ten days. A page says why.', 'No change here.'],
    times: ['2021-01-05T15:12:00.000Z', '2021-01-06T09:00:00.000Z'],
  },
};

const fileOf = (name: string) => new URL(`../../fixtures/web/forums/${name.toLowerCase().replace(' ', '-')}.html`, import.meta.url);
const cases = forumMarkups.map(({ name }) => ({ name, html: readFileSync(fileOf(name), 'utf8'), wanted: WANTED[name] as Wanted }));

describe.each(cases)('$name', ({ html, wanted }) => {
  const [first, second, gone, empty] = wanted.ids;
  const reading = readPage(html, wanted.url);

  it('reads each post with its own words, author, time and address', () => {
    expect(reading.page.posts).toEqual([
      { native_id: first, url: first, author: 'ann', created_at: wanted.times[0], text: wanted.texts[0] },
      { native_id: second, url: second, author: 'bob', created_at: wanted.times[1], text: wanted.texts[1] },
    ]);
  });

  it('tells the place of a post that is gone, and counts one without words', () => {
    expect(reading.thread.gone).toEqual([{ nativeId: gone, absence: 'removed' }]);
    expect(reading.thread.textless).toEqual([{ nativeId: empty, reason: 'the post has no words of its own' }]);
  });

  it('leads to the next page', () => expect([reading.nextUrl, reading.isPaged]).toEqual([wanted.next, true]));

  it('knows a post again when the thread has another title or page', () => {
    const moved = readPage(html, wanted.next);
    expect(moved.page.posts.map((post) => post.native_id)).toEqual([first, second]);
  });
});

it('takes classes and ids that mean something else for no forum', () => {
  const html =
    '<div class="post" id="p1"><p>A blog.</p></div><ul><li id="post_1">x</li><li class="message" id="post-1">y</li></ul><table id="post1"><tr><td>z</td></tr></table>';
  expect(readPage(html, 'https://blog.example/').page.posts).toEqual([]);
});

it('lets no page name another site as its base', () => {
  const html = cases.find(({ name }) => name === 'vBulletin 4')?.html.replace('https://vb4.example/forum/', 'https://other.example/forum/') ?? '';
  expect(readPage(html, 'https://vb4.example/forum/x').page.posts[0]?.native_id).toBe('https://vb4.example/forum/showthread.php?p=77#post77');
});
