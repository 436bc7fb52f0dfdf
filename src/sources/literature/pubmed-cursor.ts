/** Where a crawl of PubMed stands: the day up to which all is read, and within a run the windows that are left. */
import { z } from 'zod';
import type { CrawlCursor } from '../source.ts';
import { addDays } from './dates.ts';

const day = z.iso.date();

/** Records whose `date` (entry or last change) is from `from` to `to`, both included. */
const windowSchema = z.object({ date: z.enum(['edat', 'mdat']), from: day, to: day });
export type Window = Readonly<z.infer<typeof windowSchema>>;

const cursorSchema = z.object({
  through: day.optional().catch(undefined),
  run: z
    .object({
      to: day,
      windows: z.array(windowSchema),
      /** Ids of the first window are taken in falling order; those from here on are done. */
      below: z.number().int().optional(),
      taken: z.number().int().nonnegative(),
    })
    .optional()
    .catch(undefined),
});
export type PubmedCursor = Readonly<z.infer<typeof cursorSchema>>;
export type PubmedRun = NonNullable<PubmedCursor['run']>;

export function readPubmedCursor(cursor: CrawlCursor): PubmedCursor {
  const parsed = cursorSchema.safeParse(cursor);
  return parsed.success ? parsed.data : {};
}

/** Before the oldest entry date. */
const BEGINNING = '1780-01-01';
/** NCBI's day is Washington's, and records of a day may show up on the next. */
const OVERLAP_DAYS = 2;

/**
 * The first run reads by entry date. Later runs read what was entered since, and what was changed since: that brings
 * MeSH headings and retraction notices of known records, and records that entered late, whose entry date NLM sets back to
 * their publication (https://www.nlm.nih.gov/pubs/techbull/nd08/nd08_pm_new_date_field.html).
 */
export function planRun(cursor: PubmedCursor, request: { readonly since?: string | undefined; readonly today: string }): PubmedRun {
  if (cursor.run !== undefined) return cursor.run;
  const { since, today } = request;
  if (cursor.through === undefined) return { to: today, windows: [{ date: 'edat', from: since ?? BEGINNING, to: today }], taken: 0 };
  const last = addDays(cursor.through, -OVERLAP_DAYS);
  const from = since !== undefined && since > last ? since : last;
  return {
    to: today,
    windows: [
      { date: 'edat', from, to: today },
      { date: 'mdat', from: last, to: today },
    ],
    taken: 0,
  };
}

/** Two halves, the newer first; undefined for a single day. */
export function splitWindow(window: Window): readonly [Window, Window] | undefined {
  if (window.from >= window.to) return undefined;
  const days = Math.round((Date.parse(window.to) - Date.parse(window.from)) / 86_400_000);
  const middle = addDays(window.from, Math.floor(days / 2));
  return [
    { ...window, from: addDays(middle, 1) },
    { ...window, to: middle },
  ];
}
