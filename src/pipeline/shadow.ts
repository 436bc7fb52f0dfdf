/**
 * A candidate annotator beside the adopted one: what it says of a topic's live posts is stored outside the chain and counted nowhere, until
 * it is adopted (adopt.ts) or not. A run takes the posts it has not judged yet, so it may be interrupted and go on.
 * Proved by test/integration/shadow.test.ts.
 */
import type { ClientBase } from 'pg';
import type { Annotator } from '../annotators/annotator.ts';
import { inTransaction } from '../db/pool.ts';
import { describeError, HearsayError, InvalidInputError } from '../errors.ts';
import type { Topic } from '../model/topic.ts';
import { NO_ANSWER } from './annotate.ts';
import type { Hearsay } from './hearsay.ts';
import { judgeRevisions, REVISION_COLUMNS, type RevisionRow } from './judge-revisions.ts';
import { storeAnnotations } from './store-annotations.ts';

/** Few enough that an interruption of a slow annotator loses little. */
const SHADOW_BATCH = 100;

/** The newest revision of each live post, as adoption would annotate it. */
const LIVE_REVISIONS = `
  topic_post t JOIN post p ON p.id = t.post_id AND p.state = 'live'
    JOIN LATERAL (SELECT * FROM post_revision WHERE post_id = p.id ORDER BY revision DESC LIMIT 1) r ON true`;
const NOT_JUDGED = `t.topic = $1 AND NOT EXISTS (SELECT FROM annotation a WHERE a.topic = t.topic AND a.revision_id = r.id AND a.annotator = $2)`;

export interface ShadowOptions {
  readonly candidate: Annotator;
  /** Posts of this run at most. */
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

export interface ShadowReport {
  readonly annotated: number;
  readonly offTopic: number;
  /** Posts that the candidate failed at, by error code. The next run tries them again. */
  readonly failed: Readonly<Record<string, number>>;
  /** Live posts it has still to judge. */
  readonly left: number;
}

export async function shadowTopic(hearsay: Hearsay, slug: string, { candidate, limit, signal, onProgress }: ShadowOptions): Promise<ShadowReport> {
  const topic = hearsay.topics.get(slug);
  if (!topic) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${[...hearsay.topics.keys()].join(', ')}`);
  const failed: Record<string, number> = {};
  let [annotated, offTopic, done] = [0, 0, 0];
  for (let after = 0; done < limit && !signal.aborted; ) {
    const rows = await readNext(hearsay, { slug, annotator: candidate.id, after, limit: Math.min(SHADOW_BATCH, limit - done) });
    const last = rows.at(-1);
    if (last === undefined) break;
    for (const outcome of await judgeStoring(hearsay, { topic, candidate }, rows)) {
      if (typeof outcome === 'string') failed[outcome] = (failed[outcome] ?? 0) + 1;
      else if (outcome) annotated += 1;
      else offTopic += 1;
    }
    done += rows.length;
    after = last.id;
    onProgress(done);
  }
  return { annotated, offTopic, failed, left: await countNotJudged(hearsay.pool, slug, candidate.id) };
}

async function readNext(hearsay: Hearsay, place: { slug: string; annotator: string; after: number; limit: number }): Promise<RevisionRow[]> {
  const found = await hearsay.pool.query<RevisionRow>(
    `SELECT ${REVISION_COLUMNS} FROM ${LIVE_REVISIONS} WHERE ${NOT_JUDGED} AND r.id > $3 ORDER BY r.id LIMIT $4`,
    [place.slug, place.annotator, place.after, place.limit],
  );
  return found.rows;
}

/** Live posts of a topic that an annotator has said nothing of. */
export async function countNotJudged(client: Pick<ClientBase, 'query'>, slug: string, annotator: string): Promise<number> {
  const found = await client.query<{ posts: number }>(`SELECT count(*) AS posts FROM ${LIVE_REVISIONS} WHERE ${NOT_JUDGED}`, [slug, annotator]);
  return Number(found.rows[0]?.posts ?? 0);
}

/** For each post whether it is on topic, or the code of the error. What cannot be annotated in a batch is tried alone, as in the annotate stage. */
async function judgeStoring(
  hearsay: Hearsay,
  { topic, candidate }: { readonly topic: Topic; readonly candidate: Annotator },
  rows: readonly RevisionRow[],
): Promise<(boolean | string)[]> {
  try {
    const judged = await judgeRevisions(candidate, topic, rows);
    await inTransaction(hearsay.pool, (client) => storeAnnotations(client, { topic: topic.slug, annotator: candidate.id, shadow: true }, judged));
    return judged.map((item) => item.annotation !== undefined);
  } catch (error) {
    const { code } = describeError(error);
    // What stops every post, such as an outage, a spent budget or a wrong key: the run ends, and the next one goes on from here.
    if (error instanceof HearsayError && code !== NO_ANSWER) throw error;
    if (rows.length === 1) return [code];
    const alone: (boolean | string)[] = [];
    for (const row of rows) alone.push(...(await judgeStoring(hearsay, { topic, candidate }, [row])));
    return alone;
  }
}
