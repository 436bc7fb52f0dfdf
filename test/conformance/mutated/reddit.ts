/** Reddit: a recorded listing, and a thread made up in the same form. */
import { startRedditStandIn } from '../../../src/demo/standins/reddit.ts';
import type { Source } from '../../../src/sources/source.ts';
import { redditSource } from '../../../src/sources/reddit.ts';
import { comment, submission } from '../../fixtures/reddit/things.ts';
import { startRedditRecordings } from '../../standin/recordings-reddit.ts';
import { hasRecordings, SHARED_API } from '../../standin/shared-data.ts';
import { type MutationCase, swap } from './mutation-case.ts';

const source = redditSource as Source;

const listing: MutationCase = {
  source,
  recording: 'a recorded listing',
  isThere: hasRecordings('praw'),
  async start() {
    const standIn = await startRedditRecordings(SHARED_API);
    const found = standIn.listings.find(({ listing }) => listing === 'new');
    return { standIn, query: { subreddit: found?.subreddit, listing: 'new' } };
  },
  mutations: [
    swap('an item without its name', [/"name":\s*"t3_\w+",?/, ''], 'malformed_item'),
    swap('an item whose title is a list', [/"title":\s*("(?:[^"\\]|\\.)*")/, '"title":[$1]'], 'malformed_item'),
    swap('a time that is text', [/"created_utc":\s*([\d.]+)/, '"created_utc":"$1"'], 'malformed_item'),
    swap('an item of another kind', [/"kind":\s*"t3"/, '"kind":"t9"'], 'unsupported_item'),
    swap('a page whose items have another name', [/"children":/, '"items":'], 'reddit_unexpected_answer'),
    swap('an anchor of the next page that is a number', [/"after":\s*"[^"]+"/, '"after":7'], 'reddit_unexpected_answer'),
    swap('an anchor of the next page that is gone', [/"after":\s*"[^"]+",?/, ''], 'reddit_unexpected_answer'),
  ],
};

const LINK = 't3_s001';
const thread: MutationCase = {
  source,
  recording: 'a thread',
  isThere: true,
  async start() {
    const place = (n: number, parent: string) => comment(n, { link: LINK, parent });
    const comments = [place(1, LINK), place(2, 't1_c001'), place(3, 't1_c002'), ...[4, 5, 6, 7, 8].map((n) => place(n, LINK))];
    const things = [submission(1, { num_comments: comments.length }), ...comments];
    return { standIn: await startRedditStandIn({ things }, { treeSize: 5, treeDepth: 4 }), query: { subreddit: 'ExamplePlace', comments: true } };
  },
  mutations: [
    swap('a comment without its text', [/"body":"Text of comment 2",/, ''], 'malformed_item'),
    swap('a comment whose text is an object', [/"body":("Text of comment 2")/, '"body":{"text":$1}'], 'malformed_item'),
    swap('replies that are of another kind', [/"replies":\{"kind":"Listing"/, '"replies":{"kind":"Tree"'], 'unsupported_item'),
    swap('replies that are a list', [/"replies":(\{"kind":"Listing".*?"before":null\}\})/, '"replies":[$1]'], 'malformed_item'),
    swap('a stub whose names are text', [/"children":\["[^\]]*\]/, '"children":"c004"'], 'malformed_item'),
    swap('a stub without names', [/"children":\["c008"\],/, ''], 'comments_not_read'),
    swap('comments of a stub under another name', [/"things":/, '"items":'], 'reddit_unexpected_answer'),
    swap('a thread that is one list', [/^\[\{"kind":"Listing"[\s\S]*$/, '{"kind":"Listing","data":{"after":null,"children":[]}}'], 'reddit_unexpected_answer'),
  ],
};

export const redditMutations = [listing, thread];
