/**
 * Reddit's wire format, as far as Hearsay reads it: things `{kind, data}` in Listings. Unknown keys pass;
 * the keys an item cannot do without are checked, the others fall back to absent when they are not what they should be.
 * Shapes: https://github.com/reddit-archive/reddit/wiki/JSON
 */
import { z } from 'zod';

/** Fullname or bare id in base 36. */
const id36 = z.string().regex(/^[a-z0-9]{1,13}$/);
const optionalText = z.string().nullish().catch(undefined);
/** Seconds since 1970, within what a Date can hold. */
const epochSeconds = z.number().min(0).max(8.64e12);

const submissionCore = {
  author: optionalText,
  selftext: optionalText,
  url: optionalText,
  permalink: optionalText,
  /** Absent on recordings before 2019, null when live. */
  removed_by_category: optionalText,
  num_comments: z.number().optional().catch(undefined),
};

export const submissionSchema = z.object({
  ...submissionCore,
  name: z.string().regex(/^t3_[a-z0-9]{1,13}$/),
  title: z.string(),
  created_utc: epochSeconds,
  crosspost_parent_list: z.array(z.object(submissionCore)).nullish().catch(undefined),
});
export type Submission = z.infer<typeof submissionSchema>;

export const commentSchema = z.object({
  name: z.string().regex(/^t1_[a-z0-9]{1,13}$/),
  body: z.string(),
  created_utc: epochSeconds,
  author: optionalText,
  permalink: optionalText,
  /** Missing on comments read from an inbox. */
  link_id: z
    .string()
    .regex(/^t3_[a-z0-9]{1,13}$/)
    .nullish()
    .catch(undefined),
  parent_id: z
    .string()
    .regex(/^t[13]_[a-z0-9]{1,13}$/)
    .nullish()
    .catch(undefined),
  link_title: optionalText,
});
export type Comment = z.infer<typeof commentSchema>;

/** Stub for comments left out; `id: "_"` with no children means "continue this thread". */
export const moreSchema = z.object({
  id: z.string(),
  parent_id: z.string().regex(/^t[13]_[a-z0-9]{1,13}$/),
  count: z.number().catch(0),
  children: z.array(id36).default([]),
});
export type More = z.infer<typeof moreSchema>;

export const thingSchema = z.object({ kind: z.string(), data: z.record(z.string(), z.unknown()) });

export const listingSchema = z.object({
  kind: z.literal('Listing'),
  data: z.object({
    // Strict: an anchor of another shape, read as absent, would end the crawl at this page.
    after: z.string().nullish(),
    /** Children in this page; null on comment listings. */
    dist: z.number().nullish().catch(undefined),
    children: z.array(z.unknown()),
  }),
});

/** What POST and GET /api/morechildren answer: flat, to be re-parented by `parent_id`. */
export const moreChildrenSchema = z.object({
  json: z.object({ errors: z.array(z.unknown()).catch([]), data: z.object({ things: z.array(z.unknown()) }).optional() }),
});

/**
 * Things nested under a comment, whose `replies` is `""` or a Listing; also under one that itself cannot be read. Whatever else stands there is
 * handed on as a thing, to be refused.
 */
export function repliesOf(child: unknown): readonly unknown[] {
  const parsed = thingSchema.safeParse(child);
  const replies = parsed.success ? parsed.data.data['replies'] : undefined;
  if (replies === undefined || replies === null || replies === '') return [];
  const listing = listingSchema.safeParse(replies);
  return listing.success ? listing.data.data.children : [replies];
}

/** Fullname of anything that has one, for naming it in a refusal. */
export function nameOf(child: unknown): string | undefined {
  const parsed = thingSchema.safeParse(child);
  const name = parsed.success ? parsed.data.data['name'] : undefined;
  return typeof name === 'string' && name.length <= 40 ? name : undefined;
}
