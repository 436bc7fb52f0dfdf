/** How a search of X came to its end: what the gap detector (src/model/gap.ts) needs to know of it. Proved by test/unit/sources/x.test.ts. */
import type { CrawlPage } from '../source.ts';
import { RECENT_MS, timeOfId } from './cursor.ts';
import type { XQuery } from './query.ts';

export function searchEnd(
  query: XQuery,
  last: {
    /** What the request asked to be newer than. */
    readonly sinceId: string | undefined;
    readonly oldestId: string | undefined;
    /** X names a further page, which is not read. */
    readonly hasNext: boolean;
    readonly isLastOfBudget: boolean;
    readonly now: Date;
  },
): Pick<CrawlPage, 'ended' | 'oldestAt'> {
  const reached = (ms: number) => ({ oldestAt: new Date(ms).toISOString() });
  if (last.hasNext) {
    const ended = last.isLastOfBudget && query.max_pages !== undefined ? 'budget' : 'cap';
    return { ended, ...(last.oldestId === undefined ? {} : reached(timeOfId(last.oldestId))) };
  }
  if (last.sinceId !== undefined) return { ended: 'end', ...reached(timeOfId(last.sinceId)) };
  // Recent search knows nothing of what is older than seven days.
  return query.archive ? { ended: 'end', ...reached(0) } : { ended: 'cap', ...reached(last.now.getTime() - RECENT_MS) };
}
