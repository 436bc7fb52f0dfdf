/** One page of app.bsky.feed.searchPosts: at the account's PDS when there is one, else logged out. */
import { z } from 'zod';
import { InvalidInputError } from '../../errors.ts';
import type { HttpResponse } from '../../fetch/http.ts';
import type { SourceContext } from '../source.ts';
import { BLUESKY_TURN, readXrpc } from './answer.ts';
import type { BlueskyRun } from './cursor.ts';
import type { BlueskyQuery } from './query.ts';
import { readLogin, sessionFor } from './session.ts';

/** public.api.bsky.app turns searches away at its edge; this host answers them, first pages only (bluesky-social/bsky-docs issue 296). */
const LOGGED_OUT = 'https://api.bsky.app';
/** Posts that are indexed late sort before what was read already. */
const OVERLAP_MS = 24 * 3_600_000;

const pageSchema = z.object({ posts: z.array(z.unknown()), cursor: z.string().min(1).max(500).optional() });

export interface SearchPage {
  readonly posts: readonly unknown[];
  /** Set where there are more posts, also when only who is logged in may use it. */
  readonly cursor: string | undefined;
  /** Whether it was asked for by the run's token. */
  readonly byToken: boolean;
  readonly response: HttpResponse;
}

/** `token_refused`: the run has to go on by time. @throws InvalidInputError `bluesky_login_needed`, `bluesky_unauthorized` */
export async function searchPage(
  context: SourceContext,
  ask: { readonly query: BlueskyQuery; readonly since: string | undefined; readonly run: BlueskyRun },
): Promise<SearchPage | 'token_refused'> {
  const login = readLogin(context);
  const token = login === undefined ? undefined : ask.run.token;
  const params = new URLSearchParams(searchParams(ask, token));
  const url = `${login?.pds ?? LOGGED_OUT}/xrpc/app.bsky.feed.searchPosts?${params}`;
  const { signal } = context;
  const response =
    login === undefined
      ? await context.http.fetch({ url, headers: { accept: 'application/json' }, turn: BLUESKY_TURN, ...(signal === undefined ? {} : { signal }) })
      : await sessionFor(context.http, login).send(url, signal);
  if (token !== undefined && (response.status === 400 || response.status === 403)) return 'token_refused';
  if (login === undefined && (response.status === 401 || response.status === 403)) {
    throw new InvalidInputError('bluesky_login_needed', 'Bluesky closes its search to who is not logged in: set BLUESKY_IDENTIFIER and BLUESKY_APP_PASSWORD.');
  }
  if (response.status === 401) throw new InvalidInputError('bluesky_unauthorized', 'Bluesky refuses a new session as well (search).');
  const { posts, cursor } = readXrpc(response, 'Bluesky search', pageSchema);
  return { posts, cursor, byToken: token !== undefined, response };
}

function searchParams(
  ask: { readonly query: BlueskyQuery; readonly since: string | undefined; readonly run: BlueskyRun },
  token: string | undefined,
): Record<string, string> {
  const { query, run } = ask;
  const overlapped = ask.since === undefined ? undefined : new Date(Date.parse(ask.since) - OVERLAP_MS).toISOString();
  const [since] = [overlapped, query.since === undefined ? undefined : `${query.since}T00:00:00.000Z`]
    .filter((time) => time !== undefined)
    .sort()
    .reverse();
  const until = token === undefined ? run.until : run.base;
  return {
    q: query.search,
    sort: 'latest',
    limit: '100',
    ...(query.lang === undefined ? {} : { lang: query.lang }),
    ...(since === undefined ? {} : { since }),
    ...(token === undefined ? {} : { cursor: token }),
    ...(until === undefined ? {} : { until }),
  };
}
