/** How far back a feed reaches: it shows its newest entries only, and what passed through between two visits is not in it. */
import type { CrawlPage } from '../source.ts';
import type { FeedEntry } from './read-feed.ts';

/**
 * `isKnown`: whether an entry was there on an earlier visit, as far as the caller knows; it tells the visits to overlap where entries
 * have no dates. An entry kept at the top for years hides a gap: nothing sets it apart from a feed that reaches back so far.
 */
export function feedWindow(entries: readonly FeedEntry[], isKnown: (entry: FeedEntry) => boolean = () => false): Pick<CrawlPage, 'ended' | 'oldestAt'> {
  if (entries.length === 0) return { ended: 'end' };
  const times = entries.flatMap(({ publishedAt }) => (publishedAt === undefined ? [] : [publishedAt])).sort();
  const [oldestAt] = times;
  if (oldestAt !== undefined) return { ended: 'cap', oldestAt };
  return { ended: entries.some(isKnown) ? 'end' : 'cap' };
}
