/**
 * Which posts are still there, by app.bsky.feed.getPosts, 25 addresses a call. It is asked logged out, so that no block between the
 * account and a writer is taken for an absence. A post that is left out is `missing`: deleted, taken down, or its account is switched off; Bluesky does
 * not say which, so the patience of the description decides. Proved by test/unit/sources/bluesky-recheck.test.ts.
 */
import { z } from 'zod';
import type { RecheckOutcome, SourceContext } from '../source.ts';
import { BLUESKY_TURN, readXrpc } from './answer.ts';
import { POST_URI, readPresence } from './map-post.ts';

const HOST = 'https://public.api.bsky.app';
const URIS_PER_CALL = 25;

const postsSchema = z.object({ posts: z.array(z.unknown()) });

export async function recheckBluesky(nativeIds: readonly string[], context: SourceContext): Promise<ReadonlyMap<string, RecheckOutcome>> {
  const outcomes = new Map<string, RecheckOutcome>(nativeIds.map((id) => [id, 'unknown']));
  const askable = [...outcomes.keys()].filter((id) => POST_URI.test(id));
  for (let at = 0; at < askable.length; at += URIS_PER_CALL) {
    const chunk = askable.slice(at, at + URIS_PER_CALL);
    const found = await askPosts(chunk, context);
    if (found === undefined) continue;
    for (const id of chunk) outcomes.set(id, found.get(id) ?? 'missing');
  }
  return outcomes;
}

/** Undefined when the answer holds what was not asked for, or what is no post: such an answer proves nothing. */
async function askPosts(uris: readonly string[], context: SourceContext): Promise<ReadonlyMap<string, 'live' | 'removed'> | undefined> {
  const params = new URLSearchParams(uris.map((uri): [string, string] => ['uris', uri]));
  const response = await context.http.fetch({
    url: `${HOST}/xrpc/app.bsky.feed.getPosts?${params}`,
    headers: { accept: 'application/json' },
    turn: BLUESKY_TURN,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  const { posts } = readXrpc(response, 'Bluesky posts', postsSchema);
  const found = new Map<string, 'live' | 'removed'>();
  for (const view of posts) {
    const presence = readPresence(view);
    if (presence === undefined || !uris.includes(presence.uri)) return undefined;
    found.set(presence.uri, presence.loggedInOnly ? 'removed' : 'live');
  }
  return found;
}
