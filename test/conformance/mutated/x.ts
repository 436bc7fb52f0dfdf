/** X: a recorded search, and one made up in the same form. */
import { startXStandIn } from '../../../src/demo/standins/x.ts';
import type { Source } from '../../../src/sources/source.ts';
import { xSource } from '../../../src/sources/x.ts';
import { xPosts } from '../../fixtures/x/posts.ts';
import { xRecordings } from '../../standin/recordings-x.ts';
import { serveRecordings } from '../../standin/serve-recordings.ts';
import { hasRecordings, SHARED_API } from '../../standin/shared-data.ts';
import { type Mutation, type MutationCase, swap } from './mutation-case.ts';

const source = xSource as Source;

interface Answer {
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

/** Of an answer with posts; the last of them, for the first ones recorded are reposts. */
function inData(what: string, change: (posts: Answer['data']) => object, code: string): Mutation {
  return {
    what,
    change(body) {
      const answer = JSON.parse(body) as Partial<Answer>;
      const { data, ...rest } = answer;
      return data === undefined ? body : JSON.stringify({ ...change(data), ...rest });
    },
    code,
  };
}
const inLast = (what: string, change: (post: Answer['data'][number]) => object): Mutation =>
  inData(what, (posts) => ({ data: [...posts.slice(0, -1), change(posts.at(-1) ?? {})] }), 'malformed_item');

const mutations: readonly Mutation[] = [
  inLast('a post without its id', ({ id: _id, ...rest }) => rest),
  inLast('an id that is a number', (post) => ({ ...post, id: Number(post['id']) })),
  inLast('a text that is a list', (post) => ({ ...post, text: [post['text']] })),
  inLast('a post that is a list', (post) => [post]),
  inData('posts under another name', (posts) => ({ posts }), 'x_unexpected_answer'),
  inData('posts that are one object', ([post]) => ({ data: post }), 'x_unexpected_answer'),
  inData('fewer posts than their number says', (posts) => ({ data: posts.slice(0, -1) }), 'missing_from_answer'),
  swap('an answer without posts and without a number of them', [/^[\s\S]*$/, '{"meta":{}}'], 'x_unexpected_answer'),
  swap('a mark of the next page that is a number', [/"next_token":"[^"]+"/, '"next_token":7'], 'x_unexpected_answer'),
];

const recorded: MutationCase = {
  source,
  recording: 'a recorded search',
  isThere: hasRecordings('tweepy_cassettes'),
  async start() {
    const recordings = await xRecordings(SHARED_API);
    const query: unknown = JSON.parse(recordings.crawlable.find((line) => !line.includes('archive')) ?? '');
    return { standIn: await serveRecordings([recordings]), query };
  },
  mutations,
};

const own: MutationCase = {
  source,
  recording: 'a search',
  isThere: true,
  start: async () => ({
    standIn: await startXStandIn({ posts: xPosts(1, 5) }, { now: () => new Date('2026-06-01T10:00:00Z'), pageSize: 3 }),
    query: { search: 'examplide' },
  }),
  mutations,
};

export const xMutations = [recorded, own];
