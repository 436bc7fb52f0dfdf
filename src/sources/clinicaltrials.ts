/**
 * ClinicalTrials.gov: the registered studies a search finds, and re-checks of known studies.
 * Spec: docs/sources/clinicaltrials.md. Proved by test/unit/sources/clinicaltrials.test.ts against the stand-in
 * (src/demo/standins/clinicaltrials.ts) and by recorded answers (test/standin/recordings-literature.ts).
 */
import { z } from 'zod';
import { TransientError } from '../errors.ts';
import type { IncomingPost } from '../model/post.ts';
import { captureOf } from './capture.ts';
import { askStudy, searchStudies, type StudiesPage, STUDY_FIELDS } from './literature/ctgov.ts';
import { addDays, dayOf } from './literature/dates.ts';
import { mapStudy } from './literature/map-study.ts';
import type { CrawlCursor, CrawlPage, RecheckOutcome, Refusal, Source, SourceContext } from './source.ts';

export const clinicalTrialsQuerySchema = z
  .strictObject({
    /** Words anywhere in the record; "phrases", AND, OR, NOT. */
    term: z.string().trim().min(1).max(2_000).optional(),
    /** Words in interventions and arms. */
    intr: z.string().trim().min(1).max(2_000).optional(),
    /** Words in conditions. */
    cond: z.string().trim().min(1).max(2_000).optional(),
    /** Last updated studies taken per run; default: all. */
    max: z.number().int().positive().optional(),
    /** Only studies first posted on or after this day. */
    since: z.iso.date().optional(),
  })
  .refine((query) => query.term !== undefined || query.intr !== undefined || query.cond !== undefined, 'name term, intr or cond, or several of them');
export type ClinicalTrialsQuery = z.infer<typeof clinicalTrialsQuerySchema>;

const PREFIX = 'nct:';
const PAGE_SIZE = 100;
/** Dates of posting are days in Washington, and an update may show up a day late. */
const OVERLAP_DAYS = 2;
/** Missing studies asked for one by one in a re-check; what is left over stays unknown until the next. */
const CONFIRMED_PER_RECHECK = 10;

const cursorSchema = z.object({
  /** Updates up to this day are read. */
  through: z.iso.date().optional().catch(undefined),
  run: z.object({ to: z.iso.date(), pageToken: z.string().optional(), taken: z.number().int().nonnegative() }).optional().catch(undefined),
});
type Cursor = z.infer<typeof cursorSchema>;

export interface ClinicalTrialsSourceOptions {
  /** Default 100. */
  readonly pageSize?: number;
}

export function createClinicalTrialsSource(options: ClinicalTrialsSourceOptions = {}): Source<ClinicalTrialsQuery> {
  const pageSize = options.pageSize ?? PAGE_SIZE;
  return {
    name: 'clinicaltrials',
    queue: 'literature',
    platforms: ['clinicaltrials'],
    description: {
      collects: 'Registered studies that a search finds: title, summary, description, conditions, interventions, arms, outcomes, status.',
      limits: 'About 50 requests per minute and address; 100 studies per request.',
      caveats: 'A registration says what was planned, not what was found; most entries have no results. Results that are posted are noted as a fact, not read.',
      keep: 'The fields above, without contacts, locations and investigators.',
      deletion:
        'Asked again by NCT id, 100 per call; a study whose own address answers 404 too is withheld, and erased when a look a week later finds the same. Studies are hardly ever removed.',
      public: 'summary',
      recheck: {
        everyHours: 7 * 24,
        missing: { looks: 2, days: 7 },
        gone: { looks: 2, days: 7 },
        because: 'studies are hardly ever removed; weekly is gentle to the registry',
      },
      credentials: [],
    },
    querySchema: clinicalTrialsQuerySchema,
    estimate: ({ query }) => ({ least: 1, ...(query.max === undefined ? {} : { most: Math.ceil(query.max / pageSize) }), itemsPerRequest: pageSize }),
    crawl: ({ query, cursor }, context) => crawlStudies(query, cursor, { context, pageSize }),
    recheck: recheckStudies,
    records: { prefix: PREFIX, fetch: fetchStudies },
  };
}

export const clinicalTrialsSource: Source<ClinicalTrialsQuery> = createClinicalTrialsSource();

