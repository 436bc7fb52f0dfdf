/**
 * Where a crawl of Bluesky stands: between runs the newest time read, within a run the place to go on from. A place is kept twice, as
 * Bluesky's own cursor and as a time: cursors are for who is logged in, and end at some depth.
 */
import { z } from 'zod';
import type { CrawlCursor } from '../source.ts';

const time = z.iso.datetime();

const runSchema = z.object({
  /** Bluesky's cursor. */
  token: z.string().min(1).max(500).optional(),
  /** The `until` of the search that `token` belongs to. */
  base: time.optional(),
  /** Everything from here on is read. */
  until: time.optional(),
  /** Posts of the millisecond before `until`, which the next page shows again. */
  edge: z.array(z.string().max(500)).max(100),
  newest: time.optional(),
  pages: z.int().nonnegative(),
});
export type BlueskyRun = Readonly<z.infer<typeof runSchema>>;

const cursorSchema = z.object({ since: time.optional().catch(undefined), run: runSchema.optional().catch(undefined) });
export type BlueskyCursor = Readonly<z.infer<typeof cursorSchema>>;

export const NEW_RUN: BlueskyRun = { edge: [], pages: 0 };

export function readCursor(cursor: CrawlCursor): BlueskyCursor {
  const parsed = cursorSchema.safeParse(cursor);
  return parsed.success ? parsed.data : {};
}

export function writeCursor(place: { readonly since: string | undefined; readonly run: BlueskyRun | undefined }): CrawlCursor {
  return { ...(place.since === undefined ? {} : { since: place.since }), ...(place.run === undefined ? {} : { run: place.run }) };
}
