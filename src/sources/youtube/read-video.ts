/**
 * One page of a video's comment threads with all their replies. A thread brings up to five replies along; where there are more, they
 * are asked for. What cannot be read is a refusal with the reason. Proved by test/unit/sources/youtube.test.ts.
 */
import { z } from 'zod';
import type { IncomingPost } from '../../model/post.ts';
import { captureOf } from '../capture.ts';
import type { Capture, Refusal } from '../source.ts';
import type { YoutubeApi } from './api.ts';
import { type CommentOrigin, type CommentThread, idOf, mapComment, readThread } from './map-comment.ts';

const COMMENT_FIELDS = 'id,snippet(textDisplay,authorChannelId,publishedAt,updatedAt)';
const THREAD_FIELDS = `kind,nextPageToken,items(id,snippet(totalReplyCount,topLevelComment(${COMMENT_FIELDS})),replies(comments(${COMMENT_FIELDS})))`;
const REPLY_FIELDS = `kind,nextPageToken,items(${COMMENT_FIELDS})`;
/** A thousand replies of one comment; what is beyond is counted. */
const REPLY_PAGES = 10;

/** What YouTube says of a whole video; the others are read. */
const VIDEO_REFUSALS = {
  commentsDisabled: { code: 'comments_disabled', detail: 'comments are switched off under this video' },
  videoNotFound: { code: 'not_found', detail: 'YouTube has no such video, or not for everybody' },
  forbidden: { code: 'forbidden', detail: 'YouTube does not give the comments of this video' },
} as const;

interface VideoPage {
  readonly captures: Capture[];
  readonly posts: IncomingPost[];
  readonly refusals: Refusal[];
  readonly nextPageToken: string | undefined;
}

/** `stale`: the page token is no longer accepted. A title is asked for once, and kept in `titles`. */
export async function readVideoPage(
  api: YoutubeApi,
  ask: { readonly video: string; readonly pageToken: string | undefined; readonly maxUnits: number; readonly titles: Map<string, string | undefined> },
): Promise<VideoPage | 'stale'> {
  const { video, pageToken } = ask;
  const page: VideoPage = { captures: [], posts: [], refusals: [], nextPageToken: undefined };
  const refuseVideo = (reason: keyof typeof VIDEO_REFUSALS): VideoPage => ({ ...page, refusals: [{ ...VIDEO_REFUSALS[reason], item: video }] });
  if (!ask.titles.has(video)) {
    const about = await api.ask('videos', { part: 'snippet', id: video, fields: 'kind,items(id,snippet(title))' });
    if (about.kind === 'refused' || about.items.length === 0) return refuseVideo('videoNotFound');
    ask.titles.set(video, titleOf(about.items[0]));
  }

  const answer = await api.ask('commentThreads', {
    part: 'snippet,replies',
    videoId: video,
    maxResults: '100',
    // Newest first; by relevance YouTube leaves some out.
    order: 'time',
    textFormat: 'plainText',
    fields: THREAD_FIELDS,
    ...(pageToken === undefined ? {} : { pageToken }),
  });
  if (answer.kind === 'refused') return answer.reason === 'invalidPageToken' ? 'stale' : refuseVideo(answer.reason);
  const capture = captureOf(answer.response);
  page.captures.push(capture);
  const origin = { video, title: ask.titles.get(video), observedAt: answer.response.fetchedAt, captureDigest: capture.digest };
  for (const item of answer.items) {
    const read = readThread(item);
    if ('refusal' in read) page.refusals.push(read.refusal);
    else await readComments(api, { thread: read.thread, item, origin, page, maxUnits: ask.maxUnits });
  }
  return { ...page, nextPageToken: answer.nextPageToken };
}

interface ThreadRead {
  readonly thread: CommentThread;
  readonly item: unknown;
  readonly origin: CommentOrigin;
  readonly page: VideoPage;
  readonly maxUnits: number;
}

async function readComments(api: YoutubeApi, read: ThreadRead): Promise<void> {
  const { thread, origin, page } = read;
  const top = mapComment(thread.snippet.topLevelComment, origin);
  const id = 'post' in top ? top.post.nativeId : idOf(read.item);
  if ('post' in top) page.posts.push(top.post);
  else page.refusals.push(top.refusal);
  const inline = thread.replies?.comments ?? [];
  const total = thread.snippet.totalReplyCount;
  if (total === undefined) page.refusals.push(notRead('thread.snippet.totalReplyCount is not a number: there may be more replies', id));
  const parent = 'post' in top ? { id: top.post.nativeId, text: top.post.text } : undefined;
  const inThread: CommentOrigin = { ...origin, ...(parent === undefined ? {} : { parent }) };
  if (total === undefined || total <= inline.length || id === undefined) {
    addReplies(page, inline, inThread);
    if (id === undefined && total !== undefined && total > inline.length)
      page.refusals.push(notRead(`${total - inline.length} replies of a thread without id`, id));
    return;
  }
  await askReplies(api, { ...read, id, total, origin: inThread, inline });
}

/** Page by page through comments.list; the replies that came along are among them, and stand in where the units do not suffice for any. */
async function askReplies(
  api: YoutubeApi,
  read: ThreadRead & { readonly id: string; readonly total: number; readonly inline: readonly unknown[] },
): Promise<void> {
  const { id, page, total } = read;
  let pageToken: string | undefined;
  let seen = 0;
  for (let pages = 0; pages < REPLY_PAGES; pages += 1) {
    if (api.units() >= read.maxUnits) break;
    const answer = await api.ask('comments', {
      part: 'snippet',
      parentId: id,
      maxResults: '100',
      textFormat: 'plainText',
      fields: REPLY_FIELDS,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    if (answer.kind === 'refused') break;
    const capture = captureOf(answer.response);
    page.captures.push(capture);
    addReplies(page, answer.items, { ...read.origin, observedAt: answer.response.fetchedAt, captureDigest: capture.digest });
    seen += answer.items.length;
    if (answer.nextPageToken === undefined || answer.nextPageToken === pageToken) return;
    pageToken = answer.nextPageToken;
  }
  if (seen === 0) {
    addReplies(page, read.inline, read.origin);
    seen = read.inline.length;
  }
  if (total > seen) page.refusals.push(notRead(`${total - seen} replies`, id));
}

function addReplies(page: VideoPage, items: readonly unknown[], origin: CommentOrigin): void {
  for (const item of items) {
    const mapped = mapComment(item, origin);
    if ('post' in mapped) page.posts.push(mapped.post);
    else page.refusals.push(mapped.refusal);
  }
}

function notRead(detail: string, item: string | undefined): Refusal {
  return { code: 'comments_not_read', detail, ...(item === undefined ? {} : { item }) };
}

const videoSchema = z.object({ snippet: z.object({ title: z.string().max(1_000) }) });

/** A video without a readable title has none; its comments are read all the same. */
function titleOf(item: unknown): string | undefined {
  const parsed = videoSchema.safeParse(item);
  return parsed.success ? parsed.data.snippet.title : undefined;
}
