/**
 * Which comments are still there. YouTube has no word for "deleted": comments.list leaves out what its writer deleted, what the channel or
 * YouTube took down, and what went with its video. All of it is `missing`, if a second endpoint, commentThreads.list, lacks it as well; the
 * patience of the description then decides. Proved by test/unit/sources/youtube-recheck.test.ts.
 */
import { z } from 'zod';
import type { RecheckOutcome } from '../source.ts';
import type { YoutubeApi } from './api.ts';
import { COMMENT_ID, idOf } from './map-comment.ts';

/** Most ids the API's lists take. */
const IDS_PER_CALL = 50;

export async function recheckYoutube(api: YoutubeApi, nativeIds: readonly string[]): Promise<ReadonlyMap<string, RecheckOutcome>> {
  const outcomes = new Map<string, RecheckOutcome>(nativeIds.map((id) => [id, 'unknown']));
  const askable = [...outcomes.keys()].filter((id) => COMMENT_ID.test(id));
  for (let at = 0; at < askable.length; at += IDS_PER_CALL) {
    const chunk = askable.slice(at, at + IDS_PER_CALL);
    const there = await askComments(api, chunk);
    if (there === undefined) continue;
    const missing = chunk.filter((id) => !there.has(id));
    const absent = missing.length === 0 ? missing : await confirmAbsent(api, missing);
    for (const id of chunk) if (there.has(id)) outcomes.set(id, 'live');
    for (const id of absent) outcomes.set(id, 'missing');
  }
  return outcomes;
}

/** Undefined when the answer holds what was not asked for, or what has no id: such an answer proves nothing. */
async function askComments(api: YoutubeApi, ids: readonly string[]): Promise<ReadonlySet<string> | undefined> {
  const answer = await api.ask('comments', { part: 'id', id: ids.join(','), fields: 'kind,items(id)' });
  if (answer.kind === 'refused') return undefined;
  const found = answer.items.map(idOf);
  return found.every((id) => id !== undefined && ids.includes(id)) ? new Set(found as string[]) : undefined;
}

/** Those that their threads lack as well. A thread has the id of its first comment, and a reply's id begins with it. */
async function confirmAbsent(api: YoutubeApi, missing: readonly string[]): Promise<readonly string[]> {
  const threadIds = [...new Set(missing.map((id) => id.split('.', 1)[0] as string))];
  const answer = await api.ask('commentThreads', {
    part: 'id,replies',
    id: threadIds.join(','),
    fields: 'kind,items(id,replies(comments(id)))',
  });
  if (answer.kind === 'refused') return [];
  const shown = new Set<string>();
  for (const item of answer.items) {
    const id = idOf(item);
    if (id === undefined || !threadIds.includes(id)) return [];
    shown.add(id);
    for (const reply of repliesOf(item)) shown.add(reply);
  }
  return missing.filter((id) => !shown.has(id));
}

const repliesSchema = z.object({ replies: z.object({ comments: z.array(z.unknown()) }) });

function repliesOf(thread: unknown): readonly string[] {
  const parsed = repliesSchema.safeParse(thread);
  return parsed.success ? parsed.data.replies.comments.flatMap((reply) => idOf(reply) ?? []) : [];
}
