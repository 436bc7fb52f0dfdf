/**
 * Stand-in for the YouTube Data API v3: search, videos, commentThreads and comments over a world of videos and comment resources. It behaves as
 * docs/sources/youtube.md says YouTube does: units counted against a quota, five replies at most inside a thread, comments that are switched
 * off, what is gone left out without a word. Proved by test/unit/sources/youtube.test.ts.
 */
import { jsonAnswer, type StandInAnswer, startLoopback } from './loopback.ts';
import type { StandIn, StandInOptions, StandInRequest } from './stand-in.ts';
import { selectFields } from './youtube-fields.ts';

interface YoutubeVideo {
  readonly id: string;
  readonly title: string;
  readonly commentsDisabled?: boolean;
}

export interface YoutubeWorld {
  readonly videos: readonly YoutubeVideo[];
  /** `youtube#comment` resources with `snippet.videoId`; a reply has `snippet.parentId`. Left out of the next world = gone. */
  readonly comments: readonly object[];
}

export interface YoutubeStandInOptions extends StandInOptions {
  /** Key that is accepted; default: any. */
  readonly key?: string;
  /** Units a day; default 10,000. */
  readonly quota?: number;
  /** Items per page, at most what is asked for; default: what is asked for. */
  readonly pageSize?: number;
  /** Replies inside a thread; default 5. */
  readonly inlineReplies?: number;
}

interface YoutubeComment {
  readonly id?: unknown;
  readonly snippet?: { readonly videoId?: unknown; readonly parentId?: unknown; readonly publishedAt?: unknown };
}

const PREFIX = '/youtube/v3/';
const COSTS: Readonly<Record<string, number>> = { search: 100, videos: 1, commentThreads: 1, comments: 1 };
const MAX_IDS = 50;

