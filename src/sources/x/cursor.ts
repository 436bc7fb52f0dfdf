/** Where a crawl of X stands: between runs the newest post seen, within a run the page to go on with. */
import { z } from 'zod';
import type { CrawlCursor } from '../source.ts';
import { postId } from './answer.ts';

const cursorSchema = z.object({
  since_id: postId.optional().catch(undefined),
  run: z.object({ newest_id: postId.optional(), next_token: z.string(), pages: z.number().int() }).optional().catch(undefined),
});
export type XCursor = Readonly<z.infer<typeof cursorSchema>>;

export function readCursor(cursor: CrawlCursor): XCursor {
  const parsed = cursorSchema.safeParse(cursor);
  return parsed.success ? parsed.data : {};
}

/** Recent search reaches back seven days and refuses a `since_id` that is older. */
export const RECENT_MS = 7 * 86_400_000;
const MARGIN_MS = 600_000;

/** When a post was made, from its id (snowflake: milliseconds since 2010-11-04T01:42:54.657Z, 22 bits up). */
export function timeOfId(id: string): number {
  return Number((BigInt(id) >> 22n) + 1_288_834_974_657n);
}

/** Undefined when recent search would refuse it: then the whole seven days are read, and known posts come out unchanged. */
export function usableSinceId(sinceId: string | undefined, search: { readonly archive: boolean; readonly now: Date }): string | undefined {
  if (sinceId === undefined || search.archive) return sinceId;
  return timeOfId(sinceId) < search.now.getTime() - RECENT_MS + MARGIN_MS ? undefined : sinceId;
}
