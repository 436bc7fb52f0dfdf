/**
 * PubMed through NCBI E-utilities: the records a search term finds, and re-checks of known records.
 * Spec: docs/sources/pubmed.md. Proved by test/unit/sources/pubmed.test.ts against the stand-in
 * (src/demo/standins/pubmed.ts) and by recorded answers (test/standin/recordings-literature.ts).
 */
import { z } from 'zod';
import type { HttpResponse } from '../fetch/http.ts';
import type { IncomingPost } from '../model/post.ts';
import { captureOf } from './capture.ts';
import { splitArticleSet } from './literature/article-set.ts';
import { dayOf } from './literature/dates.ts';
import { fetchPubmed, isEmptyIdList, searchPubmed } from './literature/eutils.ts';
import { mapElement } from './literature/map-article.ts';
import { type PubmedCursor, type PubmedRun, planRun, readPubmedCursor, splitWindow, type Window } from './literature/pubmed-cursor.ts';
import type { Capture, CrawlPage, RecheckOutcome, Refusal, Source, SourceContext } from './source.ts';

export const pubmedQuerySchema = z.strictObject({
  /** As typed into PubMed: words, "phrases", AND OR NOT, [field tags]. */
  term: z.string().trim().min(1).max(4_000),
  /** Newest records taken per run; default: all. */
  max: z.number().int().positive().optional(),
  /** Only records that entered PubMed on or after this day. */
  since: z.iso.date().optional(),
});
export type PubmedQuery = z.infer<typeof pubmedQuerySchema>;

const PREFIX = 'pmid:';
/** Records per efetch. */
const BATCH = 200;
/** Of one search only so many can be had, whatever the paging. */
const REACHABLE = 9_999;

export interface PubmedSourceOptions {
  /** Default 9,999; smaller in tests of what happens beyond it. */
  readonly reachable?: number;
  /** Default 200. */
  readonly batch?: number;
}

interface Crawl {
  readonly query: PubmedQuery;
  readonly context: SourceContext;
  readonly reachable: number;
  readonly batch: number;
}

export function createPubmedSource(options: PubmedSourceOptions = {}): Source<PubmedQuery> {
  const { reachable = REACHABLE, batch = BATCH } = options;
  return {
    name: 'pubmed',
    queue: 'literature',
    platforms: ['pubmed'],
    description: {
      collects: 'Titles and abstracts of PubMed records that a search term finds, with publication types, MeSH headings, trial ids and correction notices.',
      limits: '3 requests per second, 10 with a key. Of one search 9,999 records can be had; larger ones are cut by date.',
      caveats:
        'Abstracts, not full texts. New records have no MeSH headings yet; most headings are set by a machine. Late records carry an entry date set back to their publication.',
      keep: 'Title, abstract, journal, year, DOI, types, headings, notices. No author names.',
      deletion:
        'Asked again by PMID, 100 per call; what efetch no longer has and esearch no longer finds is withheld, and erased when a look a week later finds the same. Retractions come with the next crawl, as notices.',
      public: 'summary',
      recheck: {
        everyHours: 7 * 24,
        missing: { looks: 2, days: 7 },
        gone: { looks: 2, days: 7 },
        because: 'records are hardly ever taken back; weekly is gentle to NCBI',
      },
      credentials: [
        { env: 'NCBI_EMAIL', required: false, how: 'an address NCBI can write to before it blocks you; courtesy, not a secret' },
        { env: 'NCBI_API_KEY', required: false, how: 'an NCBI account, Settings, API Key Management: https://www.ncbi.nlm.nih.gov/account/settings/' },
      ],
    },
    querySchema: pubmedQuerySchema,
    crawl: ({ query, cursor }, context) => crawlPubmed({ query, context, reachable, batch }, readPubmedCursor(cursor)),
    // One search at least; how many records it finds, and so how many batches, only PubMed knows.
    estimate: () => ({ least: 1, itemsPerRequest: batch }),
    recheck: recheckPubmed,
    records: {
      prefix: PREFIX,
      async fetch(names, context) {
        const { capture, posts, refusals } = await readRecords(context, names.map(pmidOf));
        return { captures: [capture], posts, refusals };
      },
    },
  };
}

export const pubmedSource: Source<PubmedQuery> = createPubmedSource();

async function* crawlPubmed(crawl: Crawl, cursor: PubmedCursor): AsyncGenerator<CrawlPage> {
  let run: PubmedRun = planRun(cursor, { since: crawl.query.since, today: dayOf(crawl.context.now()) });
  const seen = new Set<string>();
  let captures: Capture[] = [];
  let refusals: Refusal[] = [];
  const standing = (): CrawlPage['cursor'] =>
    run.windows.length === 0 ? { through: run.to } : { ...(cursor.through === undefined ? {} : { through: cursor.through }), run };

  for (let window = run.windows[0]; window !== undefined; window = run.windows[0]) {
    const found = await searchWindow(crawl, window);
    captures.push(...found.responses.map(captureOf));
    const halves = found.count > crawl.reachable ? splitWindow(window) : undefined;
    if (halves !== undefined) {
      // A search that only told the number is not worth keeping.
      captures = [];
      run = { to: run.to, windows: [...halves, ...run.windows.slice(1)], taken: run.taken };
      continue;
    }
    if (found.count > found.ids.length) refusals.push(refuseRest(window, found.count - found.ids.length, 'beyond what one search gives'));

    const { below } = run;
    const open = found.ids.filter((id) => (below === undefined || Number(id) < below) && !seen.has(id)).sort((a, b) => Number(b) - Number(a));
    const room = crawl.query.max === undefined ? open.length : Math.max(0, crawl.query.max - run.taken);
    const wanted = open.slice(0, room);
    if (open.length > wanted.length) refusals.push(refuseRest(window, open.length - wanted.length, `beyond max ${crawl.query.max}`));

    for (let at = 0; at < wanted.length; at += crawl.batch) {
      const ids = wanted.slice(at, at + crawl.batch);
      for (const id of ids) seen.add(id);
      const page = await readBatch(crawl, ids);
      const last = at + crawl.batch >= wanted.length;
      run = last ? closeWindow(run, ids.length) : { ...run, below: Number(ids.at(-1)), taken: run.taken + ids.length };
      yield { captures: [...captures, page.capture], posts: page.posts, refusals: [...refusals, ...page.refusals], cursor: standing() };
      captures = [];
      refusals = [];
    }
    if (wanted.length === 0) run = closeWindow(run, 0);
  }
  if (captures.length > 0 || refusals.length > 0) yield { captures, posts: [], refusals, cursor: standing() };
}

