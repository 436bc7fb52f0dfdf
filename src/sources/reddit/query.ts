/** What a topic file may ask of Reddit: one subreddit's listing, or a search in it (docs/sources/reddit.md). */
import { z } from 'zod';

const LISTINGS = ['new', 'hot', 'rising', 'top', 'controversial', 'comments'] as const;

export const redditQuerySchema = z
  .strictObject({
    /** Name without `r/`; may be left out for a search over all of Reddit. */
    subreddit: z
      .string()
      .regex(/^[A-Za-z0-9_]{2,24}$/, 'a subreddit name without r/, e.g. Nootropics')
      .optional(),
    /** `comments` = the newest comments of the subreddit. Default `new`. */
    listing: z.enum(LISTINGS).default('new'),
    /** Reddit search finds submissions only, never comments. */
    search: z.string().trim().min(1).max(512).optional(),
    /** Period of `top` and `controversial`. */
    time: z.enum(['hour', 'day', 'week', 'month', 'year', 'all']).optional(),
    /** Also read every submission's comments, to the last reply. */
    comments: z.boolean().default(false),
    /** Listing pages (of up to 100) per run; default: until what the last run saw. */
    max_pages: z.number().int().positive().max(100).optional(),
  })
  .refine((query) => query.subreddit !== undefined || query.search !== undefined, 'name a subreddit, a search, or both')
  .refine((query) => query.search === undefined || query.listing === 'new', 'a search is always newest first: leave `listing` out');

export type RedditQuery = z.infer<typeof redditQuerySchema>;

/** Newest first, so that meeting a known item means the rest is known too. */
export function isChronological(query: RedditQuery): boolean {
  return query.search !== undefined || query.listing === 'new' || query.listing === 'comments';
}

/** Path and parameters of one listing page. `limit` 100 is the most Reddit gives. */
export function listingRequest(query: RedditQuery, after: string | undefined): { path: string; params: Record<string, string> } {
  const params: Record<string, string> = { limit: '100' };
  if (after !== undefined) params['after'] = after;
  const place = query.subreddit === undefined ? '' : `/r/${query.subreddit}`;
  if (query.search !== undefined) {
    return {
      path: `${place}/search`,
      params: { ...params, q: query.search, sort: 'new', type: 'link', t: 'all', ...(place === '' ? {} : { restrict_sr: 'true' }) },
    };
  }
  const timed = query.listing === 'top' || query.listing === 'controversial';
  return { path: `${place}/${query.listing}`, params: timed ? { ...params, t: query.time ?? 'all' } : params };
}
