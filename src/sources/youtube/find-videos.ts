/** The videos a search finds, by search.list: 100 units a page of 50. Ids alone are asked for; titles come with the comments. */
import { z } from 'zod';
import { InvalidInputError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import type { YoutubeApi } from './api.ts';
import { VIDEOS_PER_SEARCH } from './query.ts';

const resultSchema = z.object({ id: z.object({ videoId: z.string().regex(/^[\w-]{11}$/) }) });

export async function searchVideos(
  api: YoutubeApi,
  ask: { readonly search: string; readonly most: number },
): Promise<{ readonly videos: readonly string[]; readonly responses: readonly HttpResponse[] }> {
  const videos = new Set<string>();
  const responses: HttpResponse[] = [];
  let pageToken: string | undefined;
  for (let left = ask.most; left > 0; left -= VIDEOS_PER_SEARCH) {
    const answer = await api.ask('search', {
      part: 'id',
      type: 'video',
      q: ask.search,
      maxResults: String(Math.min(left, VIDEOS_PER_SEARCH)),
      fields: 'kind,nextPageToken,items(id(videoId))',
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    if (answer.kind === 'refused') throw new InvalidInputError('query_refused', `YouTube search: ${answer.reason}`);
    responses.push(answer.response);
    for (const item of answer.items) {
      const result = resultSchema.safeParse(item);
      if (result.success) videos.add(result.data.id.videoId);
    }
    if (answer.nextPageToken === undefined || answer.nextPageToken === pageToken) break;
    pageToken = answer.nextPageToken;
  }
  return { videos: [...videos].slice(0, ask.most), responses };
}
