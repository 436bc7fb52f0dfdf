/** Feeds, written for the tests: RSS, Atom and JSON. */
import { readFileSync } from 'node:fs';
import { startWebStandIn } from '../../../src/demo/standins/web.ts';
import type { Source } from '../../../src/sources/source.ts';
import { feedSource } from '../../../src/sources/web.ts';
import { type Mutation, type MutationCase, swap } from './mutation-case.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/feed/${name}`, import.meta.url), 'utf8');

function caseOf(recording: string, body: string, ...mutations: Mutation[]): MutationCase {
  return {
    source: feedSource as Source,
    recording,
    isThere: true,
    start: async () => ({
      standIn: await startWebStandIn({ sites: [{ host: 'blog.example', pages: [{ path: '/feed', body }] }] }),
      query: { url: 'https://blog.example/feed' },
    }),
    mutations,
  };
}

const jsonFeed = {
  version: 'https://jsonfeed.org/version/1.1',
  title: 'Quiet Desk',
  items: [1, 2, 3].map((n) => ({ id: `n${n}`, url: `https://blog.example/${n}`, content_text: `Examplide, part ${n}.` })),
};

export const feedMutations = [
  caseOf(
    'an RSS feed',
    fixture('blog.rss'),
    swap('an entry without its words', ['<description>Only words here.</description>', ''], 'missing_text'),
    swap('words under another name', [/<description>Only words here.<\/description>/, '<words>Only words here.</words>'], 'missing_text'),
    swap('a feed under another name', [/<rss [^>]*>/, '<news>'], 'bad_feed'),
  ),
  caseOf(
    'an Atom feed',
    fixture('blog.atom'),
    swap('an entry without its words', ['<summary>Summary.</summary>', ''], 'missing_text'),
    swap('a feed under another name', [/<feed [^>]*>/, '<news>'], 'bad_feed'),
  ),
  caseOf(
    'a JSON feed',
    JSON.stringify(jsonFeed),
    swap('an entry without its words', ['"content_text":"Examplide, part 2."', '"words":"Examplide, part 2."'], 'missing_text'),
    swap('words that are an object', ['"content_text":"Examplide, part 2."', '"content_text":{"words":"Examplide, part 2."}'], 'missing_text'),
    swap('entries under another name', ['"items"', '"entries"'], 'bad_feed'),
  ),
];
