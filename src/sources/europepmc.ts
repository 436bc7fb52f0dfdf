/**
 * Europe PMC: what a search finds there beyond PubMed, above all preprints, and re-checks of known records.
 * Spec: docs/sources/europepmc.md. Proved by test/unit/sources/europepmc.test.ts against the stand-in
 * (src/demo/standins/europepmc.ts) and by recorded answers (test/unit/sources/europepmc-recordings.test.ts).
 */
import { TransientError } from '../errors.ts';
import { captureOf } from './capture.ts';
import { dayOf } from './literature/dates.ts';
import { askArticle, FIRST_MARK, searchEuropepmc } from './literature/europepmc-api.ts';
import { type EuropepmcQuery, type EuropepmcRun, europepmcQuerySchema, readEuropepmcCursor, startRun, writeQuery } from './literature/europepmc-run.ts';
import { mapResult, READ_SOURCES } from './literature/map-europepmc.ts';
import { pubmedSource } from './pubmed.ts';
import type { CrawlCursor, CrawlPage, RecheckOutcome, Refusal, Source, SourceContext } from './source.ts';

const PAGE_SIZE = 100;
/** Ids of one re-check's search: more make an address that servers refuse. */
const IDS_PER_SEARCH = 25;
/** Missing records asked for one by one in a re-check; what is left over stays unknown until the next. */
const CONFIRMED_PER_RECHECK = 10;

export interface EuropepmcSourceOptions {
  /** Default 100; the service gives up to 1,000. */
  readonly pageSize?: number;
  /** Who is asked whether PubMed's records still exist. */
  readonly pubmed?: Pick<Source, 'recheck'>;
}

export function createEuropepmcSource(options: EuropepmcSourceOptions = {}): Source<EuropepmcQuery> {
  const { pageSize = PAGE_SIZE, pubmed = pubmedSource } = options;
  return {
    name: 'europepmc',
    queue: 'literature',
    platforms: ['europepmc', 'pubmed'],
    description: {
      collects: "Titles and abstracts that a search finds beyond PubMed: preprints, theses, guidelines, Agricola; with `med` also PubMed's own records.",
      limits: 'No stated rate; one request per second, 100 records per request.',
      caveats:
        'Abstracts, not full texts. Preprints are not peer reviewed; their journal articles are linked by Europe PMC, partly by title and first author. No patents.',
      keep: 'Title, abstract, journal or server, year, DOI, types, headings, notices. No author names.',
      deletion:
        "Asked again by id, 25 per call; what search and the record's own address both no longer have is withheld, and erased when a look a week later " +
        'finds the same. Withdrawals come with the next crawl, as notices.',
      public: 'summary',
      recheck: {
        everyHours: 7 * 24,
        missing: { looks: 2, days: 7 },
        gone: { looks: 2, days: 7 },
        because: 'records are hardly ever taken back, a withdrawn preprint stays with its notice; weekly is gentle to the service',
      },
      credentials: [],
    },
    querySchema: europepmcQuerySchema,
    crawl: ({ query, cursor }, context) => crawlResults(query, cursor, { context, pageSize }),
    estimate: ({ query }) => ({ least: 1, ...(query.max === undefined ? {} : { most: Math.ceil(query.max / pageSize) }), itemsPerRequest: pageSize }),
    recheck: (nativeIds, context) => recheckRecords(nativeIds, context, pubmed),
  };
}

export const europepmcSource: Source<EuropepmcQuery> = createEuropepmcSource();

