/** What a thread page gives: posts, and what stands in the place of posts. Proved by test/unit/sources/web-thread-posts.test.ts. */
import type { Absence } from '../../model/post.ts';

export interface ThreadPost {
  /** The post's own address, fragment kept; null where the page gives none. */
  readonly native_id: string | null;
  readonly author: string | null;
  /** ISO 8601 UTC; null = unknown. */
  readonly created_at: string | null;
  readonly text: string;
  readonly url: string | null;
}

/** What the posts of a page answer to, where it is none of them: an article above its comments. */
export interface ThreadArticle {
  /** Without the posts. */
  readonly text: string;
  readonly author: string | null;
  /** ISO 8601 UTC; null = unknown. */
  readonly created_at: string | null;
}

export interface ThreadReading {
  /** In page order, the opening post first. */
  readonly posts: readonly ThreadPost[];
  /** Places of posts that the forum no longer shows. */
  readonly gone: readonly { readonly nativeId: string; readonly absence: Absence }[];
  /** Posts in which nothing is left to read: an image, an empty post, somebody else's words only. */
  readonly textless: readonly { readonly nativeId: string | null; readonly reason: string }[];
  readonly article?: ThreadArticle;
}

export const NO_THREAD: ThreadReading = { posts: [], gone: [], textless: [] };

/** Of two posts with one address, which neither tells apart, the second has none; said twice, a post is one. */
export function dropRepeats(posts: readonly ThreadPost[]): readonly ThreadPost[] {
  const seen = new Map<string, string>();
  return posts.flatMap((post) => {
    if (post.native_id === null) return [post];
    const before = seen.get(post.native_id);
    if (before !== undefined) return before === post.text ? [] : [{ ...post, native_id: null }];
    seen.set(post.native_id, post.text);
    return [post];
  });
}
