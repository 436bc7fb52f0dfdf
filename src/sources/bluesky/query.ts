/** What a topic file may ask of Bluesky: one search (docs/sources/bluesky.md). */
import { z } from 'zod';

export const blueskyQuerySchema = z.strictObject({
  /** In Bluesky's search; "phrases" and #tags. Several words are all wanted. */
  search: z.string().trim().min(1).max(300),
  /** BCP 47 language, as the writer's app set it. */
  lang: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .optional(),
  /** Only posts since this day. */
  since: z.iso.date().optional(),
  /** Pages of 100 posts per run; what is older then waits for the next run. */
  max_pages: z.int().positive().max(1_000).default(100),
});
export type BlueskyQuery = z.infer<typeof blueskyQuerySchema>;