function closeWindow(run: PubmedRun, taken: number): PubmedRun {
  return { to: run.to, windows: run.windows.slice(1), taken: run.taken + taken };
}

function refuseRest(window: Window, count: number, why: string): Refusal {
  return { code: 'not_fetched', detail: `${count} records ${why}`, item: `${window.date} ${window.from}..${window.to}` };
}

/** All ids of a window, or only their number when there are more than can be had. */
async function searchWindow(
  crawl: Crawl,
  window: Window,
): Promise<{ readonly count: number; readonly ids: readonly string[]; readonly responses: readonly HttpResponse[] }> {
  const { query, reachable } = crawl;
  // By date of change, `since` still speaks of the date of entry.
  const term = window.date === 'mdat' && query.since !== undefined ? `(${query.term}) AND ("${slashed(query.since)}"[edat] : "3000"[edat])` : query.term;
  const ids = new Set<string>();
  const responses: HttpResponse[] = [];
  for (;;) {
    const answer = await searchPubmed(crawl.context, {
      term,
      usehistory: 'n',
      retmax: String(reachable),
      retstart: String(ids.size),
      datetype: window.date,
      mindate: slashed(window.from),
      maxdate: slashed(window.to),
    });
    responses.push(answer.response);
    const before = ids.size;
    for (const id of answer.ids) if (/^\d{1,9}$/.test(id)) ids.add(id);
    const whole = ids.size >= Math.min(answer.count, reachable) || ids.size === before;
    if (whole || (answer.count > reachable && splitWindow(window) !== undefined)) return { count: answer.count, ids: [...ids], responses };
  }
}

function slashed(day: string): string {
  return day.replaceAll('-', '/');
}

interface Batch {
  readonly capture: Capture;
  readonly posts: readonly IncomingPost[];
  readonly refusals: readonly Refusal[];
}

async function readBatch(crawl: Crawl, ids: readonly string[]): Promise<Batch> {
  const { capture, posts, refusals } = await readRecords(crawl.context, ids);
  const answered = new Set([...posts.map(({ nativeId }) => nativeId), ...refusals.map(({ item }) => item)]);
  const missing = ids
    .filter((id) => !answered.has(`pmid:${id}`))
    .map((id): Refusal => ({ code: 'missing_from_answer', detail: 'found by the search, not given by efetch', item: `pmid:${id}` }));
  return { capture, posts, refusals: [...refusals, ...missing] };
}

async function readRecords(context: SourceContext, ids: readonly string[]): Promise<Batch> {
  const response = await fetchPubmed(context, ids);
  const capture = captureOf(response);
  const mapped = isEmptyIdList(response) ? [] : splitArticleSet(response.body.toString('utf8')).map((element) => mapElement(element, response.fetchedAt));
  const posts = mapped.flatMap((element) => ('posts' in element ? element.posts : [])).map((post) => ({ ...post, captureDigest: capture.digest }));
  const refusals = mapped.flatMap((element) => ('refusal' in element ? [element.refusal] : []));
  return { capture, posts, refusals };
}

/**
 * Live: efetch gives it. Deleted: efetch names it in a DeleteCitation. Missing: efetch does not have it and esearch does not find it
 * either; a record is erased for good when later looks find the same, so one service's bad hour must not be enough.
 */
async function recheckPubmed(nativeIds: readonly string[], context: SourceContext): Promise<ReadonlyMap<string, RecheckOutcome>> {
  const outcomes = new Map<string, RecheckOutcome>(nativeIds.map((id) => [id, 'unknown']));
  const asked = [...outcomes.keys()].filter((id) => /^pmid:\d{1,9}$/.test(id));
  if (asked.length === 0) return outcomes;
  const response = await fetchPubmed(context, asked.map(pmidOf));
  const elements = isEmptyIdList(response) ? [] : splitArticleSet(response.body.toString('utf8'));
  for (const element of elements) {
    const mapped = mapElement(element, response.fetchedAt);
    const known =
      'posts' in mapped
        ? mapped.posts.map((post) => ({ id: post.nativeId, outcome: post.absence ?? ('live' as const) }))
        : [{ id: mapped.refusal.item, outcome: 'live' as const }];
    for (const { id, outcome } of known) if (id !== undefined && outcomes.has(id)) outcomes.set(id, outcome);
  }
  const absent = asked.filter((id) => outcomes.get(id) === 'unknown');
  if (absent.length === 0) return outcomes;
  const { ids } = await searchPubmed(context, { term: absent.map((id) => `${pmidOf(id)}[uid]`).join(' OR '), retmax: String(absent.length), usehistory: 'n' });
  for (const id of absent) if (!ids.includes(pmidOf(id))) outcomes.set(id, 'missing');
  return outcomes;
}

function pmidOf(nativeId: string): string {
  return nativeId.slice(PREFIX.length);
}