async function* crawlResults(
  query: EuropepmcQuery,
  stored: CrawlCursor,
  use: { readonly context: SourceContext; readonly pageSize: number },
): AsyncGenerator<CrawlPage> {
  const cursor = readEuropepmcCursor(stored);
  const { through } = cursor;
  let run: EuropepmcRun | undefined = cursor.run ?? startRun(dayOf(use.context.now()));
  const { to } = run;
  let restarted = false;
  while (run !== undefined) {
    const page = await searchEuropepmc(use.context, { query: writeQuery(query, { through, to }), resultType: 'core', pageSize: use.pageSize, mark: run.mark });
    if (page === 'stale') {
      if (restarted) throw new TransientError('unavailable', 'Europe PMC search: fresh cursor marks are refused');
      // From the first page again: what is known comes out unchanged.
      restarted = true;
      run = startRun(to);
      continue;
    }
    const room = query.max === undefined ? page.results.length : Math.max(0, query.max - run.taken);
    const results = page.results.slice(0, room);
    const capture = captureOf(page.response);
    const mapped = results.map((result) => refuseForeign(mapResult(result, page.response.fetchedAt), query));
    const refusals = mapped.flatMap((item): Refusal[] => ('refusal' in item ? [item.refusal] : []));
    const read: number = run.read + page.results.length;
    const taken: number = run.taken + results.length;
    const full = query.max !== undefined && taken >= query.max;
    if (full && page.hitCount > taken)
      refusals.push({ code: 'not_fetched', detail: `${page.hitCount - taken} records beyond max ${query.max}`, item: windowOf(through, to) });
    else if (page.nextMark === undefined && read < page.hitCount)
      refusals.push({ code: 'missing_from_answer', detail: `${page.hitCount - read} of ${page.hitCount} records were not given`, item: windowOf(through, to) });
    run = page.nextMark === undefined || full ? undefined : { to, mark: page.nextMark, read, taken };
    yield {
      captures: [capture],
      posts: mapped.flatMap((item) => ('post' in item ? [{ ...item.post, captureDigest: capture.digest }] : [])),
      refusals,
      cursor: run === undefined ? { through: to } : { ...(through === undefined ? {} : { through }), run },
    };
  }
}

function windowOf(through: string | undefined, to: string): string {
  return `changed ${through ?? 'any time'}..${to}`;
}

/** The query leaves PubMed's records out; one that comes all the same has a PMID beside another source's id. */
function refuseForeign(item: ReturnType<typeof mapResult>, query: EuropepmcQuery): ReturnType<typeof mapResult> {
  if (!('post' in item) || item.post.platform !== 'pubmed' || query.med === true) return item;
  return { refusal: { code: 'in_pubmed', detail: 'PubMed has this record', ...(item.post.nativeId === undefined ? {} : { item: item.post.nativeId }) } };
}

/** PubMed alone knows what became of its records; Europe PMC has them a day later, and erasing is final. */
async function recheckRecords(
  nativeIds: readonly string[],
  context: SourceContext,
  pubmed: Pick<Source, 'recheck'>,
): Promise<ReadonlyMap<string, RecheckOutcome>> {
  const outcomes = new Map<string, RecheckOutcome>(nativeIds.map((id) => [id, 'unknown']));
  const pmids = [...outcomes.keys()].filter((id) => /^pmid:\d{1,9}$/.test(id));
  if (pmids.length > 0) for (const [id, outcome] of await pubmed.recheck(pmids, context)) outcomes.set(id, outcome);

  const asked = [...outcomes.keys()].flatMap((nativeId) => readId(nativeId) ?? []);
  for (let at = 0; at < asked.length; at += IDS_PER_SEARCH) {
    const some = asked.slice(at, at + IDS_PER_SEARCH);
    const query = some.map(({ source, id }) => `(EXT_ID:${id} AND SRC:${source})`).join(' OR ');
    const page = await searchEuropepmc(context, { query, resultType: 'idlist', pageSize: IDS_PER_SEARCH, mark: FIRST_MARK });
    const given = page === 'stale' ? new Set<string>() : new Set(page.results.map(nameOf));
    for (const { nativeId, source, id } of some) if (given.has(`${source}/${id}`)) outcomes.set(nativeId, 'live');
  }
  const absent = asked.filter(({ nativeId }) => outcomes.get(nativeId) === 'unknown');
  for (const record of absent.slice(0, CONFIRMED_PER_RECHECK)) {
    const answer = await askArticle(context, record);
    if (answer !== 'unclear') outcomes.set(record.nativeId, answer === 'gone' ? 'missing' : 'live');
  }
  return outcomes;
}

/** `ppr:PPR123` is PPR123 of PPR. */
function readId(nativeId: string): { readonly nativeId: string; readonly source: string; readonly id: string } | undefined {
  const [, prefix = '', id] = /^([a-z]{3}):([A-Za-z0-9][\w.-]{0,99})$/.exec(nativeId) ?? [];
  const source = prefix.toUpperCase();
  return id === undefined || source === 'MED' || !READ_SOURCES.includes(source) ? undefined : { nativeId, source, id };
}

function nameOf(result: unknown): string {
  const { source, id } = (typeof result === 'object' && result !== null ? result : {}) as { readonly source?: unknown; readonly id?: unknown };
  return `${String(source)}/${String(id)}`;
}
