/**
 * Where a crawl of YouTube stands. Nothing is remembered between whole runs: each reads the videos anew, because edits and replies
 * come to old comments too, and what is known comes out unchanged. Within a run: the videos, and the page to go on with.
 */
import { z } from 'zod';
import type { CrawlCursor } from '../source.ts';

const runSchema = z.object({
  videos: z
    .array(z.string().regex(/^[\w-]{11}$/))
    .min(1)
    .max(500),
  /** Index of the video that is being read. */
  at: z.int().nonnegative(),
  pageToken: z.string().min(1).max(2_000).optional(),
  /** Quota units of this run. */
  units: z.int().nonnegative(),
});
export type YoutubeRun = Readonly<z.infer<typeof runSchema>>;

const cursorSchema = z.object({ run: runSchema.refine(({ at, videos }) => at < videos.length) });

export function readRun(cursor: CrawlCursor): YoutubeRun | undefined {
  const parsed = cursorSchema.safeParse(cursor);
  return parsed.success ? parsed.data.run : undefined;
}

export function writeCursor(run: YoutubeRun | undefined): CrawlCursor {
  return run === undefined ? {} : { run };
}
