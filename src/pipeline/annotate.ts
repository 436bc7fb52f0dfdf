/**
 * Stage 2: gate and annotate post revisions for a topic. What is not about the topic's compounds, or is labelled
 * `off_topic`, is dropped with a counted reason and never enters the chain.
 */
import type { PoolClient } from 'pg';
import { inTransaction } from '../db/pool.ts';
import { describeError, InvalidInputError, TransientError } from '../errors.ts';
import type { Annotation } from '../model/annotation.ts';
import type { AnnotateInput } from '../model/post.ts';
import type { Topic } from '../model/topic.ts';
import type { Platform } from '../model/labels.ts';
import type { Refusal } from '../sources/source.ts';
import type { Hearsay } from './hearsay.ts';
import { recordRefusals, withoutErased } from './refusals.ts';
import { relevantCompounds, scopeOf } from './scope.ts';

interface RevisionRow {
  id: number;
  platform: Platform;
  native_id: string;
  title: string | null;
  text: string;
  parent_text: string | null;
  url: string | null;
  created_at: Date | null;
  record: AnnotateInput['record'] | null;
  compounds: string[] | null;
}

export interface AnnotateReport {
  readonly kept: number;
  readonly offTopic: number;
}

/** Annotates those of `revisionIds` that the topic has still to annotate; a repeat finds none. */
export async function annotateRevisions(hearsay: Hearsay, slug: string, revisionIds: readonly number[]): Promise<AnnotateReport> {
  const topic = hearsay.topics.get(slug);
  if (!topic) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}`);
  const rows = await readRevisions(hearsay, slug, revisionIds);
  const gated = rows.map((row) => gate(topic, row));
  const relevant = gated.filter((item) => item.compounds.length > 0);
  const annotations = await hearsay.annotator.annotate(
    relevant.map((item) => item.input),
    scopeOf(topic),
  );
  const decided = new Map<number, Annotation>();
  relevant.forEach((item, index) => {
    const annotation = annotations[index] as Annotation;
    if (annotation.document_type !== 'off_topic') decided.set(item.row.id, annotation);
  });
  await inTransaction(hearsay.pool, (client) => storeAnnotations(client, { hearsay, slug, gated, decided }));
  return { kept: decided.size, offTopic: rows.length - decided.size };
}

/**
 * Last resort after a batch failed every attempt: one by one, so that only what cannot be annotated is refused,
 * with the reason, instead of holding up its topic for ever.
 */
export async function annotateOneByOne(hearsay: Hearsay, slug: string, revisionIds: readonly number[]): Promise<AnnotateReport> {
  const total = { kept: 0, offTopic: 0 };
  for (const id of revisionIds) {
    try {
      const report = await annotateRevisions(hearsay, slug, [id]);
      total.kept += report.kept;
      total.offTopic += report.offTopic;
    } catch (error) {
      if (error instanceof TransientError) throw error;
      const { code, message } = describeError(error);
      await inTransaction(hearsay.pool, async (client) => {
        await recordRefusals(client, { topic: slug, stage: 'annotate', source: hearsay.annotator.id }, [
          { code: 'annotate_failed', detail: `${code}: ${message}`, item: `revision ${id}` },
        ]);
        await client.query('DELETE FROM unannotated WHERE topic = $1 AND revision_id = $2', [slug, id]);
      });
    }
  }
  return total;
}

interface Gated {
  readonly row: RevisionRow;
  readonly input: AnnotateInput;
  readonly compounds: readonly string[];
}

function gate(topic: Topic, row: RevisionRow): Gated {
  const input: AnnotateInput = {
    id: row.native_id,
    platform: row.platform,
    text: row.text,
    ...(row.title === null ? {} : { title: row.title }),
    ...(row.parent_text === null ? {} : { parent: row.parent_text }),
    ...(row.url === null ? {} : { url: row.url }),
    ...(row.created_at === null ? {} : { created_at: row.created_at.toISOString() }),
    ...(row.record === null ? {} : { record: row.record }),
  };
  const compounds = relevantCompounds(topic, { input, named: row.compounds ?? [] });
  return { row, compounds, input: { ...input, compounds } };
}

async function readRevisions(hearsay: Hearsay, topic: string, revisionIds: readonly number[]): Promise<RevisionRow[]> {
  const found = await hearsay.pool.query<RevisionRow>(
    `SELECT r.id, p.platform, p.native_id, r.title, r.text, r.parent_text, r.url, r.created_at, r.record, r.compounds
       FROM unannotated u JOIN post_revision r ON r.id = u.revision_id JOIN post p ON p.id = r.post_id
      WHERE u.topic = $1 AND u.revision_id = ANY ($2)
      ORDER BY r.id`,
    [topic, revisionIds],
  );
  return found.rows;
}

interface Results {
  readonly hearsay: Hearsay;
  readonly slug: string;
  readonly gated: readonly Gated[];
  readonly decided: ReadonlyMap<number, Annotation>;
}

async function storeAnnotations(client: PoolClient, { hearsay, slug, gated, decided }: Results): Promise<void> {
  // An erasure that is under way ends first, and its revisions are gone; one that comes later waits, and finds what is written here.
  await client.query('SELECT FROM post_revision WHERE id = ANY ($1) ORDER BY id FOR KEY SHARE', [gated.map((item) => item.row.id)]);
  await client.query(
    `INSERT INTO annotation (topic, revision_id, annotator, document, outcome)
     SELECT $1, r.id, $2, a.document, a.outcome FROM unnest($3::bigint[], $4::jsonb[], $5::text[]) AS a (id, document, outcome)
       JOIN post_revision r ON r.id = a.id
     ON CONFLICT DO NOTHING`,
    [
      slug,
      hearsay.annotator.id,
      gated.map((item) => item.row.id),
      gated.map((item) => (decided.has(item.row.id) ? JSON.stringify(decided.get(item.row.id)) : null)),
      gated.map((item) => (decided.has(item.row.id) ? 'keep' : 'off_topic')),
    ],
  );
  await client.query('DELETE FROM unannotated WHERE topic = $1 AND revision_id = ANY ($2)', [slug, gated.map((item) => item.row.id)]);
  const dropped = gated.filter((item) => !decided.has(item.row.id));
  for (const [platform, items] of groupByPlatform(dropped)) {
    const refusals: Refusal[] = items.map((item) => ({
      code: item.compounds.length === 0 ? 'off_topic' : 'off_topic_label',
      detail: item.compounds.length === 0 ? 'names none of the compounds' : 'labelled off_topic',
      item: item.row.native_id,
    }));
    await recordRefusals(
      client,
      { topic: slug, stage: 'gate', source: platform },
      await withoutErased(client, { keys: hearsay.keys, platforms: [platform] }, refusals),
    );
  }
}

/** Node 20 has no Map.groupBy. */
function groupByPlatform(items: readonly Gated[]): Map<Platform, Gated[]> {
  const groups = new Map<Platform, Gated[]>();
  for (const item of items) groups.set(item.row.platform, [...(groups.get(item.row.platform) ?? []), item]);
  return groups;
}
