/** Imports a file into a topic: the same storing, annotation and ledger as a crawl. Running it again changes nothing. */
import { inTransaction } from '../db/pool.ts';
import { InvalidInputError } from '../errors.ts';
import type { IncomingPost } from '../model/post.ts';
import type { ImportedItem } from '../sources/formats/read-import.ts';
import type { Refusal } from '../sources/source.ts';
import type { OnRevisions } from './crawl.ts';
import { BATCH, type Hearsay } from './hearsay.ts';
import { addTally, emptyTally, storePosts, type StoreTally } from './store-posts.ts';

export interface ImportOptions {
  readonly topic: string;
  /** Printed name of the file: its last part, no path. */
  readonly name: string;
  readonly onRevisions: OnRevisions;
  readonly onProgress?: (tally: StoreTally) => void;
  readonly signal?: AbortSignal;
}

/** @throws InvalidInputError `unknown_topic` */
export function requireTopic(known: readonly string[], slug: string): void {
  if (!known.includes(slug)) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${known.join(', ')}`);
}

export async function importItems(hearsay: Hearsay, items: AsyncIterable<ImportedItem>, options: ImportOptions): Promise<StoreTally> {
  requireTopic([...hearsay.topics.keys()], options.topic);
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
    if ('post' in item) posts.push(item.post);
    else refusals.push({ ...item.refusal, detail: `line ${item.line}: ${item.refusal.detail}` });
    if (posts.length + refusals.length >= BATCH) await flush();
  }
  await flush();
  return total;
}