export async function startYoutubeStandIn(
  world: YoutubeWorld,
  options: YoutubeStandInOptions = {},
): Promise<StandIn & { setWorld(world: YoutubeWorld): void; units(): number }> {
  let { videos, comments }: { videos: readonly YoutubeVideo[]; comments: readonly YoutubeComment[] } = world;
  let used = 0;

  function answer(request: StandInRequest): StandInAnswer {
    const url = new URL(request.path, 'https://www.googleapis.com');
    const endpoint = url.pathname.startsWith(PREFIX) ? url.pathname.slice(PREFIX.length) : '';
    const params = url.searchParams;
    const cost = COSTS[endpoint];
    if (cost === undefined) return { status: 404, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: '<!DOCTYPE html><title>Error 404</title>' };
    const key = params.get('key') ?? '';
    if (key === '') return refuse(403, 'forbidden', 'global');
    if (options.key !== undefined && key !== options.key) return badKey();
    used += cost;
    if (used > (options.quota ?? 10_000)) return refuse(403, 'quotaExceeded', 'youtube.quota');
    const body = answers[endpoint]?.(params);
    if (body === undefined || 'status' in body) return body ?? refuse(400, 'badRequest', 'global');
    const fields = params.get('fields');
    return jsonAnswer(200, fields === null ? body : selectFields(body, fields));
  }

  const answers: Readonly<Record<string, (params: URLSearchParams) => StandInAnswer | object>> = {
    search(params) {
      const wanted = (params.get('q') ?? '').toLowerCase().split('|');
      const found = videos.filter(({ title }) => wanted.some((words) => title.toLowerCase().includes(words.trim())));
      return page(
        'searchList',
        found.map(({ id, title }) => ({ kind: 'youtube#searchResult', id: { kind: 'youtube#video', videoId: id }, snippet: { title } })),
        { params, most: 50, usual: 5 },
      );
    },
    videos(params) {
      const ids = idsIn(params);
      const found = videos.filter(({ id }) => ids.includes(id));
      return list(
        'videoList',
        found.map(({ id, title }) => ({ kind: 'youtube#video', id, snippet: { title, description: '' } })),
      );
    },
    commentThreads(params) {
      if (params.has('id'))
        return list(
          'commentThreadList',
          topLevel()
            .filter(({ id }) => idsIn(params).includes(String(id)))
            .map(threadOf),
        );
      const video = videos.find(({ id }) => id === params.get('videoId'));
      if (video === undefined) return refuse(404, 'videoNotFound', 'youtube.commentThread');
      if (video.commentsDisabled === true) return refuse(403, 'commentsDisabled', 'youtube.commentThread');
      const ofVideo = topLevel().filter(({ snippet }) => snippet?.videoId === video.id);
      return page('commentThreadList', ofVideo.sort(newestFirst).map(threadOf), { params, most: 100, usual: 20 });
    },
    comments(params) {
      if (params.has('id'))
        return list(
          'commentList',
          comments.filter(({ id }) => idsIn(params).includes(String(id))),
        );
      return page('commentList', repliesTo(params.get('parentId')), { params, most: 100, usual: 20 });
    },
  };

  const topLevel = (): YoutubeComment[] => comments.filter(({ snippet }) => snippet?.parentId === undefined);
  const repliesTo = (parent: unknown): YoutubeComment[] => comments.filter(({ snippet }) => parent !== null && snippet?.parentId === parent).sort(newestFirst);

  function threadOf(comment: YoutubeComment): object {
    const replies = repliesTo(comment.id);
    const inline = replies.slice(0, options.inlineReplies ?? 5);
    return {
      kind: 'youtube#commentThread',
      id: comment.id,
      snippet: { videoId: comment.snippet?.videoId, topLevelComment: comment, canReply: true, totalReplyCount: replies.length, isPublic: true },
      ...(inline.length === 0 ? {} : { replies: { comments: inline } }),
    };
  }

  function page(
    kind: string,
    items: readonly object[],
    ask: { readonly params: URLSearchParams; readonly most: number; readonly usual: number },
  ): StandInAnswer | object {
    const { params } = ask;
    const size = Number(params.get('maxResults') ?? ask.usual);
    const token = /^T(\d+)$/.exec(params.get('pageToken') ?? 'T0')?.[1];
    if (!(size >= 1 && size <= ask.most)) return refuse(400, 'invalidParameter', 'global');
    if (token === undefined) return refuse(400, 'invalidPageToken', 'youtube.parameter');
    const end = Number(token) + Math.min(size, options.pageSize ?? size);
    return { ...list(kind, items.slice(Number(token), end)), ...(end < items.length ? { nextPageToken: `T${end}` } : {}) };
  }

  const standIn = await startLoopback({ ...(options.fault === undefined ? {} : { fault: options.fault }), hosts: ['www.googleapis.com'], handle: answer });
  return {
    ...standIn,
    units: () => used,
    setWorld(next) {
      ({ videos, comments } = next);
    },
  };
}

function list(kind: string, items: readonly object[]): object {
  return { kind: `youtube#${kind}Response`, pageInfo: { totalResults: items.length, resultsPerPage: items.length }, items };
}

function idsIn(params: URLSearchParams): readonly string[] {
  return (params.get('id') ?? '').split(',').slice(0, MAX_IDS);
}

function newestFirst(a: YoutubeComment, b: YoutubeComment): number {
  return String(b.snippet?.publishedAt).localeCompare(String(a.snippet?.publishedAt));
}

function refuse(code: number, reason: string, domain: string): StandInAnswer {
  return jsonAnswer(code, { error: { code, message: `The request cannot be answered: ${reason}.`, errors: [{ message: reason, domain, reason }] } });
}

function badKey(): StandInAnswer {
  const message = 'API key not valid. Please pass a valid API key.';
  const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' }];
  return jsonAnswer(400, { error: { code: 400, message, errors: [{ message, domain: 'global', reason: 'badRequest' }], status: 'INVALID_ARGUMENT', details } });
}
