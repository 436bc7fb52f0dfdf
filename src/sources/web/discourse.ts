/**
 * Discourse topics: `/t/ID.json` holds the first posts and the ids of all; the rest comes in lots from `/t/ID/posts.json`.
 * Shapes as https://docs.discourse.org gives them. Deleted = `user_deleted` or `deleted_at`; hidden posts may come back.
 * Native id: `discourse:HOST/PATH:POST_ID`, from which a re-check finds `/posts/POST_ID.json`.
 * Proved by test/unit/sources/web-discourse.test.ts.
 */
import { z } from 'zod';
import type { Absence, IncomingPost } from '../../model/post.ts';
import { findCitedRecords } from '../../normalize/cited-records.ts';
import { parseTime } from '../parse-time.ts';
import type { Refusal } from '../source.ts';
import { htmlToText } from './html-text.ts';

export interface DiscourseTopic {
  /** Address of the forum without trailing slash, subfolder included. */
  readonly base: string;
  readonly id: string;
}

/** Quotes of other posts and cards of linked pages, as Discourse makes them: not the author's words. */
const NOT_OWN = 'aside.quote, aside.onebox';

/** `https://forum.example/t/some-topic/123/4` -> base and 123. */
export function findTopic(url: string): DiscourseTopic | undefined {
  const found = /^(https?:\/\/[^?#]*?)\/t\/(?:[^/?#]+\/)?(\d{1,12})(?:[/?#.]|$)/.exec(url);
  return found === null ? undefined : { base: found[1] as string, id: found[2] as string };
}

const postSchema = z.object({
  id: z.number().int().positive(),
  post_number: z.number().int(),
  cooked: z.string().nullish(),
  username: z.string().nullish(),
  created_at: z.string().nullish(),
  reply_to_post_number: z.number().int().nullish(),
  user_deleted: z.boolean().nullish(),
  deleted_at: z.string().nullish(),
  hidden: z.boolean().nullish(),
  post_type: z.number().int().nullish(),
});
export type DiscoursePost = z.infer<typeof postSchema>;

const topicSchema = z.object({
  title: z.string().nullish(),
  post_stream: z.object({ posts: z.array(z.unknown()), stream: z.array(z.number().int().positive()).optional() }),
});

export interface TopicReading {
  readonly title: string | undefined;
  readonly posts: readonly DiscoursePost[];
  /** Ids of all posts in order; in the first answer only. */
  readonly stream: readonly number[] | undefined;
  readonly refusals: readonly Refusal[];
}

/** Undefined for an answer that is no topic. */
export function readTopic(body: Buffer): TopicReading | undefined {
  const parsed = topicSchema.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const posts: DiscoursePost[] = [];
  const refusals: Refusal[] = [];
  for (const item of parsed.data.post_stream.posts) {
    const post = postSchema.safeParse(item);
    if (post.success) posts.push(post.data);
    else
      refusals.push({
        code: 'malformed_item',
        detail: `Discourse post: ${post.error.issues[0]?.path.join('.') ?? ''} ${post.error.issues[0]?.message ?? ''}`.slice(0, 120),
      });
  }
  return { title: parsed.data.title ?? undefined, posts, stream: parsed.data.post_stream.stream, refusals };
}

/** What a re-check learns from `/posts/ID.json`; undefined for an answer that is no post. */
export function readPresence(body: Buffer): Absence | 'live' | undefined {
  const post = postSchema.safeParse(parseJson(body));
  return post.success ? (absenceOf(post.data) ?? 'live') : undefined;
}

export interface TopicOrigin {
  readonly topic: DiscourseTopic;
  readonly title: string | undefined;
  readonly observedAt: string;
  readonly captureDigest: string;
  /** Native id of the opening post, once known. */
  readonly threadId: string | undefined;
  /** Text of an earlier post of the topic by its number. */
  readonly textOf: (postNumber: number) => string | undefined;
}

/** Undefined for what nobody tells: actions of moderators, small notices, whispers (post types other than 1). */
export function mapDiscoursePost(post: DiscoursePost, origin: TopicOrigin): IncomingPost | undefined {
  if ((post.post_type ?? 1) !== 1) return undefined;
  const absence = absenceOf(post);
  const createdAt = parseTime(post.created_at);
  const cites = absence === undefined ? findCitedRecords(post.cooked ?? '') : [];
  const parentText = post.reply_to_post_number === null || post.reply_to_post_number === undefined ? undefined : origin.textOf(post.reply_to_post_number);
  return {
    platform: 'discourse',
    nativeId: nativeIdOf(origin.topic, post.id),
    kind: post.post_number === 1 ? 'submission' : 'comment',
    ...(origin.title === undefined || absence !== undefined ? {} : { title: origin.title }),
    text: absence === undefined ? htmlToText(post.cooked ?? '', { without: NOT_OWN }) : '',
    ...(parentText === undefined ? {} : { parentText }),
    url: `${origin.topic.base}/t/${origin.topic.id}/${post.post_number}`,
    ...(origin.threadId === undefined ? {} : { threadId: origin.threadId }),
    ...(post.username ? { author: post.username } : {}),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(cites.length === 0 ? {} : { cites }),
    observedAt: origin.observedAt,
    ...(absence === undefined ? {} : { absence }),
    captureDigest: origin.captureDigest,
  };
}

export function nativeIdOf(topic: DiscourseTopic, postId: number): string {
  return `discourse:${topic.base.replace(/^https?:\/\//, '')}:${postId}`;
}

/** Address that tells whether a post is still there. */
export function presenceUrl(nativeId: string): string | undefined {
  const found = /^discourse:([^?#]+):(\d+)$/.exec(nativeId);
  return found === null ? undefined : `https://${found[1]}/posts/${found[2]}.json`;
}

function absenceOf(post: DiscoursePost): Absence | undefined {
  if (post.user_deleted === true || (post.deleted_at !== null && post.deleted_at !== undefined)) return 'deleted';
  return post.hidden === true ? 'removed' : undefined;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
