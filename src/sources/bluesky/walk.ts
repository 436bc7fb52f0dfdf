/**
 * The step from one page of a search to the next, newest first. `until` leaves its own time out, so it is set one millisecond after the oldest post,
 * and the posts of that millisecond, which come again, are known by their addresses. Pure. Proved by test/unit/sources/bluesky-walk.test.ts.
 */
import type { BlueskyRun } from './cursor.ts';

interface Placed {
  readonly uri?: string;
  readonly sortAt?: string;
}

/** What is on a page and was not on the one before. */
export function freshOf<Item extends Placed>(run: BlueskyRun, items: readonly Item[]): readonly Item[] {
  const edge = new Set(run.edge);
  return items.filter(({ uri }) => uri === undefined || !edge.has(uri));
}

export interface WalkStep {
  /** Undefined: this was the last page. */
  readonly next: BlueskyRun | undefined;
  /** So many posts or more of one millisecond fill a page: what else it has is passed over. */
  readonly crowded: boolean;
}

/** `byToken`: the page was asked for by Bluesky's cursor. */
export function nextPlace(
  run: BlueskyRun,
  page: { readonly items: readonly Placed[]; readonly cursor: string | undefined; readonly byToken: boolean },
): WalkStep {
  const times = page.items.flatMap(({ sortAt }) => sortAt ?? []).sort();
  const oldest = times[0];
  const newest = [run.newest, times.at(-1)]
    .flatMap((time) => time ?? [])
    .sort()
    .at(-1);
  // Without a time there is no way on but the cursor; a cursor that repeats itself leads nowhere.
  if (page.cursor === undefined || page.items.length === 0 || oldest === undefined || (page.byToken && page.cursor === run.token))
    return { next: undefined, crowded: false };
  // What has no address is on the next page again, and what is sorted by a time that cannot be read tells a later one: neither may hold the walk.
  const isFresh = freshOf(run, page.items).some(({ uri }) => uri !== undefined);
  const isForward = run.until === undefined || oldest < run.until;
  const crowded = !page.byToken && !(isFresh && isForward);
  const until = !crowded ? momentsFrom(oldest, 1) : isForward ? oldest : momentsFrom(run.until, -1);
  const edge = crowded ? [] : page.items.flatMap(({ uri, sortAt }) => (uri !== undefined && sortAt === oldest ? [uri] : []));
  const base = page.byToken ? run.base : run.until;
  const next = { token: page.cursor, until, edge, pages: run.pages + 1, ...(base === undefined ? {} : { base }), ...(newest === undefined ? {} : { newest }) };
  return { next, crowded };
}

function momentsFrom(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}

/** Newest time of a run that ends with this page. */
export function newestOf(run: BlueskyRun, items: readonly Placed[]): string | undefined {
  return [run.newest, ...items.map(({ sortAt }) => sortAt)]
    .flatMap((time) => time ?? [])
    .sort()
    .at(-1);
}
