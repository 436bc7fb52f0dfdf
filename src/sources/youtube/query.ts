/** What a topic file may ask of YouTube: the comments of named videos, or of the videos a search finds (docs/sources/youtube.md). */
import { z } from 'zod';
import type { Estimate } from '../source.ts';
import type { YoutubeRun } from './cursor.ts';
import { UNITS, UNITS_PER_DAY } from './units.ts';

/** A page of search.list holds so many videos. */
export const VIDEOS_PER_SEARCH = 50;

export const youtubeQuerySchema = z
  .strictObject({
    /** The eleven characters after `watch?v=`. */
    videos: z
      .array(z.string().regex(/^[\w-]{11}$/, 'the eleven characters after watch?v='))
      .min(1)
      .max(500)
      .optional(),
    /** Words in YouTube's search; `|` is or, `-` is not. */
    search: z.string().trim().min(1).max(500).optional(),
    /** Videos of a search that are read; each page of 50 costs 100 units. */
    max_videos: z.int().min(1).max(200).default(25),
    /** Quota units one run may use; a project has 10,000 a day by default. */
    max_units: z.int().min(3).max(1_000_000).default(1_000),
  })
  .refine((query) => (query.videos === undefined) !== (query.search === undefined), 'name either videos or a search')
  .refine((query) => query.search === undefined || query.max_units >= searchUnits(query.max_videos) + 3, {
    path: ['max_units'],
    message: `a search costs ${UNITS.search} units for each 50 videos, and reading what it finds some more`,
  });
export type YoutubeQuery = z.infer<typeof youtubeQuerySchema>;

function searchUnits(videos: number): number {
  return searchCalls(videos) * UNITS.search;
}

function searchCalls(videos: number): number {
  return Math.ceil(videos / VIDEOS_PER_SEARCH);
}

/** Two calls for each video at least; no call costs less than one unit. What a search will find is not known. */
export function estimateRun(query: YoutubeQuery, run: YoutubeRun | undefined): Estimate {
  const calls = run === undefined && query.search !== undefined ? searchCalls(query.max_videos) : 0;
  const videos = run === undefined ? (query.videos?.length ?? 0) : run.videos.length - run.at;
  const units = query.max_units - (run?.units ?? 0);
  const most = Math.max(units - calls * (UNITS.search - 1), 2);
  const least = Math.min(calls * UNITS.search + 2 * videos, units);
  return { least: Math.min(calls + 2 * videos, most), most, itemsPerRequest: 100, quota: { least, most: units, perDay: UNITS_PER_DAY } };
}
