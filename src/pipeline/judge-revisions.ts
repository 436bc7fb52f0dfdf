/** What an annotator says of stored revisions of posts: the gate first, then its labels. Used by the annotate stage and by shadow runs. */
import type { Annotator } from '../annotators/annotator.ts';
import type { Annotation } from '../model/annotation.ts';
import type { Platform } from '../model/labels.ts';
import type { AnnotateInput } from '../model/post.ts';
import type { Topic } from '../model/topic.ts';
import { relevantCompounds, scopeOf } from './scope.ts';

/** Of `post_revision r` and `post p`. */
export const REVISION_COLUMNS = 'r.id, p.platform, p.native_id, r.title, r.text, r.parent_text, r.url, r.created_at, r.record, r.compounds';

export interface RevisionRow {
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

export interface JudgedRevision {
  readonly row: RevisionRow;
  /** Whether it names one of the topic's compounds. */
  readonly named: boolean;
  /** Absent: dropped, for it names none or is labelled `off_topic`. */
  readonly annotation?: Annotation;
}

export async function judgeRevisions(annotator: Annotator, topic: Topic, rows: readonly RevisionRow[]): Promise<JudgedRevision[]> {
  const gated = rows.map((row) => inputOf(topic, row));
  const relevant = gated.filter(isNamed);
  const annotations = await annotator.annotate(relevant, scopeOf(topic));
  const said = new Map(relevant.map((input, index) => [input, annotations[index] as Annotation]));
  return rows.map((row, index) => {
    const input = gated[index] as AnnotateInput;
    const annotation = said.get(input);
    return { row, named: isNamed(input), ...(annotation === undefined || annotation.document_type === 'off_topic' ? {} : { annotation }) };
  });
}

function isNamed(input: AnnotateInput): boolean {
  return (input.compounds ?? []).length > 0;
}

/** What an annotator gets to see; `compounds` are the topic's that it is about. */
export function inputOf(topic: Topic, row: RevisionRow): AnnotateInput {
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
  return { ...input, compounds: relevantCompounds(topic, { input, named: row.compounds ?? [] }) };
}
