/**
 * Storing posts, each once: which of them are new, changed, back or erased before, and their revisions, links to the topic and citations.
 * Called by store-posts.ts. Proved by test/integration/come-back.test.ts.
 */
import type { ClientBase } from 'pg';
import { forgetAuthors } from './forget-authors.ts';
import { type FreshRevision, insertRevisions } from './insert-revisions.ts';
import type { PreparedPost } from './prepare-post.ts';
import { type Citing, storeCitations } from './store-citations.ts';

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

/** In the caller's transaction. */
export async function storeRound(client: ClientBase, place: { topic: string; source: string; stage: string; now: Date }, posts: readonly PreparedPost[]) {
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
  const fresh: FreshRevision[] = [];
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