async function* crawlStudies(
  query: ClinicalTrialsQuery,
  stored: CrawlCursor,
  use: { readonly context: SourceContext; readonly pageSize: number },
): AsyncGenerator<CrawlPage> {
  const parsed = cursorSchema.safeParse(stored);
  const cursor: Cursor = parsed.success ? parsed.data : {};
  const to = cursor.run?.to ?? dayOf(use.context.now());
  let taken = cursor.run?.taken ?? 0;
  let pageToken = cursor.run?.pageToken;
  let restarted = false;
  for (;;) {
    const page = await searchStudies(use.context, {
      ...searchParams(query, cursor.through),
      fields: STUDY_FIELDS.join(','),
      sort: 'LastUpdatePostDate:desc',
      pageSize: String(Math.min(use.pageSize, 1_000)),
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    if (page === 'stale') {
      if (restarted) throw new TransientError('unavailable', 'ClinicalTrials.gov studies: fresh page tokens are refused');
      // Tokens do not live for ever. From the first page again: what is known comes out unchanged.
      restarted = true;
      pageToken = undefined;
      taken = 0;
      continue;
    }
    const room = query.max === undefined ? page.studies.length : Math.max(0, query.max - taken);
    const read = page.studies.slice(0, room);
    const { captures, posts, refusals } = mapPage({ ...page, studies: read });
    taken += read.length;
    const full = query.max !== undefined && taken >= query.max;
    const more = page.nextPageToken !== undefined && page.nextPageToken !== pageToken && page.studies.length > 0;
    if (full && (more || page.studies.length > read.length))
      refusals.push({ code: 'not_fetched', detail: `more studies match than max ${query.max}`, item: `updated ${cursor.through ?? 'any time'}..${to}` });
    pageToken = more && !full ? page.nextPageToken : undefined;
    const standing =
      pageToken === undefined ? { through: to } : { ...(cursor.through === undefined ? {} : { through: cursor.through }), run: { to, pageToken, taken } };
    yield { captures, posts, refusals, cursor: standing };
    if (pageToken === undefined) return;
  }
}

function mapPage({ studies, response }: Pick<StudiesPage, 'studies' | 'response'>) {
  const capture = captureOf(response);
  const mapped = studies.map((study) => mapStudy(study, response.fetchedAt));
  const posts = mapped.flatMap((item): IncomingPost[] => ('post' in item ? [{ ...item.post, captureDigest: capture.digest }] : []));
  const refusals = mapped.flatMap((item): Refusal[] => ('refusal' in item ? [item.refusal] : []));
  return { captures: [capture], posts, refusals };
}

/** A number that the registry gave up for another one comes with its new one. */
async function fetchStudies(names: readonly string[], context: SourceContext): Promise<ReturnType<typeof mapPage>> {
  const page = await searchStudies(context, { 'filter.ids': names.map(nctOf).join(','), fields: STUDY_FIELDS.join(','), pageSize: String(names.length) });
  // Only an answer to a page token is stale.
  if (page === 'stale') throw new TransientError('unavailable', 'ClinicalTrials.gov studies: no answer');
  return mapPage(page);
}

/** After the first run, what was updated since: that holds what is new as well. */
function searchParams(query: ClinicalTrialsQuery, through: string | undefined): Record<string, string> {
  const filters = [
    ...(through === undefined ? [] : [`AREA[LastUpdatePostDate]RANGE[${addDays(through, -OVERLAP_DAYS)},MAX]`]),
    ...(query.since === undefined ? [] : [`AREA[StudyFirstPostDate]RANGE[${query.since},MAX]`]),
  ];
  return {
    ...(query.term === undefined ? {} : { 'query.term': query.term }),
    ...(query.intr === undefined ? {} : { 'query.intr': query.intr }),
    ...(query.cond === undefined ? {} : { 'query.cond': query.cond }),
    ...(filters.length === 0 ? {} : { 'filter.advanced': filters.join(' AND ') }),
  };
}

async function recheckStudies(nativeIds: readonly string[], context: SourceContext): Promise<ReadonlyMap<string, RecheckOutcome>> {
  const outcomes = new Map<string, RecheckOutcome>(nativeIds.map((id) => [id, 'unknown']));
  const asked = [...outcomes.keys()].filter((id) => /^nct:NCT\d{8}$/.test(id));
  if (asked.length === 0) return outcomes;
  const page = await searchStudies(context, {
    'filter.ids': asked.map(nctOf).join(','),
    fields: 'NCTId,BriefTitle,OverallStatus',
    pageSize: String(asked.length),
  });
  if (page === 'stale') return outcomes;
  for (const study of page.studies) {
    const mapped = mapStudy(study, page.response.fetchedAt);
    const id = 'post' in mapped ? mapped.post.nativeId : mapped.refusal.item;
    if (id !== undefined && outcomes.has(id)) outcomes.set(id, 'live');
  }
  const absent = asked.filter((id) => outcomes.get(id) === 'unknown');
  for (const id of absent.slice(0, CONFIRMED_PER_RECHECK)) {
    const answer = await askStudy(context, nctOf(id));
    if (answer !== 'unclear') outcomes.set(id, answer === 'gone' ? 'missing' : 'live');
  }
  return outcomes;
}

function nctOf(nativeId: string): string {
  return nativeId.slice(PREFIX.length);
}
