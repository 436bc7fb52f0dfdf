/** What a topic file may ask of X: one search (docs/sources/x.md). */
import { z } from 'zod';

/**
 * Operators that name a person. X forbids to derive health information about a user, so no search is keyed to one;
 * leaving a person out (`-from:`) is fine.
 */
const PERSON_OPERATOR = /(?:^|[\s(])(?:from|to|retweets_of|list|in_reply_to_user):|(?:^|[\s("])[@＠]\w/i;

/** X takes 512 characters in recent search; the rest is for what searchRequest adds. */
const RECENT_SEARCH_MAX = 480;

const xQueryShape = z.strictObject({
  /** In X's operators; `-is:retweet` is added where the search says nothing of retweets. */
  search: z
    .string()
    .trim()
    .min(1)
    .max(1024)
    .refine((search) => !PERSON_OPERATOR.test(search), 'a search may not name a person (from:, to:, @name): X forbids health data about users'),
  /** All posts since 2006 instead of the last seven days; needs an access level that has it. */
  archive: z.boolean().default(false),
  /** ISO 639-1, as X guessed it. */
  lang: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .optional(),
  /** Pages (100 posts, 500 from the archive) per run. Every post read costs: see the budget. */
  max_pages: z.number().int().positive().max(1000).optional(),
  /** How fields are named in requests: X's guides write `tweet`, its OpenAPI file `post`. Answers are read in both. */
  field_names: z.enum(['tweet', 'post']).default('tweet'),
});
export const xQuerySchema = xQueryShape.refine((query) => query.archive || query.search.length <= RECENT_SEARCH_MAX, {
  path: ['search'],
  message: `at most ${RECENT_SEARCH_MAX} characters without \`archive\``,
});
export type XQuery = z.infer<typeof xQuerySchema>;

/** Never an author: `author_id` and the user expansions are not asked for. */
function fieldParams(spelling: XQuery['field_names']): Record<string, string> {
  return spelling === 'tweet'
    ? { 'tweet.fields': 'conversation_id,created_at,edit_history_tweet_ids,lang,note_tweet,referenced_tweets' }
    : { 'post.fields': 'conversation_id,created_at,edit_history_post_ids,lang,note_post,referenced_posts' };
}

/** X opened in March 2006; without a start the archive answers for the last thirty days only. */
const ARCHIVE_START = '2006-03-21T00:00:00Z';

/** The most that one page gives: asking for less costs more requests and no less money. */
export function pageSizeOf(query: Pick<XQuery, 'archive'>): number {
  return query.archive ? 500 : 100;
}

export function searchRequest(
  query: XQuery,
  place: { readonly since_id?: string | undefined; readonly next_token?: string | undefined },
): { path: string; params: Record<string, string> } {
  const retweets = /\bis:retweet\b/i.test(query.search) ? '' : ' -is:retweet';
  const lang = query.lang === undefined ? '' : ` lang:${query.lang}`;
  // AND binds tighter than OR: what is added must hold for the whole search.
  const search = retweets + lang !== '' && /\sOR\s/.test(query.search) ? `(${query.search})` : query.search;
  return {
    path: query.archive ? '/2/tweets/search/all' : '/2/tweets/search/recent',
    params: {
      query: `${search}${retweets}${lang}`,
      max_results: String(pageSizeOf(query)),
      sort_order: 'recency',
      ...fieldParams(query.field_names),
      ...(place.since_id !== undefined ? { since_id: place.since_id } : query.archive ? { start_time: ARCHIVE_START } : {}),
      ...(place.next_token === undefined ? {} : { next_token: place.next_token }),
    },
  };
}
