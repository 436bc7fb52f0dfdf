/** Where a crawl of Europe PMC stands, and the query that its run asks from the first page to the last. */
import { z } from 'zod';
import type { CrawlCursor } from '../source.ts';
import { addDays } from './dates.ts';
import { FIRST_MARK } from './europepmc-api.ts';

export const europepmcQuerySchema = z.strictObject({
  /** As typed into Europe PMC: words, "phrases", AND OR NOT, FIELD:value. */
  term: z.string().trim().min(1).max(2_000),
  /** Also the records that PubMed has; for installations that do not crawl PubMed. */
  med: z.boolean().optional(),
  /** Most relevant records taken per run; default: all. */
  max: z.number().int().positive().optional(),
  /** Only records that entered Europe PMC on or after this day. */
  since: z.iso.date().optional(),
});
export type EuropepmcQuery = z.infer<typeof europepmcQuerySchema>;

const cursorSchema = z.object({
  /** Entries and changes up to this day are read. */
  through: z.iso.date().optional().catch(undefined),
  run: z
    .object({
      to: z.iso.date(),
      /** Of the page to ask for next. */
      mark: z.string().min(1).max(2_000),
      /** Results given so far, and those of them taken as posts or refusals. */
      read: z.number().int().nonnegative(),
      taken: z.number().int().nonnegative(),
    })
    .optional()
    .catch(undefined),
});
type EuropepmcCursor = z.infer<typeof cursorSchema>;
export type EuropepmcRun = NonNullable<EuropepmcCursor['run']>;

export function readEuropepmcCursor(cursor: CrawlCursor): EuropepmcCursor {
  const parsed = cursorSchema.safeParse(cursor);
  return parsed.success ? parsed.data : {};
}

export function startRun(to: string): EuropepmcRun {
  return { to, mark: FIRST_MARK, read: 0, taken: 0 };
}

/** Dates are days in Britain, and a record may be found a day after its date. */
const OVERLAP_DAYS = 2;
const NO_END = '3000-01-01';

/**
 * PubMed's records are left to the source `pubmed`, and patents are not literature. Later runs ask for what entered or changed since: the
 * second brings new versions, journal articles and withdrawals of known preprints. A mark is good for one query only, so every page of
 * a run asks the same.
 */
export function writeQuery(query: EuropepmcQuery, { through, to }: { readonly through: string | undefined; readonly to: string }): string {
  const left = query.med === true ? 'SRC:PAT' : 'SRC:MED OR SRC:PAT';
  const parts = [`(${query.term})`];
  if (query.since !== undefined) parts.push(`FIRST_IDATE:[${query.since} TO ${NO_END}]`);
  if (through !== undefined) {
    const days = `[${addDays(through, -OVERLAP_DAYS)} TO ${to}]`;
    parts.push(`(FIRST_IDATE:${days} OR UPDATE_DATE:${days})`);
  }
  return `${parts.join(' AND ')} NOT (${left})`;
}
