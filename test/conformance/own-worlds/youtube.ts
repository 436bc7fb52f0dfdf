/** YouTube in the conformance suite: comments that the demo does not have, under named videos and under those of a search. */
import { startYoutubeStandIn, type YoutubeWorld } from '../../../src/demo/standins/youtube.ts';
import type { Source } from '../../../src/sources/source.ts';
import { youtubeSource } from '../../../src/sources/youtube.ts';
import { comment, commentId, reply, videoId } from '../../fixtures/youtube/comments.ts';
import { anyWorld, type SourceCase } from '../source-case.ts';

const source = youtubeSource as Source;
const under = (n: number) => ({ videoId: videoId(n) });
const videos = [
  { id: videoId(1), title: 'Semax, a month' },
  { id: videoId(2), title: 'Semax, questions', commentsDisabled: true },
  { id: videoId(3), title: 'Semax, answers' },
];
const first: YoutubeWorld = {
  videos,
  comments: [1, 2, 3, 4, 5].flatMap((n) => [comment(n), ...[1, 2, 3].map((m) => reply(n, m))]).concat([6, 7, 8].map((n) => comment(n, under(3)))),
};
const GONE = [commentId(2), ...[1, 2, 3].map((m) => commentId(2, m)), commentId(4, 2)];
const later: YoutubeWorld = {
  videos,
  comments: [
    ...first.comments.filter(({ id }: { readonly id?: unknown }) => ![...GONE, commentId(3)].includes(String(id))),
    comment(3, { textDisplay: 'Semax did nothing after all.', updatedAt: '2026-11-20T00:00:00Z' }),
    comment(9),
  ],
};

const caseOf = (query: object): SourceCase<YoutubeWorld> => ({
  title: `youtube ${JSON.stringify(query)}`,
  source,
  query: source.querySchema.parse(query),
  credentials: { YOUTUBE_API_KEY: 'stand-in-key' },
  start: (world, options) => startYoutubeStandIn(world, { ...options, pageSize: 2, inlineReplies: 1 }),
  load: async (visit) => structuredClone(visit === 1 ? first : later),
  changes: async () => [
    ...GONE.map((id) => ({ visit: 2, id, action: 'vanish' }) as const),
    { visit: 2, id: commentId(3), action: 'edit' },
    { visit: 2, id: commentId(9), action: 'add' },
  ],
  empty: () => ({ videos, comments: [] }),
  spoil: (world) => ({
    ...world,
    comments: [...world.comments, comment(20, { textDisplay: 7 }), reply(1, 20, { textDisplay: undefined }), { ...comment(21), id: 7 }],
  }),
  grow: (world, n) => ({ ...world, comments: [...world.comments, ...Array.from({ length: 20 }, (_, at) => comment(n * 100 + at))] }),
});

export const youtubeCases = [caseOf({ videos: [videoId(1), videoId(2), videoId(9), videoId(3)] }), caseOf({ search: 'semax' })].map(anyWorld);
