/** Keeps what an annotator said of revisions. A shadow's rows stay out of the append until its annotator is the one in use. */
import type { PoolClient } from 'pg';
import type { JudgedRevision } from './judge-revisions.ts';

interface Said {
  readonly topic: string;
  readonly annotator: string;
  readonly shadow: boolean;
}

export async function storeAnnotations(client: PoolClient, { topic, annotator, shadow }: Said, judged: readonly JudgedRevision[]): Promise<void> {
  const ids = judged.map((item) => item.row.id);
  // An erasure that is under way ends first, and its revisions are gone; one that comes later waits, and finds what is written here.
  await client.query('SELECT FROM post_revision WHERE id = ANY ($1) ORDER BY id FOR KEY SHARE', [ids]);
  await client.query(
    `INSERT INTO annotation (topic, revision_id, annotator, document, outcome, shadow)
     SELECT $1, r.id, $2, a.document, a.outcome, $3 FROM unnest($4::bigint[], $5::jsonb[], $6::text[]) AS a (id, document, outcome)
       JOIN post_revision r ON r.id = a.id
     ON CONFLICT (topic, revision_id, annotator) DO UPDATE SET shadow = false WHERE annotation.shadow AND NOT excluded.shadow`,
    [
      topic,
      annotator,
      shadow,
      ids,
      judged.map(({ annotation }) => (annotation ? JSON.stringify(annotation) : null)),
      judged.map(({ annotation }) => (annotation ? 'keep' : 'off_topic')),
    ],
  );
}
