/**
 * Reddit things to posts. Submissions (t3) and comments (t1) become posts, stubs (`more`) are handed back to be
 * fetched, everything else is refused with a reason. Nothing here throws on what Reddit sends.
 * Proved by test/unit/sources/reddit-map.test.ts and, over recorded traffic, reddit-recordings.test.ts.
 */
import type { z } from 'zod';
import type { IncomingPost } from '../../model/post.ts';
import type { Refusal } from '../source.ts';
import { readAbsence, readAuthor } from './presence.ts';
import { type Comment, commentSchema, type More, moreSchema, nameOf, type Submission, submissionSchema, thingSchema } from './things.ts';

/** Where a thing was read from, and what is known around it. */
export interface ThingOrigin {
  readonly observedAt: string;
  readonly captureDigest: string;
  /** Title of the thread, for comments. */
  readonly title?: string;
  /** Text of the item replied to, where it is known and still there. */
  readonly textOf?: (fullname: string) => string | undefined;
}

export type MappedThing = { readonly post: IncomingPost; readonly submission?: Submission } | { readonly more: More } | { readonly refusal: Refusal };

export function mapThing(child: unknown, origin: ThingOrigin): MappedThing {
  const thing = thingSchema.safeParse(child);
  if (!thing.success) return refuse('malformed_item', 'not a {kind, data} thing', child);
  switch (thing.data.kind) {
    case 't3': {
      const submission = submissionSchema.safeParse(thing.data.data);
      if (!submission.success) return refuse('malformed_item', firstIssue('t3', submission.error), child);
      return { post: mapSubmission(submission.data, origin), submission: submission.data };
    }
    case 't1': {
      const comment = commentSchema.safeParse(thing.data.data);
      if (!comment.success) return refuse('malformed_item', firstIssue('t1', comment.error), child);
      return { post: mapComment(comment.data, origin) };
    }
    case 'more': {
      const more = moreSchema.safeParse(thing.data.data);
      return more.success ? { more: more.data } : refuse('malformed_item', firstIssue('more', more.error), child);
    }
    default:
      return refuse('unsupported_item', `kind ${thing.data.kind.slice(0, 20)} is neither submission nor comment`, child);
  }
}

/**
 * A crosspost without words of its own carries the first parent's text, and then the parent's author: what counts as
 * one person's experience follows the one who wrote it. A link post's text is empty; the linked address is not its words.
 */
function mapSubmission(item: Submission, origin: ThingOrigin): IncomingPost {
  const base = { platform: 'reddit', nativeId: item.name, kind: 'submission', threadId: item.name } as const;
  const shared = {
    ...base,
    url: permalinkOf(item, `/comments/${item.name.slice(3)}/`),
    createdAt: toIso(item.created_utc),
    captureDigest: origin.captureDigest,
  };
  const own = item.selftext ?? '';
  const absence = readAbsence({ author: item.author, text: own, removed_by_category: item.removed_by_category });
  if (absence !== undefined) return { ...shared, text: '', absence };
  const parent = item.crosspost_parent_list?.[0];
  const inherited = own.trim() === '' && parent !== undefined ? (parent.selftext ?? '') : '';
  const useParent =
    parent !== undefined &&
    inherited.trim() !== '' &&
    readAbsence({ author: parent.author, text: inherited, removed_by_category: parent.removed_by_category }) === undefined;
  const author = readAuthor(useParent ? parent.author : item.author);
  const text = useParent ? inherited : own;
  return {
    ...shared,
    title: item.title,
    // Some archives put a link post's address into its text.
    text: item.url !== undefined && item.url !== null && text.trim() === item.url ? '' : text,
    ...(author === undefined ? {} : { author }),
    observedAt: origin.observedAt,
  };
}

function mapComment(item: Comment, origin: ThingOrigin): IncomingPost {
  const thread = item.link_id ?? undefined;
  const fallback = thread === undefined ? undefined : `/comments/${thread.slice(3)}/_/${item.name.slice(3)}/`;
  const url = permalinkOf(item, fallback);
  const shared = {
    platform: 'reddit',
    nativeId: item.name,
    kind: 'comment',
    createdAt: toIso(item.created_utc),
    captureDigest: origin.captureDigest,
    ...(thread === undefined ? {} : { threadId: thread }),
    ...(url === undefined ? {} : { url }),
  } as const;
  const absence = readAbsence({ author: item.author, text: item.body });
  if (absence !== undefined) return { ...shared, text: '', absence };
  const author = readAuthor(item.author);
  const title = origin.title ?? item.link_title ?? undefined;
  const parentText = item.parent_id === null || item.parent_id === undefined ? undefined : origin.textOf?.(item.parent_id);
  return {
    ...shared,
    text: item.body,
    ...(title === undefined ? {} : { title }),
    ...(parentText === undefined || parentText === '' ? {} : { parentText }),
    ...(author === undefined ? {} : { author }),
    observedAt: origin.observedAt,
  };
}

/** Reddit's own address of an item; a permalink that leads elsewhere is not believed. */
function permalinkOf(item: { permalink?: string | null | undefined }, fallback: string): string;
function permalinkOf(item: { permalink?: string | null | undefined }, fallback: string | undefined): string | undefined;
function permalinkOf(item: { permalink?: string | null | undefined }, fallback: string | undefined): string | undefined {
  const origin = 'https://www.reddit.com';
  const path = item.permalink ?? '';
  if (path.startsWith('/') && URL.canParse(path, origin)) {
    const url = new URL(path, origin);
    if (url.origin === origin) return `${origin}${url.pathname}`;
  }
  return fallback === undefined ? undefined : `${origin}${fallback}`;
}

function toIso(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString();
}

function refuse(code: string, detail: string, child: unknown): { refusal: Refusal } {
  const item = nameOf(child);
  return { refusal: { code, detail: detail.slice(0, 120), ...(item === undefined ? {} : { item }) } };
}

function firstIssue(kind: string, error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? `${kind} is not as expected` : `${kind}.${issue.path.join('.')}: ${issue.message}`;
}
