/**
 * Stage between stages: studies that kept posts cite and that the topic does not have yet are asked of the sources of studies, and become
 * posts of theirs like any other; the gate decides whether they are about the topic. However many posts cite a study, it is one post.
 * Proved by test/integration/citations.test.ts.
 */
import { inTransaction } from '../db/pool.ts';
import { HearsayError, IntegrityError } from '../errors.ts';
import { LITERATURE_PLATFORMS } from '../model/labels.ts';
import { sources } from '../sources/list.ts';
import type { RecordLookup, Source } from '../sources/source.ts';
import { meterLookup } from './budget.ts';
import { type OnRevisions, sourceContext } from './crawl.ts';
import type { Hearsay } from './hearsay.ts';
import { noteCap, readStops } from './source-stop.ts';
import { type Stored, storePosts } from './store-posts.ts';

/** Of all topics and sources: a page that cites half of PubMed must not keep the others waiting. */
const MAX_PER_RUN = 200;
/** What a source is asked at once (src/sources/source.ts). */
const BATCH_SIZE = 100;
/** Records enter PubMed late, and wrong numbers stay wrong. */
const ASK_AGAIN_DAYS = 30;

/** A source that could not be asked; the others were. */
interface LookupFailure {
  readonly source: string;
  readonly error: HearsayError;
}

interface CitationReport {
  asked: number;
  /** Of these, studies that are posts of the topic now. */
  found: number;
  readonly failures: LookupFailure[];
}

interface ResolveOptions {
  readonly onRevisions: OnRevisions;
  /** Default: every topic. */
  readonly topic?: string;
  readonly signal?: AbortSignal;
  /** Default: those of the list. */
  readonly sources?: readonly Source[];
}

type StudySource = Source & { readonly records: RecordLookup };

/** Raises `IntegrityError` and what is no fault of a source; the other classes are failures of the report. */
export async function resolveCitations(hearsay: Hearsay, options: ResolveOptions): Promise<CitationReport> {
  const report: CitationReport = { asked: 0, found: 0, failures: [] };
  const topics = options.topic === undefined ? [...hearsay.topics.keys()] : [options.topic];
  const studySources = (options.sources ?? sources).filter((source): source is StudySource => source.records !== undefined);
  for (const source of studySources) {
    if ((await readStops(hearsay.pool, hearsay.now(), { source: source.name })).length > 0) continue;
    try {
      for (const topic of topics) await resolveTopic(hearsay, { topic, source }, { ...options, report });
    } catch (error) {
      if (!(error instanceof HearsayError) || error instanceof IntegrityError) throw error;
      await noteCap(hearsay.pool, source.name, { error, command: 'look-up', now: hearsay.now() });
      report.failures.push({ source: source.name, error });
    }
  }
  return report;
}

interface Place {
  readonly topic: string;
  readonly source: StudySource;
}

async function resolveTopic(hearsay: Hearsay, place: Place, options: ResolveOptions & { readonly report: CitationReport }): Promise<void> {
  const { report, signal } = options;
  const { http } = meterLookup(hearsay, place.source);
  const context = { ...sourceContext(hearsay, signal), http };
  while (report.asked < MAX_PER_RUN && !signal?.aborted) {
    const names = await readUnresolved(hearsay, place, Math.min(BATCH_SIZE, MAX_PER_RUN - report.asked));
    if (names.length === 0) return;
    report.asked += names.length;
    const page = await place.source.records.fetch(names, context);
    const { found, revisionIds } = await storeStudies(hearsay, place, { names, page });
    report.found += found;
    if (revisionIds.length > 0) await options.onRevisions(place.topic, revisionIds);
  }
}

/** The most cited first. Only what posts cite that the gate has kept: what is off topic leads off topic. */
async function readUnresolved(hearsay: Hearsay, { topic, source }: Place, most: number): Promise<string[]> {
  const again = new Date(hearsay.now().getTime() - ASK_AGAIN_DAYS * 86_400_000);
  const found = await hearsay.pool.query<{ record: string }>(
    `WITH study AS MATERIALIZED (
       SELECT p.id, p.platform, p.native_id FROM topic_post t JOIN post p ON p.id = t.post_id WHERE t.topic = $1 AND p.platform = ANY ($2)
     ), known AS MATERIALIZED (
       SELECT native_id AS record FROM study
       UNION SELECT 'pmid:' || (r.record ->> 'pmid') FROM study s JOIN post_revision r ON r.post_id = s.id
       UNION SELECT 'nct:' || (r.record ->> 'nct') FROM study s JOIN post_revision r ON r.post_id = s.id WHERE s.platform = 'clinicaltrials'
     )
     SELECT c.record FROM citation c JOIN post p ON p.id = c.post_id
      WHERE starts_with(c.record, $3) AND p.state = 'live'
        AND EXISTS (SELECT 1 FROM post_revision r JOIN annotation a ON a.revision_id = r.id WHERE r.post_id = c.post_id AND a.topic = $1 AND a.outcome = 'keep' AND NOT a.shadow)
        AND NOT EXISTS (SELECT 1 FROM known k WHERE k.record = c.record)
        AND NOT EXISTS (SELECT 1 FROM citation_miss m WHERE m.record = c.record AND m.looked_at > $4)
      GROUP BY c.record ORDER BY count(*) DESC, c.record LIMIT $5`,
    [topic, LITERATURE_PLATFORMS, source.records.prefix, again, most],
  );
  return found.rows.map(({ record }) => record);
}

interface Answer {
  readonly names: readonly string[];
  readonly page: Awaited<ReturnType<RecordLookup['fetch']>>;
}

/** In one transaction with what was not there, so that nothing is asked twice. */
async function storeStudies(hearsay: Hearsay, { topic, source }: Place, { names, page }: Answer): Promise<{ found: number } & Pick<Stored, 'revisionIds'>> {
  const answered = new Set([...page.posts.map(({ nativeId }) => nativeId), ...page.refusals.map(({ item }) => item)]);
  const missing = names
    .filter((name) => !answered.has(name))
    .map((item) => ({ code: 'not_found', detail: `cited, but ${source.name} has no such record`, item }));
  return inTransaction(hearsay.pool, async (client) => {
    const place = { topic, stage: 'crawl', source: source.name } as const;
    const { revisionIds } = await storePosts(client, hearsay, place, { ...page, refusals: [...page.refusals, ...missing] });
    // Whatever the reason that there is no post: not there, not readable, erased.
    const missed = await client.query(
      `INSERT INTO citation_miss (record, looked_at)
       SELECT name, $3 FROM unnest($2::text[]) AS n (name)
        WHERE NOT EXISTS (SELECT 1 FROM topic_post t JOIN post p ON p.id = t.post_id WHERE t.topic = $1 AND p.native_id = name AND p.platform = ANY ($4))
       ON CONFLICT (record) DO UPDATE SET looked_at = excluded.looked_at`,
      [topic, names, hearsay.now(), LITERATURE_PLATFORMS],
    );
    return { found: names.length - (missed.rowCount ?? 0), revisionIds };
  });
}
