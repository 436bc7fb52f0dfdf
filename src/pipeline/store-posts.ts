/**
 * Storing a page of incoming posts: new posts, new revisions, absences, captures and refusals, in the caller's
 * transaction. Storing the same page twice changes nothing, and an erasure that runs at the same time is not undone:
 * test/integration/come-back.test.ts.
 */
import type { ClientBase } from 'pg';
import type { IncomingPost } from '../model/post.ts';
import type { Capture, Refusal } from '../sources/source.ts';
import { forgetAuthors } from './forget-authors.ts';
import type { Hearsay } from './hearsay.ts';
import { type AbsentPost, type PreparedPost, preparePost } from './prepare-post.ts';
import { ERASED_BEFORE, recordRefusals, withoutErased } from './refusals.ts';
import { storeAbsences } from './store-absences.ts';
import { type Citing, storeCitations } from './store-citations.ts';

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
  const counted = refusals.length === 0 ? refusals : await withoutErased(client, hearsay.keys, refusals);
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

interface KnownPost {
  id: number;
  post_key: Buffer;
  state: string;
  observed: string;
  observed_at: Date | null;
  blocked: boolean;
  linked: boolean;
  latest: number | null;
  latest_id: number | null;
  digests: Buffer[] | null;
}

async function storeRound(client: ClientBase, place: { topic: string; source: string; stage: string; now: Date }, posts: readonly PreparedPost[]) {
  const source = place.stage === 'crawl' ? place.source : null;
  // One order for everybody: two crawls that meet the same posts must not wait for each other in a ring.
  const sorted = [...posts].sort((a, b) => Buffer.compare(a.postKey, b.postKey));
  const keys = sorted.map((post) => post.postKey);
  const inserted = await client.query<{ id: number }>(
    `INSERT INTO post (post_key, platform, native_id, source)
     SELECT p.post_key, p.platform, p.native_id, $4 FROM unnest($1::bytea[], $2::text[], $3::text[]) AS p (post_key, platform, native_id)
      WHERE NOT EXISTS (SELECT 1 FROM blocked_post b WHERE b.post_key = p.post_key)
     ON CONFLICT (post_key) DO NOTHING RETURNING id`,
    [keys, sorted.map((post) => post.platform), sorted.map((post) => post.nativeId), source],
  );
  const newIds = new Set(inserted.rows.map((row) => row.id));
  // An erasure that is under way ends first; one that comes later finds all that is stored here. Only the next statement sees what it did.
  await client.query('SELECT FROM post WHERE post_key = ANY ($1) ORDER BY post_key FOR NO KEY UPDATE', [keys]);
  const known = await readKnown(client, place.topic, keys);
  await closeBlocked(client, known);
  const revisionIds: number[] = [];
  const fresh: { post: PreparedPost; postId: number; revision: number }[] = [];
  const seenLive: { id: number; at: Date }[] = [];
  let back = 0;
  const kept: PreparedPost[] = [];
  const erased: PreparedPost[] = [];
  const links: number[] = [];
  const citing: Citing[] = [];
  // In the order given, not in that of the keys, which another secret would shuffle: revisions are numbered and chained in it.
  for (const post of posts) {
    const row = known.get(post.postKey.toString('hex'));
    if (!row || row.blocked || row.state === 'erased') {
      erased.push(post);
      continue;
    }
    kept.push(post);
    const at = seenAt(post, place.now);
    // An old file that has a post says nothing of one that was seen gone since.
    if (at !== undefined && !(row.observed_at !== null && at < row.observed_at)) {
      seenLive.push({ id: row.id, at });
      if (row.observed !== 'live') back++;
    }
    if (!row.linked) links.push(row.id);
    const digests = (row.digests ?? []).map((digest) => digest.toString('hex'));
    const own = post.digest.toString('hex');
    // A file of unknown age that holds an older text is not an edit back to it.
    const isKnown = digests.at(-1) === own || (post.observedAt === null && digests.includes(own));
    if (!isKnown || digests.at(-1) === own) citing.push({ postId: row.id, cites: post.cites });
    if (!isKnown) fresh.push({ post, postId: row.id, revision: (row.latest ?? 0) + 1 });
    else if (!row.linked && row.latest_id !== null) revisionIds.push(row.latest_id);
  }
  revisionIds.push(...(await insertRevisions(client, fresh)));
  const edited = fresh.filter(({ revision }) => revision > 1).map(({ postId }) => postId);
  await storeCitations(client, citing, edited);
  if (links.length > 0)
    await client.query('INSERT INTO topic_post (topic, post_id) SELECT $1, unnest($2::bigint[]) ON CONFLICT DO NOTHING', [place.topic, links]);
  if (seenLive.length > 0) {
    await client.query(
      `UPDATE post SET observed = 'live', observed_at = s.at, checked_at = greatest(checked_at, s.at), source = coalesce(source, $3)
         FROM unnest($1::bigint[], $2::timestamptz[]) AS s (id, at) WHERE post.id = s.id AND state <> 'erased'`,
      [seenLive.map(({ id }) => id), seenLive.map(({ at }) => at), source],
    );
    await client.query('DELETE FROM absence WHERE post_id = ANY ($1)', [seenLive.map(({ id }) => id)]);
  }
  await purgeLostAuthors(client, { seenLive: seenLive.map(({ id }) => id), posts: sorted, known });
  const newPosts = fresh.filter((item) => newIds.has(item.postId)).length;
  return { revisionIds, kept, erased, back, newPosts, newRevisions: fresh.length - newPosts, unchanged: kept.length - fresh.length };
}

