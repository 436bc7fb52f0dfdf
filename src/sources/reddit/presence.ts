/**
 * Is an item still there? Reddit keeps a shell of what is gone; this is the truth table of that shell.
 *
 * | case | author | text | removed_by_category (submissions only) |
 * |---|---|---|---|
 * | live | name | text | null |
 * | deleted by its author | [deleted] | [deleted], or empty on a link post | deleted |
 * | removed by moderators, filters, Reddit | name or [deleted] | [removed], [ Removed by Reddit ... ] | moderator, reddit, ... |
 * | account deleted, item left | [deleted] | text remains | null |
 *
 * Removal is a state: a moderator may approve the item again. Proved by test/unit/sources/reddit-presence.test.ts.
 */
import type { Absence } from '../../model/post.ts';

const REMOVED_BY_REDDIT = /^\[ ?removed by reddit\b[^\]]*\]$/i;

/** Undefined = live. Texts are compared whole, after trimming: people also write "[removed]" inside a sentence. */
export function readAbsence(item: {
  readonly author?: string | null | undefined;
  readonly text: string;
  readonly removed_by_category?: string | null | undefined;
}): Absence | undefined {
  if (typeof item.removed_by_category === 'string') return item.removed_by_category === 'deleted' ? 'deleted' : 'removed';
  const text = item.text.trim();
  if (REMOVED_BY_REDDIT.test(text)) return 'removed';
  if (text === '[deleted]') return 'deleted';
  if (text !== '[removed]') return undefined;
  // A category that is there and null says "live": then a named author typed the word.
  return item.removed_by_category === null && readAuthor(item.author) !== undefined ? undefined : 'removed';
}

/** The author's name; undefined once the account or the link to it is gone. */
export function readAuthor(author: string | null | undefined): string | undefined {
  if (author === null || author === undefined) return undefined;
  return author === '' || author === '[deleted]' || author === '[removed]' ? undefined : author;
}
