/** The web source: a page, a sitemap, threads by JSON-LD, a forum's own markup, and Discourse's JSON. All written for the tests. */
import { readFileSync } from 'node:fs';
import { startWebStandIn, type WebPage } from '../../../src/demo/standins/web.ts';
import type { Source } from '../../../src/sources/source.ts';
import { webSource } from '../../../src/sources/web.ts';
import { type Mutation, type MutationCase, swap } from './mutation-case.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/web/${name}`, import.meta.url), 'utf8');

function caseOf(
  recording: string,
  site: { readonly host: string; readonly pages: readonly WebPage[]; readonly query: object },
  ...mutations: Mutation[]
): MutationCase {
  const { host, pages, query } = site;
  return {
    source: webSource as Source,
    recording,
    isThere: true,
    start: async () => ({ standIn: await startWebStandIn({ sites: [{ host, pages }] }), query }),
    mutations,
  };
}

const page = caseOf(
  'a page',
  {
    host: 'desk.example',
    pages: [{ path: '/one', body: '<!doctype html><html><head><title>One</title></head><body><main><p>Examplide helped me sleep.</p></main></body></html>' }],
    query: { urls: ['https://desk.example/one'] },
  },
  swap('a page whose text is left to a script', ['<p>Examplide helped me sleep.</p>', '<script>show("Examplide helped me sleep.")</script>'], 'missing_text'),
);

const days = ['one', 'two'].map((name) => ({ path: `/${name}`, body: `<title>${name}</title><main><p>Examplide, part ${name}.</p></main>` }));
const sitemap = caseOf(
  'a sitemap',
  {
    host: 'desk.example',
    pages: [
      {
        path: '/sitemap.xml',
        body: `<?xml version="1.0"?><urlset>${days.map(({ path }) => `<url><loc>https://desk.example${path}</loc></url>`).join('')}</urlset>`,
      },
      ...days,
    ],
    query: { sitemap: 'https://desk.example/sitemap.xml' },
  },
  swap('an entry whose address has another name', [/<loc>(.*?)<\/loc>/, '<address>$1</address>'], 'malformed_item'),
  swap('an address that is none', [/<loc>.*?<\/loc>/, '<loc>page one</loc>'], 'other_site'),
  swap('a list under another name', [/<urlset>/, '<pages>'], 'bad_sitemap'),
);

const linked = caseOf(
  'a thread in JSON-LD',
  {
    host: 'bench.example',
    pages: [{ path: '/threads/focus.77/', body: fixture('forum-json-ld.html') }],
    query: { thread: 'https://bench.example/threads/focus.77/' },
  },
  swap('a reply without its text', ['"text":"Which month?",', ''], 'missing_text'),
  swap('a text that is a list', ['"text":"Did nothing for me."', '"text":["Did nothing for me."]'], 'missing_text'),
  swap('a thread of another type', ['DiscussionForumPosting', 'CreativeWork'], 'no_posts_found'),
  swap('a block that is cut off', ['"comment":[', '"comment":['.repeat(2)], 'no_posts_found'),
);

const phpbb = caseOf(
  'a thread of phpBB',
  {
    host: 'phpbb.example',
    pages: [{ path: '/board/viewtopic.php?t=42', body: fixture('forums/phpbb.html') }],
    query: { thread: 'https://phpbb.example/board/viewtopic.php?t=42' },
  },
  swap('words in a place of another name', ['<div class="content">My nose', '<div class="words">My nose'], 'missing_text'),
  { what: 'posts in places of another name', change: (body) => body.replaceAll('class="post has-profile', 'class="item has-profile'), code: 'no_posts_found' },
);

const topicPost = (n: number): object => ({
  id: 500 + n,
  post_number: n,
  cooked: `<p>Examplide, part ${n}.</p>`,
  username: 'ann',
  created_at: '2026-02-01T10:00:00.000Z',
});
const discourse = caseOf(
  'a topic of Discourse',
  {
    host: 'talk.example',
    pages: [
      { path: '/t/focus/77', body: '<html><head><meta name="generator" content="Discourse 3.4.0"><title>Focus</title></head><body></body></html>' },
      {
        path: '/t/77.json',
        body: JSON.stringify({ title: 'Focus', post_stream: { posts: [topicPost(1), topicPost(2)], stream: [501, 502, 503, 504] } }),
      },
      { path: '/t/77/posts.json?post_ids[]=503&post_ids[]=504', body: JSON.stringify({ post_stream: { posts: [topicPost(3), topicPost(4)] } }) },
      // A post that could not be read is asked for again with the others.
      {
        path: '/t/77/posts.json?post_ids[]=502&post_ids[]=503&post_ids[]=504',
        body: JSON.stringify({ post_stream: { posts: [2, 3, 4].map(topicPost) } }),
      },
    ],
    query: { thread: 'https://talk.example/t/focus/77' },
  },
  swap('a post whose id is text', ['"id":502', '"id":"502"'], 'malformed_item'),
  swap('a post without its text', ['"cooked":"<p>Examplide, part 2.</p>",', ''], 'missing_text'),
  swap('a text that is a list', ['"cooked":"<p>Examplide, part 2.</p>"', '"cooked":["<p>Examplide, part 2.</p>"]'], 'malformed_item'),
  swap('posts under another name', ['"post_stream"', '"posts"'], 'malformed_answer'),
  swap('a first answer that does not name the other posts', [/,"stream":\[[^\]]*\]/, ''], 'malformed_answer'),
  swap('names that are text', [/"stream":\[[^\]]*\]/, '"stream":"501,502,503,504"'], 'malformed_answer'),
  swap('a post that was asked for and is not given', [/,\{"id":504.*?\}/, ''], 'missing_from_answer'),
);

export const webMutations = [page, sitemap, linked, phpbb, discourse];
