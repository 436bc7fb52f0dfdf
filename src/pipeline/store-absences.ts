/**
 * Items that a crawl or a file shows as gone. What is gone before it was ever seen is refused; what is known gets a look, unless it was
 * seen live since: a file that is read again must come to what it came to the first time.
 * Proved by test/integration/absence.test.ts.
 */
import type { ClientBase } from 'pg';
import type { Refusal } from '../sources/source.ts';
import type { AbsentPost } from './prepare-post.ts';
import { ERASED_BEFORE, findRepeated, type RefusalPlace } from './refusals.ts';
import { storeLooks } from './store-looks.ts';

function refuseAbsent({ absence, nativeId }: AbsentPost): Refusal {
  const isFinal = absence === 'deleted' || absence === 'gone';
  return { code: isFinal ? 'already_deleted' : 'already_removed', detail: 'gone before it was last seen', item: nativeId };
}

interface KnownPost {
  readonly id: number;
  readonly post_key: Buffer;
  readonly observed_at: Date | null;
}

export async function storeAbsences(
  client: ClientBase,
  place: RefusalPlace & { readonly now: Date },
  absent: readonly AbsentPost[],
): Promise<{ readonly refusals: readonly Refusal[]; readonly gone: number }> {
  if (absent.length === 0) return { refusals: [], gone: 0 };
  const keys = absent.map(({ postKey }) => postKey);
  const found = await client.query<KnownPost>(`SELECT id, post_key, observed_at FROM post WHERE post_key = ANY ($1) AND state <> 'erased'`, [keys]);
  const known = new Map(found.rows.map((row) => [row.post_key.toString('hex'), row]));
  const blocked = await client.query<{ post_key: Buffer }>('SELECT post_key FROM blocked_post WHERE post_key = ANY ($1)', [keys]);
  const erased = new Set(blocked.rows.map((row) => row.post_key.toString('hex')));

  const items = absent.map((item) => {
    const key = item.postKey.toString('hex');
    // Of what was erased not even the id comes back.
    const refusal: Refusal = erased.has(key) ? ERASED_BEFORE : refuseAbsent(item);
    return { item, post: known.get(key), refusal };
  });
  const atOf = ({ observedAt }: AbsentPost): Date | undefined => (observedAt !== null ? new Date(observedAt) : place.stage === 'crawl' ? place.now : undefined);
  // Without a time on both sides: what the same file said before the post was stored is no news now.
  const undated = items.filter(({ item, post }) => post !== undefined && place.stage === 'import' && (item.observedAt === null || post.observed_at === null));
  const repeated = await findRepeated(
    client,
    place,
    undated.map(({ refusal }) => refusal),
  );
  const told = items.filter(({ post, refusal }) => post !== undefined && !repeated.has(refusal));
  // The last word counts where a page names a post twice.
  const looks = new Map(
    told.map(({ item, post }) => {
      const postId = (post as KnownPost).id;
      return [postId, { postId, outcome: item.absence, at: atOf(item) }] as const;
    }),
  );
  const { stale } = await storeLooks(client, [...looks.values()], place.now);
  const refused = items.filter(({ post, refusal }) => post === undefined || repeated.has(refusal) || stale.has(post.id));
  return { refusals: refused.map(({ refusal }) => refusal), gone: items.length - refused.length };
}
