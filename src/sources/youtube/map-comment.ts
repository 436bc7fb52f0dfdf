/**
 * YouTube comments to posts. Of the writer only the channel id is read, which becomes a keyed hash; names and pictures are not even asked
 * for. Nothing here throws on what YouTube sends. Proved by test/unit/sources/youtube-map.test.ts.
 */
import { z } from 'zod';
import type { IncomingPost } from '../../model/post.ts';
import { parseTime } from '../parse-time.ts';
import type { Refusal } from '../source.ts';

/** A comment's id; a reply's is its thread's, a dot, and its own. Video ids are shorter, so one is never taken for a comment. */
export const COMMENT_ID = /^[\w-]{20,80}(?:\.[\w-]{1,80})?$/;

const commentSchema = z.object({
  id: z.string().regex(COMMENT_ID, 'not a comment id'),
  snippet: z.object({
    textDisplay: z.string(),
    /** Absent where the account is gone. */
    authorChannelId: z
      .object({ value: z.string().min(1).max(200) })
      .optional()
      .catch(undefined),
    publishedAt: z.string().optional().catch(undefined),
  }),
});

const threadSchema = z.object({
  snippet: z.object({ topLevelComment: z.unknown(), totalReplyCount: z.int().nonnegative().optional().catch(undefined) }),
  replies: z
    .object({ comments: z.array(z.unknown()) })
    .optional()
    .catch(undefined),
});
export type CommentThread = z.infer<typeof threadSchema>;

export interface CommentOrigin {
  readonly video: string;
  /** Of the video. */
  readonly title: string | undefined;
  /** The comment replied to, for replies. */
  readonly parent?: { readonly id: string; readonly text: string };
  readonly observedAt: string;
  readonly captureDigest: string;
}

export type MappedComment = { readonly post: IncomingPost & { readonly nativeId: string } } | { readonly refusal: Refusal };

export function readThread(value: unknown): { readonly thread: CommentThread } | { readonly refusal: Refusal } {
  const parsed = threadSchema.safeParse(value);
  return parsed.success ? { thread: parsed.data } : { refusal: refuse('thread', parsed.error, value) };
}

export function mapComment(value: unknown, origin: CommentOrigin): MappedComment {
  const parsed = commentSchema.safeParse(value);
  if (!parsed.success) return { refusal: refuse('comment', parsed.error, value) };
  const { id, snippet } = parsed.data;
  const createdAt = parseTime(snippet.publishedAt);
  return {
    post: {
      platform: 'youtube',
      nativeId: id,
      kind: 'comment',
      ...(origin.title === undefined ? {} : { title: origin.title }),
      text: snippet.textDisplay,
      ...(origin.parent === undefined ? {} : { parentText: origin.parent.text }),
      url: `https://www.youtube.com/watch?v=${origin.video}&lc=${id}`,
      threadId: origin.parent?.id ?? id,
      ...(snippet.authorChannelId === undefined ? {} : { author: snippet.authorChannelId.value }),
      ...(createdAt === undefined ? {} : { createdAt }),
      observedAt: origin.observedAt,
      captureDigest: origin.captureDigest,
    },
  };
}

/** Id of anything that looks like a comment or thread. */
export function idOf(value: unknown): string | undefined {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' && COMMENT_ID.test(id) ? id : undefined;
}

function refuse(what: string, error: z.ZodError, value: unknown): Refusal {
  const issue = error.issues[0];
  const item = idOf(value);
  return {
    code: 'malformed_item',
    detail: `${what}.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`.slice(0, 120),
    ...(item === undefined ? {} : { item }),
  };
}
