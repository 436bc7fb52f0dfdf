/** YouTube, made up in the form of its API. */
import { startYoutubeStandIn } from '../../../src/demo/standins/youtube.ts';
import type { Source } from '../../../src/sources/source.ts';
import { youtubeSource } from '../../../src/sources/youtube.ts';
import { comment, commentId, reply, videoId } from '../../fixtures/youtube/comments.ts';
import { type MutationCase, swap } from './mutation-case.ts';

const comments = [...[1, 2, 3].map((n) => comment(n)), ...[1, 2, 3].map((n) => reply(1, n))];

const own: MutationCase = {
  source: youtubeSource as Source,
  recording: 'the comments of a video',
  isThere: true,
  start: async () => ({
    standIn: await startYoutubeStandIn({ videos: [{ id: videoId(1), title: 'Examplide' }], comments }, { pageSize: 2, inlineReplies: 1 }),
    query: { videos: [videoId(1)] },
  }),
  mutations: [
    swap('a comment without its text', ['"textDisplay":"Examplide comment number 3"', '"text":"Examplide comment number 3"'], 'malformed_item'),
    swap('a text that is an object', ['"textDisplay":"Examplide comment number 3"', '"textDisplay":{"runs":[]}'], 'malformed_item'),
    swap('an id that is a number', [`"topLevelComment":{"id":"${commentId(2)}"`, '"topLevelComment":{"id":7'], 'malformed_item'),
    swap('a thread without its first comment', [/"topLevelComment"/, '"comment"'], 'malformed_item'),
    swap('a number of replies that is text', [/"totalReplyCount":3/, '"totalReplyCount":"3"'], 'comments_not_read'),
    swap('a list of another kind', ['youtube#commentThreadListResponse', 'comments'], 'unreadable_answer'),
    swap('items that are one object', [/("kind":"youtube#commentThreadListResponse".*)"items":\[/, '$1"items":7,"more":['], 'unreadable_answer'),
    swap('a mark of the next page that is a number', [/"nextPageToken":"T2"/, '"nextPageToken":2'], 'unreadable_answer'),
  ],
};

export const youtubeMutations = [own];
