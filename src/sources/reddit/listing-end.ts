/** How a listing of Reddit came to its end: what the gap detector (src/model/gap.ts) needs to know of it. Proved by test/unit/sources/reddit.test.ts. */
import type { ListingEnd } from '../../model/gap.ts';
import { isChronological, type RedditQuery } from './query.ts';

/** Pages of up to 100: about 1,000 items is all that Reddit lists, so this many pages are never the community's own limit. */
const MAX_PAGES = 100;
/** Some of the 1,000 are filtered out before they are given: from here on a listing that ends may have been cut. */
const NEARLY_ALL = 900;

/** Undefined: there is a page to go on with. */
export function listingEnd(page: {
  readonly query: RedditQuery;
  /** Pages of this run, this one included. */
  readonly pages: number;
  /** Items of this run. */
  readonly items: number;
  readonly metKnown: boolean;
  /** Whether Reddit names a next page. */
  readonly hasNext: boolean;
  /** False: it names the same page again, or one that brought nothing. */
  readonly cameFurther: boolean;
}): ListingEnd | undefined {
  if (page.metKnown && isChronological(page.query)) return 'end';
  if (!page.hasNext) return page.items >= NEARLY_ALL ? 'cap' : 'end';
  if (!page.cameFurther) return 'cap';
  if (page.pages >= (page.query.max_pages ?? MAX_PAGES)) return page.query.max_pages === undefined ? 'cap' : 'budget';
  return undefined;
}
