import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { extractPage } from '../../../src/sources/web/extract.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/web/${name}`, import.meta.url), 'utf8');

it('reads threads from JSON-LD, replies nested', () => {
  expect(extractPage(fixture('forum-json-ld.html'), 'https://bench.example/threads/focus.77/').posts).toEqual([
    {
      native_id: 'https://bench.example/threads/focus.77/',
      author: 'ada_w',
      created_at: '2026-01-05T10:00:00.000Z',
      text: 'I read about it and wonder whether it does anything for focus.',
      url: 'https://bench.example/threads/focus.77/',
    },
    {
      native_id: 'https://bench.example/threads/focus.77/#post-901',
      author: 'benno',
      created_at: '2026-01-05T12:00:00.000Z',
      text: 'Used it for a month. Clear improvement & no side effects.',
      url: 'https://bench.example/threads/focus.77/#post-901',
    },
    {
      native_id: 'https://bench.example/threads/focus.77/#post-902',
      author: 'ada_w',
      created_at: null,
      text: 'Which month?',
      url: 'https://bench.example/threads/focus.77/#post-902',
    },
    { native_id: null, author: 'cleo', created_at: null, text: 'Did nothing for me.', url: null },
  ]);
});

it('reads threads from microdata, each item its own properties', () => {
  expect(extractPage(fixture('forum-microdata.html'), 'https://old.example/t/dry-nose/12').posts).toEqual([
    {
      native_id: 'https://old.example/t/dry-nose/12',
      author: 'dora',
      created_at: '2025-12-01T09:00:00.000Z',
      text: 'My nose gets dry.\n\nIs that usual?',
      url: 'https://old.example/t/dry-nose/12',
    },
    {
      native_id: 'https://old.example/t/dry-nose/12#post_2',
      author: 'emil',
      created_at: '2025-12-02T00:00:00.000Z',
      text: 'Yes, for me too.\nSalt water helps.',
      url: 'https://old.example/t/dry-nose/12#post_2',
    },
  ]);
});

it('reads questions and answers', () => {
  const html =
    '<script type="application/ld+json">{"@type":"QAPage","mainEntity":{"@type":"Question","name":"Q","text":"Does it help?","author":{"name":"a"},"acceptedAnswer":{"@type":"Answer","text":"Yes.","url":"https://qa.example/q/1#a2"},"suggestedAnswer":[{"@type":"Answer","text":"No."}]}}</script>';
  expect(extractPage(html, 'https://qa.example/q/1').posts.map((post) => post.text)).toEqual(['Does it help?', 'Yes.', 'No.']);
});

it('two posts that claim one address: the second has none; the same post twice is one', () => {
  const comment = (text: string) => `{"@type":"Comment","text":"${text}","url":"https://f.example/1#a"}`;
  const html = `<script type="application/ld+json">{"@type":"DiscussionForumPosting","text":"root","url":"https://f.example/1","comment":[${comment('x')},${comment('y')},${comment('x')}]}</script>`;
  expect(extractPage(html, 'https://f.example/1').posts.map((post) => [post.text, post.native_id])).toEqual([
    ['root', 'https://f.example/1'],
    ['x', 'https://f.example/1#a'],
    ['y', null],
  ]);
});
