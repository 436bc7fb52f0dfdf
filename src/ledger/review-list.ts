/** What waits for a reviewer, and one item whole: headers and states from the fold, texts from the content table. */
import type { Pool } from 'pg';
import { type ClaimState, type Fold, listClaims, listSources, type SourceState, stateOf } from '../counts/fold.ts';
import { InvalidInputError } from '../errors.ts';
import { decodeHeader } from './fold-reader.ts';
import type { Header } from './header.ts';

export interface ReviewItem {
  readonly seq: number;
  readonly state: SourceState | ClaimState;
  readonly header: Header;
  /** Absent once erased. */
  readonly content?: Readonly<Record<string, unknown>>;
}

/**
 * What moves the most counts first: pending sources that claim something, then pending claims whose source is not pending itself
 * (deciding the source decides for them), then sources without claims, which are most of all posts.
 */
export async function listPending(pool: Pool, { topic, fold }: { readonly topic: string; readonly fold: Fold }, limit: number): Promise<ReviewItem[]> {
  const sources = listSources(fold, { state: 'pending' });
  const waiting = new Set(sources);
  const claims = listClaims(fold, { state: 'pending' }).filter((seq) => !waiting.has((stateOf(fold, seq) as ClaimState).source));
  const hasClaims = (seq: number): boolean => (stateOf(fold, seq) as SourceState).claims.length > 0;
  const ordered = [...sources.filter(hasClaims), ...claims, ...sources.filter((seq) => !hasClaims(seq))];
  return readItems(pool, { topic, fold }, ordered.slice(0, limit));
}

/** @throws InvalidInputError `unknown_ref` */
export async function readItem(pool: Pool, place: { readonly topic: string; readonly fold: Fold }, seq: number): Promise<ReviewItem> {
  const [item] = await readItems(pool, place, [seq]);
  if (!item) throw new InvalidInputError('unknown_ref', `entry ${seq} of ${place.topic} is not a source or claim`);
  return item;
}

async function readItems(pool: Pool, { topic, fold }: { readonly topic: string; readonly fold: Fold }, seqs: readonly number[]): Promise<ReviewItem[]> {
  const found = await pool.query<{ seq: number; header: Buffer; content: Buffer | null }>(
    `SELECT e.seq, e.header, c.content FROM unnest($2::bigint[]) WITH ORDINALITY AS wanted (seq, place)
       JOIN ledger_entry e ON e.topic = $1 AND e.seq = wanted.seq LEFT JOIN ledger_content c ON c.topic = e.topic AND c.seq = e.seq
      ORDER BY wanted.place`,
    [topic, seqs],
  );
  return found.rows.flatMap((row) => {
    const state = stateOf(fold, row.seq);
    if (!state) return [];
    return [{ seq: row.seq, state, header: decodeHeader(row.header), ...(row.content ? { content: JSON.parse(row.content.toString('utf8')) } : {}) }];
  });
}
