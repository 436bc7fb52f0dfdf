/** Imports a file into a topic: the same storing, annotation and ledger as a crawl. Running it again changes nothing. */
import { inTransaction } from '../db/pool.ts';
import { InvalidInputError } from '../errors.ts';
import type { TimeSpan } from '../model/gap.ts';
import type { IncomingPost } from '../model/post.ts';
import type { ImportedItem } from '../sources/formats/read-import.ts';
import { sourceNamed } from '../sources/list.ts';
import type { Refusal } from '../sources/source.ts';
import { closeCovered } from './close-gaps.ts';
import type { OnRevisions } from './crawl.ts';
import { BATCH, type Hearsay } from './hearsay.ts';
import { addTally, emptyTally, storePosts, type StoreTally } from './store-posts.ts';

export interface ImportOptions {
  readonly topic: string;
  /** Printed name of the file: its last part, no path. */
  readonly name: string;
  readonly onRevisions: OnRevisions;
  /** Community of which the file has everything from its oldest to its newest item, as the operator says: gaps within are closed. */
  readonly covers?: number;
  readonly onProgress?: (tally: StoreTally) => void;
  readonly signal?: AbortSignal;
}

/** @throws InvalidInputError `unknown_topic` */
export function requireTopic(known: readonly string[], slug: string): void {
  if (!known.includes(slug)) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${known.join(', ')}`);
}

export interface ImportReport {
  readonly tally: StoreTally;
  /** Of the items that a `covers` speaks of; undefined where none has a time. */
  readonly span?: TimeSpan;
  readonly closedGaps: readonly number[];
}

export async function importItems(hearsay: Hearsay, items: AsyncIterable<ImportedItem>, options: ImportOptions): Promise<ImportReport> {
  requireTopic([...hearsay.topics.keys()], options.topic);
  const platforms = options.covers === undefined ? [] : await platformsOf(hearsay, { topic: options.topic, community: options.covers });
  let span: TimeSpan | undefined;
  const total = emptyTally();
  let posts: IncomingPost[] = [];
  let refusals: Refusal[] = [];
  const flush = async (): Promise<void> => {
    if (posts.length + refusals.length === 0) return;
    const page = { posts, refusals, captures: [] };
    const stored = await inTransaction(hearsay.pool, (client) =>
      storePosts(client, hearsay, { topic: options.topic, stage: 'import', source: options.name }, page),
    );
    addTally(total, stored.tally);
    posts = [];
    refusals = [];
    if (stored.revisionIds.length > 0) await options.onRevisions(options.topic, stored.revisionIds);
    options.onProgress?.(total);
  };
  for await (const item of items) {
    if (options.signal?.aborted) break;
    if ('post' in item) {
      posts.push(item.post);
      if (platforms.some((platform) => platform === item.post.platform)) span = widen(span, item.post, hearsay.now());
    } else refusals.push({ ...item.refusal, detail: `line ${item.line}: ${item.refusal.detail}` });
    if (posts.length + refusals.length >= BATCH) await flush();
  }
  await flush();
  // A file that was not read to its end covers nothing.
  if (options.covers === undefined || span === undefined || options.signal?.aborted) return { tally: total, closedGaps: [] };
  return { tally: total, span, closedGaps: await closeCovered(hearsay.pool, options.covers, { span, file: options.name, now: hearsay.now() }) };
}

async function platformsOf(hearsay: Hearsay, wanted: { readonly topic: string; readonly community: number }): Promise<readonly string[]> {
  const found = await hearsay.pool.query<{ source: string }>('SELECT source FROM community WHERE id = $1 AND topic = $2', [wanted.community, wanted.topic]);
  const [row] = found.rows;
  if (row === undefined)
    throw new InvalidInputError('unknown_community', `topic ${wanted.topic} has no community ${wanted.community}; hearsay crawl status names them`);
  return sourceNamed(row.source)?.platforms ?? [];
}

function widen(span: TimeSpan | undefined, { createdAt }: IncomingPost, now: Date): TimeSpan | undefined {
  const at = new Date(createdAt ?? Number.NaN);
  // Without a time, or with one that nobody can have written at yet.
  if (!(at <= now)) return span;
  return { since: span && span.since < at ? span.since : at, until: span && span.until > at ? span.until : at };
}
