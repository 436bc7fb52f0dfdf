/**
 * Storing a page of incoming posts: its posts (store-round.ts), absences, captures and refusals, in the caller's transaction. Storing the same page twice
 * changes nothing, and an erasure that runs at the same time is not undone: test/integration/come-back.test.ts.
 */
import type { ClientBase } from 'pg';
import type { IncomingPost } from '../model/post.ts';
import type { Capture, Refusal } from '../sources/source.ts';
import type { Hearsay } from './hearsay.ts';
import { type AbsentPost, type PreparedPost, preparePost } from './prepare-post.ts';
import { ERASED_BEFORE, recordRefusals, withoutErased } from './refusals.ts';
import { storeAbsences } from './store-absences.ts';
import { storeCaptures } from './store-captures.ts';
import { storeRound } from './store-round.ts';

export interface Page {
  readonly posts: readonly IncomingPost[];
  readonly refusals: readonly Refusal[];
  readonly captures: readonly Capture[];
}

export interface StoreTally {
  seen: number;
  newPosts: number;
  newRevisions: number;
  unchanged: number;
  /** Known posts that the platform now shows as gone; the sweep carries it to the ledger. */
  gone: number;
  /** Known posts that were gone and are shown again. */
  back: number;
  /** Code -> items that were not kept. */
  readonly refused: Record<string, number>;
  /** Code -> posts that were kept with something set right. */
  readonly notes: Record<string, number>;
}

export interface Stored {
  readonly tally: StoreTally;
  /** Revisions that this topic has not annotated yet. */
  readonly revisionIds: number[];
}

export function emptyTally(): StoreTally {
  return { seen: 0, newPosts: 0, newRevisions: 0, unchanged: 0, gone: 0, back: 0, refused: {}, notes: {} };
}

export function addTally(total: StoreTally, part: StoreTally): void {
  for (const key of ['seen', 'newPosts', 'newRevisions', 'unchanged', 'gone', 'back'] as const) total[key] += part[key];
  for (const key of ['refused', 'notes'] as const) for (const [code, count] of Object.entries(part[key])) bump(total[key], code, count);
}

function bump(counts: Record<string, number>, code: string, by = 1): void {
  counts[code] = (counts[code] ?? 0) + by;
}

/** `source`: name of the source that can re-check these posts, absent for files. */
export async function storePosts(
  client: ClientBase,
  hearsay: Hearsay,
  place: { readonly topic: string; readonly stage: 'crawl' | 'import'; readonly source: string },
  page: Page,
): Promise<Stored> {
  const tally = emptyTally();
  const refusals = [...page.refusals];
  const posts: PreparedPost[] = [];
  const absent: AbsentPost[] = [];
  tally.seen = page.posts.length + page.refusals.length;
  for (const incoming of page.posts) {
    const prepared = preparePost(incoming, hearsay.keys, hearsay.now());
    if (prepared.kind === 'refused') refusals.push(prepared.refusal);
    else if (prepared.kind === 'absent') absent.push(prepared);
    else {
      posts.push(prepared.post);
      for (const note of prepared.notes) bump(tally.notes, note);
    }
  }
  const revisionIds: number[] = [];
  const kept: PreparedPost[] = [];
  const erased: PreparedPost[] = [];
  for (const round of roundsOf(posts)) {
    const stored = await storeRound(client, { ...place, now: hearsay.now() }, round);
    revisionIds.push(...stored.revisionIds);
    kept.push(...stored.kept);
    erased.push(...stored.erased);
    refusals.push(...stored.erased.map(() => ERASED_BEFORE));
    tally.newPosts += stored.newPosts;
    tally.newRevisions += stored.newRevisions;
    tally.unchanged += stored.unchanged;
    tally.back += stored.back;
  }
  // After the posts: what a page shows both live and gone is gone, and stays so when the page is stored again.
  const absences = await storeAbsences(client, { ...place, now: hearsay.now() }, absent);
  refusals.push(...absences.refusals);
  tally.gone += absences.gone;
  if (revisionIds.length > 0) {
    await client.query('INSERT INTO unannotated (topic, revision_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING', [place.topic, revisionIds]);
  }
  await storeCaptures(client, page.captures, { kept, erased, revisionIds });
  const counted = refusals.length === 0 ? refusals : await withoutErased(client, hearsay, refusals);
  await recordRefusals(client, place, counted);
  for (const refusal of counted) bump(tally.refused, refusal.code);
  return { tally, revisionIds };
}

/** The same post twice on one page is two revisions: each round holds a post once, in order. */
function roundsOf(posts: readonly PreparedPost[]): PreparedPost[][] {
  const rounds: PreparedPost[][] = [];
  const times = new Map<string, number>();
  for (const post of posts) {
    const key = post.postKey.toString('hex');
    const nth = times.get(key) ?? 0;
    times.set(key, nth + 1);
    const round = rounds[nth] ?? [];
    rounds[nth] = round;
    round.push(post);
  }
  return rounds;
}