/** Nobody has seen anything later than now, whatever a file says. */
function seenAt(post: PreparedPost, now: Date): Date | undefined {
  if (post.observedAt === null) return undefined;
  const at = new Date(post.observedAt);
  return at > now ? now : at;
}

/** Blocked after its row was made here: the row stays, as an erasure leaves it. */
async function closeBlocked(client: ClientBase, known: ReadonlyMap<string, KnownPost>): Promise<void> {
  const open = [...known.values()].filter((row) => row.blocked && row.state !== 'erased').map((row) => row.id);
  // One with revisions is left to the sweep, which erases it again everywhere (erase-again.ts).
  const empty = 'NOT EXISTS (SELECT FROM post_revision r WHERE r.post_id = post.id)';
  if (open.length > 0) await client.query(`UPDATE post SET native_id = NULL, state = 'erased', observed = 'deleted' WHERE id = ANY ($1) AND ${empty}`, [open]);
}

/** A post that is shown without its author belongs to a lost account: what is kept of the author has to go, the text may stay. */
async function purgeLostAuthors(
  client: ClientBase,
  seen: { readonly seenLive: readonly number[]; readonly posts: readonly PreparedPost[]; readonly known: ReadonlyMap<string, KnownPost> },
): Promise<void> {
  const live = new Set(seen.seenLive);
  const lost = seen.posts.flatMap((post) => {
    const id = post.authorKey === null ? seen.known.get(post.postKey.toString('hex'))?.id : undefined;
    return id !== undefined && live.has(id) ? [id] : [];
  });
  await forgetAuthors(client, lost);
}

async function readKnown(client: ClientBase, topic: string, keys: readonly Buffer[]): Promise<Map<string, KnownPost>> {
  const found = await client.query<KnownPost>(
    `SELECT p.id, p.post_key, p.state, p.observed, p.observed_at,
            EXISTS (SELECT 1 FROM blocked_post b WHERE b.post_key = p.post_key) AS blocked,
            EXISTS (SELECT 1 FROM topic_post t WHERE t.topic = $1 AND t.post_id = p.id) AS linked,
            r.latest, r.latest_id, r.digests
       FROM post p
       LEFT JOIN LATERAL (
         SELECT max(revision) AS latest, max(id) AS latest_id, array_agg(digest ORDER BY revision) AS digests FROM post_revision WHERE post_id = p.id
       ) r ON true
      WHERE p.post_key = ANY ($2)`,
    [topic, keys],
  );
  return new Map(found.rows.map((row) => [row.post_key.toString('hex'), row]));
}

