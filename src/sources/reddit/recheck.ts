/**
 * Which of our items are still there, by /api/info: up to 100 fullnames per call, in the truth table of presence.ts.
 *
 * Reddit keeps a shell of deleted items, so normally a gone item is present and says so. An item that is not in the answer
 * has been purged with its shell; but the same silence is what a half-broken answer looks like, and an erasure cannot be
 * taken back. So it is `missing`, which a later look has to confirm, and that only in a sane answer: a Listing whose items all
 * parse, are among those asked for, and are at least one. An answer with nothing at all proves nothing.
 */
import { captureOf } from '../capture.ts';
import type { RecheckOutcome } from '../source.ts';
import { mapThing } from './map-thing.ts';
import type { RedditPort } from './port.ts';
import { listingSchema } from './things.ts';

const IDS_PER_CALL = 100;
const FULLNAME = /^t[13]_[a-z0-9]{1,13}$/;

export async function recheckReddit(port: RedditPort, nativeIds: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, RecheckOutcome>> {
  const outcomes = new Map<string, RecheckOutcome>(nativeIds.map((id) => [id, 'unknown']));
  const askable = [...outcomes.keys()].filter((id) => FULLNAME.test(id));
  for (let at = 0; at < askable.length; at += IDS_PER_CALL) {
    const chunk = askable.slice(at, at + IDS_PER_CALL);
    const answer = await port.get({ path: '/api/info', params: { id: chunk.join(',') }, what: 'presence of known items', signal });
    const listing = listingSchema.safeParse(answer.json);
    if (!listing.success) continue;
    const digest = captureOf(answer.response).digest;
    const present = new Map<string, RecheckOutcome>();
    let sane = true;
    for (const child of listing.data.data.children) {
      const mapped = mapThing(child, { observedAt: answer.response.fetchedAt, captureDigest: digest });
      if (!('post' in mapped) || mapped.post.nativeId === undefined || !chunk.includes(mapped.post.nativeId)) sane = false;
      else present.set(mapped.post.nativeId, mapped.post.absence ?? (mapped.post.author === undefined ? 'orphaned' : 'live'));
    }
    for (const id of chunk) {
      const outcome = present.get(id) ?? (sane && present.size > 0 ? 'missing' : undefined);
      if (outcome !== undefined) outcomes.set(id, outcome);
    }
  }
  return outcomes;
}
