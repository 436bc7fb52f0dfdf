/**
 * Stage 2: gate and annotate post revisions for a topic. What is not about the topic's compounds, or is labelled
 * `off_topic`, is dropped with a counted reason and never enters the chain.
 */
import type { PoolClient } from 'pg';
import { inTransaction } from '../db/pool.ts';
import { describeError, HearsayError, InvalidInputError } from '../errors.ts';
import type { Platform } from '../model/labels.ts';
import type { Refusal } from '../sources/source.ts';
import type { Hearsay } from './hearsay.ts';
import { judgeRevisions, REVISION_COLUMNS, type JudgedRevision, type RevisionRow } from './judge-revisions.ts';
import { recordRefusals, withoutErased } from './refusals.ts';
import { storeAnnotations } from './store-annotations.ts';

export interface AnnotateReport {
  readonly kept: number;
  readonly offTopic: number;
}

/** Annotates those of `revisionIds` that the topic has still to annotate; a repeat finds none. */
export async function annotateRevisions(hearsay: Hearsay, slug: string, revisionIds: readonly number[]): Promise<AnnotateReport> {
  const topic = hearsay.topics.get(slug);
  if (!topic) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}`);
  const rows = await readRevisions(hearsay, slug, revisionIds);
  const judged = await judgeRevisions(hearsay.annotator, topic, rows);
  await inTransaction(hearsay.pool, (client) => storeResults(client, { hearsay, slug, judged }));
  const kept = judged.filter((item) => item.annotation !== undefined).length;
  return { kept, offTopic: rows.length - kept };
}

/** An annotator that has no answer for a text says so with this code; it is the text's own failure, and no other's. */
export const NO_ANSWER = 'llm_no_answer';

/** As `annotateRevisions`, where one text without an answer does not hold up the others. */
export async function annotateBatch(hearsay: Hearsay, slug: string, revisionIds: readonly number[]): Promise<AnnotateReport> {
  try {
    return await annotateRevisions(hearsay, slug, revisionIds);
  } catch (error) {
    if (describeError(error).code !== NO_ANSWER) throw error;
    return annotateOneByOne(hearsay, slug, revisionIds);
  }
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
      const { code, message } = describeError(error);
      // What stops every post, such as an outage, a spent budget or a wrong key, is no reason to give up this one.
      if (error instanceof HearsayError && code !== NO_ANSWER) throw error;
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

async function readRevisions(hearsay: Hearsay, topic: string, revisionIds: readonly number[]): Promise<RevisionRow[]> {
  const found = await hearsay.pool.query<RevisionRow>(
    `SELECT ${REVISION_COLUMNS}
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
  readonly judged: readonly JudgedRevision[];
}

async function storeResults(client: PoolClient, { hearsay, slug, judged }: Results): Promise<void> {
  await storeAnnotations(client, { topic: slug, annotator: hearsay.annotator.id, shadow: false }, judged);
  await client.query('DELETE FROM unannotated WHERE topic = $1 AND revision_id = ANY ($2)', [slug, judged.map((item) => item.row.id)]);
  const dropped = judged.filter((item) => item.annotation === undefined);
  for (const [platform, items] of groupByPlatform(dropped)) {
    const refusals: Refusal[] = items.map((item) => ({
      code: item.named ? 'off_topic_label' : 'off_topic',
      detail: item.named ? 'labelled off_topic' : 'names none of the compounds',
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
function groupByPlatform(items: readonly JudgedRevision[]): Map<Platform, JudgedRevision[]> {
  const groups = new Map<Platform, JudgedRevision[]>();
  for (const item of items) groups.set(item.row.platform, [...(groups.get(item.row.platform) ?? []), item]);
  return groups;
}
