/**
 * X posts to posts. No author is ever read, handles are stripped from the text, the address names the post only.
 * Proved by test/unit/sources/x-map.test.ts and, over recorded traffic, x-recordings.test.ts.
 */
import type { IncomingPost } from '../../model/post.ts';
import type { Refusal } from '../source.ts';
import { type XPost, xPostSchema } from './answer.ts';
import { stripHandles } from './strip-handles.ts';

export type MappedXPost = { readonly post: IncomingPost; readonly kept: XPost } | { readonly refusal: Refusal; readonly kept?: XPost };

/** `kept` is the item as the capture may keep it: known keys only, handles stripped. */
export function mapXPost(value: unknown, origin: { readonly observedAt: string }): MappedXPost {
  const parsed = xPostSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return {
      refusal: {
        code: 'malformed_item',
        detail: `post.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`.slice(0, 120),
        ...idOf(value),
      },
    };
  }
  const kept = stripPost(parsed.data);
  const references = kept.referenced_tweets ?? kept.referenced_posts ?? [];
  if (references.some((reference) => reference.type === 'retweeted') || /^RT @user:/.test(kept.text)) {
    return { refusal: { code: 'repost', detail: 'a retweet repeats a post without words of its own', item: kept.id }, kept };
  }
  return {
    kept,
    post: {
      platform: 'x',
      nativeId: kept.id,
      kind: 'post',
      text: decodeEntities(kept.note_tweet?.text ?? kept.note_post?.text ?? kept.text),
      url: `https://x.com/i/status/${kept.id}`,
      threadId: kept.conversation_id ?? kept.id,
      ...(kept.created_at === undefined ? {} : { createdAt: new Date(kept.created_at).toISOString() }),
      observedAt: origin.observedAt,
    },
  };
}

function stripPost(post: XPost): XPost {
  return {
    ...post,
    text: stripHandles(post.text),
    ...(post.note_tweet === undefined ? {} : { note_tweet: { text: stripHandles(post.note_tweet.text) } }),
    ...(post.note_post === undefined ? {} : { note_post: { text: stripHandles(post.note_post.text) } }),
  };
}

/** X escapes exactly these three in texts. One pass: `&amp;lt;` is somebody's literal `&lt;`. */
function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (_whole, name: string) => (name === 'amp' ? '&' : name === 'lt' ? '<' : '>'));
}

function idOf(value: unknown): { item?: string } {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'string' && /^\d{1,20}$/.test(id) ? { item: id } : {};
}
