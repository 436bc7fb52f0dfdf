/**
 * Post views (app.bsky.feed.defs#postView) to posts: the text and nothing around it. Of the writer only the DID is read, which becomes a keyed hash; it is
 * also part of a post's own address. Nothing here throws on what Bluesky sends. Proved by test/unit/sources/bluesky-map.test.ts.
 */
import { z } from 'zod';
import type { IncomingPost } from '../../model/post.ts';
import { parseTime } from '../parse-time.ts';
import type { Refusal } from '../source.ts';

/** at://DID/app.bsky.feed.post/KEY (https://atproto.com/specs/at-uri-scheme), by DID alone: handles change. */
export const POST_URI = /^at:\/\/(did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,200})\/app\.bsky\.feed\.post\/([A-Za-z0-9._~:-]{1,200})$/;
const uri = z.string().regex(POST_URI, 'not the address of a post');

const labels = z
  .array(z.object({ val: z.string() }))
  .optional()
  .catch(undefined);

const postViewSchema = z.object({
  uri,
  author: z.object({ labels }).optional().catch(undefined),
  record: z.object({
    text: z.string(),
    createdAt: z.string().optional().catch(undefined),
    reply: z
      .object({ root: z.object({ uri }) })
      .optional()
      .catch(undefined),
  }),
  indexedAt: z.string().optional().catch(undefined),
});

/** By this label a writer asks that logged-out people do not see their posts. */
const LOGGED_IN_ONLY = '!no-unauthenticated';

export interface MappedView {
  /** The post's address, and when Bluesky sorts it, where they can be read. */
  readonly uri?: string;
  readonly sortAt?: string;
  readonly post?: IncomingPost;
  readonly refusal?: Refusal;
}

export function mapPostView(value: unknown, origin: { readonly observedAt: string; readonly captureDigest: string }): MappedView {
  const parsed = postViewSchema.safeParse(value);
  const place = placeOf(value, origin.observedAt);
  const item = place.uri === undefined ? {} : { item: place.uri };
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const detail = `post.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`;
    return { ...place, refusal: { code: 'malformed_item', detail: detail.slice(0, 120), ...item } };
  }
  const view = parsed.data;
  const [, did, key] = POST_URI.exec(view.uri) as RegExpExecArray;
  // Named without the DID: of who asks not to be shown nothing is kept that leads to them.
  if (isLoggedInOnly(view))
    return { ...place, refusal: { code: 'logged_in_only', detail: 'its writer asks not to be shown to logged-out people', item: key as string } };
  const createdAt = parseTime(view.record.createdAt);
  return {
    ...place,
    post: {
      platform: 'bluesky',
      nativeId: view.uri,
      kind: 'post',
      text: view.record.text,
      url: `https://bsky.app/profile/${did}/post/${key}`,
      threadId: view.record.reply?.root.uri ?? view.uri,
      author: did as string,
      ...(createdAt === undefined ? {} : { createdAt }),
      observedAt: origin.observedAt,
      captureDigest: origin.captureDigest,
    },
  };
}

/** What a re-check needs to know of a view; undefined where it is none. */
export function readPresence(value: unknown): { readonly uri: string; readonly loggedInOnly: boolean } | undefined {
  const { uri: address } = placeOf(value);
  const { success, data } = z.object({ author: z.object({ labels }) }).safeParse(value);
  return address === undefined ? undefined : { uri: address, loggedInOnly: success && isLoggedInOnly(data) };
}

function isLoggedInOnly(view: { readonly author?: { readonly labels?: readonly { readonly val: string }[] | undefined } | undefined }): boolean {
  return view.author?.labels?.some(({ val }) => val === LOGGED_IN_ONLY) ?? false;
}

const placeSchema = z.object({
  uri: uri.optional().catch(undefined),
  indexedAt: z.string().optional().catch(undefined),
  record: z
    .object({ createdAt: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

/** Bluesky sorts by the earlier of what the writer's app says and when the post was first seen, which is before it was seen here. */
function placeOf(value: unknown, observedAt?: string): { readonly uri?: string; readonly sortAt?: string } {
  const parsed = placeSchema.safeParse(value);
  if (!parsed.success) return {};
  const [sortAt] = [parseTime(parsed.data.record?.createdAt), parseTime(parsed.data.indexedAt)]
    .filter((time) => time !== undefined)
    .sort()
    .map((time) => (observedAt === undefined || time < observedAt ? time : observedAt));
  return { ...(parsed.data.uri === undefined ? {} : { uri: parsed.data.uri }), ...(sortAt === undefined ? {} : { sortAt }) };
}
