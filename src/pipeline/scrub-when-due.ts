/** Scrubs in the background: at most once a day, and only after an erasure. What fails is tried again by the next sweep. */
import { describeError } from '../errors.ts';
import { readLastScrub, readPendingScrub, scrub } from '../db/scrub.ts';
import type { Hearsay } from './hearsay.ts';

const EVERY_MS = 24 * 3_600_000;

/** True when a scrub ran. Never fails a sweep: the deletions it carried are done. */
export async function scrubWhenDue(hearsay: Hearsay): Promise<boolean> {
  if ((await readPendingScrub(hearsay.pool)) === undefined) return false;
  const last = await readLastScrub(hearsay.pool);
  if (last !== undefined && hearsay.now().getTime() - last.getTime() < EVERY_MS) return false;
  try {
    const { failed, left } = await scrub(hearsay.adminUrl);
    for (const what of [...failed, ...left]) hearsay.log.warn({ stage: 'scrub' }, what);
  } catch (error) {
    const { code, message } = describeError(error);
    hearsay.log.warn({ stage: 'scrub', code }, message);
  }
  return true;
}
