/** Finds the posts that a person means: by id, by address, or by author. Proved by test/integration/erase.test.ts. */
import { InvalidInputError } from '../errors.ts';
import { PLATFORMS } from '../model/labels.ts';
import { readPostAddress } from '../sources/post-address.ts';
import { normalizePageUrl } from '../sources/web/page-url.ts';
import type { Hearsay } from './hearsay.ts';

/** One of them; `author` as the platform spells it. */
export type PostTarget = { readonly platform: string; readonly id: string } | { readonly platform: string; readonly author: string } | { readonly url: string };

export interface FoundPost {
  readonly postKey: Buffer;
  readonly nativeId?: string;
}

/**
 * An id, or an address that names one, is a post whether or not it is known: erasing it keeps it out. Of an author only
 * posts that are kept are found.
 * Raises `InvalidInputError` `bad_selection` for a blank id, author or address, `bad_platform`, `bad_url`, `author_not_kept`.
 */
export async function findPosts(hearsay: Hearsay, target: PostTarget): Promise<readonly FoundPost[]> {
  requireNoBlank(target);
  if ('url' in target) return findByAddress(hearsay, target.url);
  // A slip here would block a post that does not exist, and leave the one that does.
  if (!PLATFORMS.some((known) => known === target.platform))
    throw new InvalidInputError('bad_platform', `there is no platform ${JSON.stringify(target.platform.slice(0, 40))}; known: ${PLATFORMS.join(', ')}`);
  if ('author' in target) return findByAuthor(hearsay, target);
  return [{ postKey: postKeyOf(hearsay, target.platform, target.id), nativeId: target.id }];
}

/** Nothing is what every text holds. */
export function requireNoBlank(target: object): void {
  const blank = Object.entries(target).find(([, value]) => typeof value === 'string' && value.trim() === '');
  if (blank) throw new InvalidInputError('bad_selection', `${blank[0]} is blank`);
}

function postKeyOf(hearsay: Hearsay, platform: string, nativeId: string): Buffer {
  return hearsay.keys.hmac('dedup', 'post', platform, nativeId);
}

async function findByAddress(hearsay: Hearsay, address: string): Promise<readonly FoundPost[]> {
  const named = readPostAddress(address);
  if (named === undefined) throw new InvalidInputError('bad_url', 'not an http or https address');
  const spellings = [address, new URL(address).href, normalizePageUrl(address), normalizePageUrl(address, { keepFragment: true })];
  const found = await hearsay.pool.query<{ post_key: Buffer; native_id: string | null }>(
    `SELECT post_key, native_id FROM post WHERE id IN (SELECT post_id FROM post_revision WHERE url = ANY ($1)) OR (platform IN ('web', 'discourse') AND native_id = ANY ($1))`,
    [spellings.filter((spelling) => spelling !== undefined)],
  );
  const own = { postKey: postKeyOf(hearsay, named.platform, named.nativeId), nativeId: named.nativeId };
  const posts = found.rows.map((row): FoundPost => ({ postKey: row.post_key, ...(row.native_id === null ? {} : { nativeId: row.native_id }) }));
  // A platform's own form of address names the post for sure; a page may be kept under the address it calls its own.
  const known = posts.some(({ postKey }) => postKey.equals(own.postKey));
  return known || (named.platform === 'web' && posts.length > 0) ? posts : [...posts, own];
}

async function findByAuthor(hearsay: Hearsay, { platform, author }: { readonly platform: string; readonly author: string }): Promise<readonly FoundPost[]> {
  // Design section 4: of X no author is kept, not even hashed.
  if (platform === 'x') throw new InvalidInputError('author_not_kept', 'nothing of an author is kept of X: give the ids or addresses of the posts');
  const found = await hearsay.pool.query<{ post_key: Buffer; native_id: string | null }>(
    `SELECT post_key, native_id FROM post p
      WHERE state <> 'erased' AND (EXISTS (SELECT FROM post_revision r WHERE r.post_id = p.id AND r.author_key = $1)
                                   OR post_key IN (SELECT s.post_key FROM ledger_source s WHERE s.author_key = $1))
      ORDER BY id`,
    [hearsay.keys.hmac('author', platform, author)],
  );
  return found.rows.map((row) => ({ postKey: row.post_key, ...(row.native_id === null ? {} : { nativeId: row.native_id }) }));
}
