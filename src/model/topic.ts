/**
 * A topic: what one article is about. One YAML file, `topics/<slug>.yaml`, format in docs/topics.md.
 * Reading and its error messages (file, line, key) are in src/topics.ts; this file is the shape only.
 */
import { z } from 'zod';

const slug = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');
const line = z.string().trim().min(1);

const compoundSchema = z.strictObject({
  /** Stable id, used in ledger headers. */
  id: slug,
  name: line,
  /** Other spellings, brand names and frequent misspellings; matched as whole words, case-insensitively. */
  aliases: z.array(line).default([]),
  class: z.enum(['research_peptide', 'nootropic', 'metabolic_peptide', 'other']),
});
export type Compound = z.infer<typeof compoundSchema>;

const lookalikeSchema = z.strictObject({
  /** A name that looks like the compound's but is another compound (N-Acetyl Semax, Adamax). */
  name: line,
  of: slug,
  note: line,
});

/** `every: 6h` (s, m, h, d) or `cron: "0 5 * * *"` (UTC), with optional jitter. */
const scheduleSchema = z.union([
  z.strictObject({
    every: z.string().regex(/^\d+[smhd]$/, 'a number and one of s m h d'),
    jitter: z
      .string()
      .regex(/^\d+[smhd]$/)
      .optional(),
  }),
  z.strictObject({
    cron: line,
    jitter: z
      .string()
      .regex(/^\d+[smhd]$/)
      .optional(),
  }),
]);
export type Schedule = z.infer<typeof scheduleSchema>;

const budgetSchema = z.strictObject({
  requests_per_run: z.number().int().positive().optional(),
  posts_per_run: z.number().int().positive().optional(),
  usd_per_month: z.number().nonnegative().optional(),
});
export type Budget = z.infer<typeof budgetSchema>;

export const communitySchema = z.strictObject({
  /** Name in the source list: reddit, x, web, feed, pubmed, clinicaltrials. */
  source: z.string().regex(/^[a-z][a-z0-9_]*$/),
  /** What to ask; each source has its own schema and checks it when the topic is read. */
  query: z.record(z.string(), z.unknown()),
  schedule: scheduleSchema,
  budget: budgetSchema.default({}),
});
export type Community = z.infer<typeof communitySchema>;

export const topicSchema = z.strictObject({
  slug,
  title: line,
  compounds: z.array(compoundSchema).min(1),
  lookalikes: z.array(lookalikeSchema).default([]),
  profile: z.strictObject({
    what: line,
    research_suggests: line,
    best_known_for: line,
    key_thing: line,
    regulatory: z.array(line).default([]),
  }),
  relevant_labs: z.array(z.strictObject({ name: line, why: line })).default([]),
  frame: z.strictObject({ keeps_failing: line, studied_to_do: line, why_discussed: line }),
  unknowns: z.array(line).min(1),
  safety: z.array(line).min(1),
  questions: z.array(line).length(8),
  /** Topics this one is used beside. */
  stack: z.array(slug).default([]),
  conditions: z.array(z.strictObject({ slug, title: line, layers: z.array(z.strictObject({ topic: slug, layer: line })).default([]) })).default([]),
  communities: z.array(communitySchema).default([]),
});
export type Topic = z.infer<typeof topicSchema>;