async function insertRevisions(client: ClientBase, fresh: readonly { post: PreparedPost; postId: number; revision: number }[]): Promise<number[]> {
  if (fresh.length === 0) return [];
  const rows = fresh.map(({ post, postId, revision }) => ({
    post_id: postId,
    revision,
    digest: hexOf(post.digest),
    kind: post.kind,
    title: post.title,
    text: post.text,
    parent_text: post.parentText,
    url: post.url,
    thread_key: hexOf(post.threadKey),
    author_key: hexOf(post.authorKey),
    text_digest: hexOf(post.textDigest),
    signature: hexOf(post.signature),
    bands: post.bands.map(String),
    created_at: post.createdAt,
    captured_at: post.observedAt,
    capture_digest: hexOf(post.captureDigest),
    record: post.record,
    compounds: post.compounds,
  }));
  const inserted = await client.query<{ id: number }>(
    `INSERT INTO post_revision (post_id, revision, digest, kind, title, text, parent_text, url, thread_key, author_key, text_digest, signature, bands, created_at,
                                captured_at, capture_digest, record, compounds)
     SELECT post_id, revision, digest, kind, title, text, parent_text, url, thread_key, author_key, text_digest, signature, bands, created_at,
            captured_at, capture_digest, record, compounds
       FROM jsonb_populate_recordset(NULL::post_revision, $1::jsonb)
     ON CONFLICT (post_id, revision) DO NOTHING RETURNING id`,
    [JSON.stringify(rows)],
  );
  return inserted.rows.map((row) => row.id);
}

/** A bytea in its text form, as JSON carries it. */
function hexOf(bytes: Buffer | null): string | null {
  return bytes === null ? null : `\\x${bytes.toString('hex')}`;
}

/**
 * Captures that brought something new are kept, with every post seen in them, so that an erasure finds them all. One that shows an
 * erased post would bring its text back.
 */
async function storeCaptures(
  client: ClientBase,
  captures: readonly Capture[],
  seenIn: { readonly kept: readonly PreparedPost[]; readonly erased: readonly PreparedPost[]; readonly revisionIds: readonly number[] },
): Promise<void> {
  if (captures.length === 0 || seenIn.revisionIds.length === 0) return;
  const used = await client.query<{ digest: Buffer }>(
    'SELECT DISTINCT capture_digest AS digest FROM post_revision WHERE id = ANY ($1) AND capture_digest IS NOT NULL',
    [seenIn.revisionIds],
  );
  const wanted = new Set(used.rows.map((row) => row.digest.toString('hex')));
  for (const post of seenIn.erased) if (post.captureDigest) wanted.delete(post.captureDigest.toString('hex'));
  const seen = seenIn.kept.filter((post) => post.captureDigest && wanted.has(post.captureDigest.toString('hex')));
  await client.query(
    `INSERT INTO post_sighting (post_id, capture_digest)
     SELECT p.id, s.capture_digest FROM unnest($1::bytea[], $2::bytea[]) AS s (post_key, capture_digest) JOIN post p USING (post_key) ON CONFLICT DO NOTHING`,
    [seen.map((post) => post.postKey), seen.map((post) => post.captureDigest)],
  );
  for (const capture of captures) {
    if (!wanted.has(capture.digest)) continue;
    await client.query('INSERT INTO capture (digest, url, status, headers, body, fetched_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING', [
      Buffer.from(capture.digest, 'hex'),
      capture.url,
      capture.status,
      JSON.stringify(capture.headers),
      capture.body,
      capture.fetchedAt,
    ]);
  }
}
