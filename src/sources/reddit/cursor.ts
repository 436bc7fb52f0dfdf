/**
 * Where a crawl of Reddit stands. Between runs: what was seen last, as a set, because any single item may be deleted
 * before the next run. Within a run: the place to go on from after any stored page.
 */
import { z } from 'zod';
import type { CrawlCursor } from '../source.ts';

/** Kept between runs; several pages, so that deletions do not make a run read on to the end. */
const MAX_SEEN = 500;

/** Fullname and, for submissions, the number of comments then. */
const seenSchema = z.tuple([z.string(), z.number()]);
const runSchema = z.object({
  /** Anchor of the next listing page; absent on the first. */
  after: z.string().optional(),
  /** Anchor to try when the item behind `after` has been deleted meanwhile. */
  before_after: z.string().optional(),
  pages: z.number().int(),
  /** No further listing page; comments may still be pending. */
  listed: z.boolean(),
  /** Submissions (id without prefix) whose comments are still to be read. */
  pending: z.array(z.string()),
  fresh: z.array(seenSchema),
  /** Once `listed`: how the listing ended. */
  ended: z.enum(['end', 'cap', 'budget']).optional().catch(undefined),
  /** Time of the oldest item so far. */
  oldest: z.iso.datetime().optional().catch(undefined),
});
const cursorSchema = z.object({ seen: z.array(seenSchema).catch([]), run: runSchema.optional().catch(undefined) });

export type RunState = Readonly<z.infer<typeof runSchema>>;
export interface CrawlState {
  readonly seen: readonly (readonly [string, number])[];
  readonly run: RunState;
}

/** Reads what `writeCursor` wrote; anything else starts from the beginning. */
export function readCursor(cursor: CrawlCursor): CrawlState {
  const parsed = cursorSchema.safeParse(cursor);
  const seen = parsed.success ? parsed.data.seen : [];
  return { seen, run: (parsed.success ? parsed.data.run : undefined) ?? { pages: 0, listed: false, pending: [], fresh: [] } };
}

export function isFinished(run: RunState): boolean {
  return run.listed && run.pending.length === 0;
}

/** A finished run leaves only what it saw. */
export function writeCursor(state: CrawlState): CrawlCursor {
  if (!isFinished(state.run)) return { seen: state.seen, run: state.run };
  const fresh = new Set(state.run.fresh.map(([name]) => name));
  return { seen: [...state.run.fresh, ...state.seen.filter(([name]) => !fresh.has(name))].slice(0, MAX_SEEN) };
}
