/** Pages of engines that have no file in src/sources/web/forums/: read by what repeats on them. One fixture each, in the structure of its default templates. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPage } from '../../../src/sources/web/extract.ts';

type Post = readonly [author: string, time: string | null, address: string, text: string];
interface Wanted {
  readonly url: string;
  readonly posts: readonly Post[];
  readonly textless?: readonly string[];
  readonly article?: string;
  readonly next?: string;
}

const WANTED: Readonly<Record<string, Wanted>> = {
  wordpress: {
    url: 'https://blog.example/ten-weeks/',
    posts: [
      ['Anna', '2024-03-02T10:00:00.000Z', 'https://blog.example/ten-weeks/#comment-101', 'My nose got dry after a week.\n\nDid yours?'],
      ['Mara', '2024-03-02T11:00:00.000Z', 'https://blog.example/ten-weeks/#comment-102', 'No, not at all.'],
      ['Cleo', '2024-03-04T09:30:00.000Z', 'https://blog.example/ten-weeks/#comment-104', 'Yes.'],
    ],
    textless: ['https://blog.example/ten-weeks/#comment-103'],
    article: 'I kept a diary for ten weeks and wrote down every evening how long I could read.\n\nThe first two weeks were as before, then it became easier.',
    next: 'https://blog.example/ten-weeks/comment-page-2/',
  },
  'plain-list': {
    url: 'https://book.example/guests',
    posts: [
      ['Anna', '2023-05-02T19:12:00.000Z', 'https://book.example/guests#c7', 'Fell asleep sooner from the third night.'],
      ['Bo', '2023-05-03T08:00:00.000Z', 'https://book.example/guests#c8', 'Nothing changed for me.\n\nPerhaps later.'],
      ['Dora', null, 'https://book.example/guests#c12', 'Odd dreams, @bo.'],
    ],
    textless: ['https://book.example/guests#c11'],
  },
  vanilla: {
    url: 'https://talk.example/discussion/12/focus-log',
    posts: [
      ['bo', '2024-05-02T09:00:00.000Z', 'https://talk.example/discussion/comment/345#Comment_345', 'How long until it began?'],
      ['anna', '2024-05-02T12:00:00.000Z', 'https://talk.example/discussion/comment/346#Comment_346', 'Ten days.'],
    ],
    article: 'Four weeks in, and I can read for an hour.',
    next: 'https://talk.example/discussion/12/focus-log/p2',
  },
  'smf-2-0': {
    url: 'https://smf.example/index.php?topic=12.0',
    posts: [
      ['anna', '2024-05-01T10:00:00.000Z', 'https://smf.example/index.php?topic=12.msg341#msg341', 'My nose is dry.\nIs that usual?'],
      ['bo', '2024-05-02T15:12:00.000Z', 'https://smf.example/index.php?topic=12.msg342#msg342', 'Salt water.'],
      ['cleo', '2024-05-03T09:00:00.000Z', 'https://smf.example/index.php?topic=12.msg343#msg343', 'Mine too.'],
    ],
    next: 'https://smf.example/index.php?topic=12.15',
  },
  mybb: {
    url: 'https://mybb.example/showthread.php?tid=9',
    posts: [
      ['anna', '2024-01-25T15:12:00.000Z', 'https://mybb.example/showthread.php?tid=9&pid=55#pid55', 'Calmer since the second week.'],
      ['bo', '2024-01-26T09:00:00.000Z', 'https://mybb.example/showthread.php?tid=9&pid=56#pid56', 'I only got tired.'],
      ['cleo', '2024-01-27T00:00:00.000Z', 'https://mybb.example/showthread.php?tid=9&pid=57#pid57', 'Same here.'],
    ],
    next: 'https://mybb.example/showthread.php?tid=9&page=2',
  },
  invision: {
    url: 'https://ips.example/topic/12-back-pain/',
    posts: [
      ['anna', '2024-05-01T10:00:00.000Z', 'https://ips.example/topic/12-back-pain/?do=findComment&comment=71', 'Better after ten days.'],
      ['bo', '2024-05-02T10:00:00.000Z', 'https://ips.example/topic/12-back-pain/?do=findComment&comment=72', 'No change.'],
    ],
    next: 'https://ips.example/topic/12-back-pain/page/2/',
  },
  'news-table': {
    url: 'https://table.example/item?id=340',
    posts: [
      ['bo', '2024-05-01T11:00:00.000Z', 'https://table.example/item?id=345', 'It did for me.\n\nAfter a month.'],
      ['cleo', '2024-05-01T12:00:00.000Z', 'https://table.example/item?id=346', 'Not at all.'],
      ['dora', '2024-05-01T13:00:00.000Z', 'https://table.example/item?id=347', 'A little.'],
    ],
    article: 'I want to read again.',
  },
  microformats: {
    url: 'https://notes.example/memory',
    posts: [
      ['bo', '2024-05-02T10:00:00.000Z', 'https://notes.example/memory#r-9f8b1c2d-77aa', 'Mine did not.'],
      ['cleo', '2024-05-03T10:00:00.000Z', 'https://notes.example/memory#r-0a1b2c3d-88bb', 'Mine did, slowly.'],
    ],
    article:
      'Names come back faster than last year, which I did not expect when I began to write this down. I asked readers to tell me how it went for them, and whether they kept a diary of any kind, since memory of memory is poor.',
  },
};

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/web/generic/${name}.html`, import.meta.url), 'utf8');

describe.each(Object.entries(WANTED))('%s', (name, wanted) => {
  const reading = readPage(fixture(name), wanted.url);

  it('reads each post with its own words, author, time and address', () => {
    expect(reading.page.posts.map(({ author, created_at, native_id, text }) => [author, created_at, native_id, text])).toEqual(wanted.posts);
  });

  it('counts a post without words', () => expect(reading.thread.textless.map(({ nativeId }) => nativeId)).toEqual(wanted.textless ?? []));

  it('tells what the posts answer to', () => expect(reading.thread.article?.text).toBe(wanted.article));

  it('leads to the next page of the thread, not to the next article', () => {
    expect([reading.nextUrl, reading.isPaged]).toEqual([wanted.next, wanted.next !== undefined]);
  });
});

it('knows a comment again on another page of the comments', () => {
  const moved = readPage(fixture('wordpress').replaceAll('comment-page-1', 'comment-page-3'), 'https://blog.example/ten-weeks/comment-page-3/');
  expect(moved.page.posts.map((post) => post.native_id)).toEqual([101, 102, 104].map((id) => `https://blog.example/ten-weeks/#comment-${id}`));
});

it('goes by what the page says of its posts where it says it of several', () => {
  const said = ['a', 'b'].map((text) => `{"@type":"Comment","text":"said ${text}","url":"https://book.example/guests#${text}"}`);
  const block = `<script type="application/ld+json">{"@type":"DiscussionForumPosting","text":"said first","comment":[${said}]}</script>`;
  const { page } = readPage(fixture('plain-list').replace('</head>', `${block}</head>`), WANTED['plain-list']?.url ?? '');
  expect(page.posts.map((post) => post.text)).toEqual(['said first', 'said a', 'said b']);
});
