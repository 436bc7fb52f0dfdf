/** Bluesky, made up in the form of its API. */
import { startBlueskyStandIn } from '../../../src/demo/standins/bluesky.ts';
import { blueskySource } from '../../../src/sources/bluesky.ts';
import type { Source } from '../../../src/sources/source.ts';
import { uriOf, views } from '../../fixtures/bluesky/posts.ts';
import { type MutationCase, swap } from './mutation-case.ts';

const own: MutationCase = {
  source: blueskySource as Source,
  recording: 'a search',
  isThere: true,
  start: async () => ({ standIn: await startBlueskyStandIn({ posts: views(1, 5) }, { pageSize: 3 }), query: { search: 'examplide' } }),
  mutations: [
    swap('a post without its address', [`"uri":"${uriOf(4)}",`, ''], 'malformed_item'),
    swap('an address that is a number', [`"uri":"${uriOf(4)}"`, '"uri":4'], 'malformed_item'),
    swap('a record without its text', ['"text":"Examplide post number 4",', ''], 'malformed_item'),
    swap('a text that is a list', ['"text":"Examplide post number 4"', '"text":["Examplide"]'], 'malformed_item'),
    swap('posts under another name', ['"posts":[', '"feed":['], 'unreadable_answer'),
    swap('a mark of the next page that is a number', [/"cursor":"[^"]+"/, '"cursor":7'], 'unreadable_answer'),
  ],
};

export const blueskyMutations = [own];
