/**
 * YouTube (Data API v3): the comments and replies under named videos or under those a search finds, within a number of quota units per
 * run, and re-checks of known comments. Spec: docs/sources/youtube.md. Proved by test/unit/sources/youtube*.test.ts against the stand-in
 * (src/demo/standins/youtube.ts).
 */
import { TransientError } from '../errors.ts';
import { captureOf } from './capture.ts';
import type { Capture, CrawlPage, Source, SourceContext } from './source.ts';
import { openYoutube, type YoutubeApi } from './youtube/api.ts';
import { readRun, writeCursor, type YoutubeRun } from './youtube/cursor.ts';
import { searchVideos } from './youtube/find-videos.ts';
import { estimateRun, type YoutubeQuery, youtubeQuerySchema } from './youtube/query.ts';
import { readVideoPage } from './youtube/read-video.ts';
import { recheckYoutube } from './youtube/recheck.ts';

export const youtubeSource: Source<YoutubeQuery> = {
  name: 'youtube',
  queue: 'video',
  platforms: ['youtube'],
  description: {
    collects: 'Comments and replies under named videos, or under the videos a search finds.',
    limits:
      '10,000 quota units a day by default: 1 for each 100 comments and for each thread with more than five replies, 100 for each search. A run ends at its max_units and the next goes on there.',
    caveats:
      'Each run reads its videos anew, since edits and replies come to old comments too. A comment is read beside its video’s title; the video itself is not watched. A search finds what YouTube ranks, not all there is.',
    keep: 'Text, time, address; the video’s title; the writer’s channel id as a keyed hash; the raw answer, without names and pictures, which are not asked for. YouTube allows thirty days without a refresh; the daily re-check is one.',
    deletion:
      'Asked daily by comment id, 50 per call; what two endpoints both no longer give is withheld at once, and erased when three looks over a week have not found it. YouTube does not tell deleted from taken down.',
    public: 'summary',
    recheck: {
      everyHours: 24,
      missing: { looks: 3, days: 7 },
      gone: { looks: 2, days: 1 },
      because: 'YouTube API Services Developer Policies: stored data is refreshed or deleted within 30 days',
    },
    credentials: [
      {
        env: 'YOUTUBE_API_KEY',
        required: true,
        how: 'API key of a project with YouTube Data API v3 switched on: https://console.cloud.google.com/apis/credentials',
      },
    ],
  },
  querySchema: youtubeQuerySchema,
  crawl: ({ query, cursor }, context) => crawlYoutube(query, readRun(cursor), context),
  estimate: ({ query, cursor }) => estimateRun(query, readRun(cursor)),
  recheck: async (nativeIds, context) => recheckYoutube(openYoutube(context), nativeIds),
};

/** One step per page of comment threads, and one for the search before them: it is the dearest call, and a crash must not repeat it. */
async function* crawlYoutube(query: YoutubeQuery, resumed: YoutubeRun | undefined, context: SourceContext): AsyncGenerator<CrawlPage> {
  const api = openYoutube(context, resumed?.units);
  let run = resumed;
  if (run === undefined) {
    const found = await findVideos(api, query);
    run = startRun(found.videos, api);
    if (found.captures.length > 0) yield { captures: found.captures, posts: [], refusals: [], cursor: writeCursor(run) };
  }
  let restarted = false;
  const titles = new Map<string, string | undefined>();
  while (run !== undefined) {
    const step = await readVideoPage(api, { video: run.videos[run.at] as string, pageToken: run.pageToken, maxUnits: query.max_units, titles });
    if (step === 'stale') {
      if (restarted) throw new TransientError('unavailable', 'YouTube commentThreads: fresh page tokens are refused');
      // Tokens do not live for ever. The video from its first page again: what is known comes out unchanged.
      restarted = true;
      run = { videos: run.videos, at: run.at, units: api.units() };
      continue;
    }
    const { nextPageToken, ...page } = step;
    const next = advance(run, nextPageToken);
    const spent = api.units() >= query.max_units;
    run = next === undefined ? undefined : { ...next, units: spent ? 0 : api.units() };
    yield { ...page, cursor: writeCursor(run) };
    if (spent) return;
  }
}

function startRun(videos: readonly string[], api: YoutubeApi): YoutubeRun | undefined {
  return videos.length === 0 ? undefined : { videos: [...videos], at: 0, units: api.units() };
}

/** The place after a page; undefined after the last page of the last video. A token that repeats itself ends its video. */
function advance(run: YoutubeRun, nextPageToken: string | undefined): Omit<YoutubeRun, 'units'> | undefined {
  const { videos, at, pageToken } = run;
  if (nextPageToken !== undefined && nextPageToken !== pageToken) return { videos, at, pageToken: nextPageToken };
  return at + 1 < videos.length ? { videos, at: at + 1 } : undefined;
}

async function findVideos(api: YoutubeApi, query: YoutubeQuery): Promise<{ readonly videos: readonly string[]; readonly captures: readonly Capture[] }> {
  if (query.search === undefined) return { videos: [...new Set(query.videos)], captures: [] };
  const found = await searchVideos(api, { search: query.search, most: query.max_videos });
  return { videos: found.videos, captures: found.responses.map(captureOf) };
}
