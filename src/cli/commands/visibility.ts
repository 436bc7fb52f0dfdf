/** `hearsay withhold` and `hearsay restore`: hide a post's content and leave it out of the counts, and show it again. Proved by test/integration/visibility.test.ts. */
import { inTransaction } from '../../db/pool.ts';
import { InvalidInputError } from '../../errors.ts';
import { appendPending } from '../../pipeline/append.ts';
import { findPosts } from '../../pipeline/find-posts.ts';
import type { Hearsay } from '../../pipeline/hearsay.ts';
import { recountTopic } from '../../pipeline/recount.ts';
import { BACK_ON_PLATFORM, changeVisibility, REMOVED_ON_PLATFORM } from '../../pipeline/visibility.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';

interface Change {
  readonly type: 'withhold' | 'restore';
  readonly platform: string;
  readonly id: string;
}

/** As headers allow it; the sweep's own words would let it undo what a person decided. */
function checkReason(reason: string): void {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(reason) || reason === REMOVED_ON_PLATFORM || reason === BACK_ON_PLATFORM)
    throw new InvalidInputError(
      'bad_reason',
      `--reason is a short code of a-z, 0-9 and _, such as legal_request; not ${REMOVED_ON_PLATFORM} or ${BACK_ON_PLATFORM}`,
    );
}

export async function changePost(edge: Edge, change: Change, flags: { readonly reason: string; readonly dryRun?: boolean }): Promise<ExitCode> {
  checkReason(flags.reason);
  return withHearsay(edge, { signs: !flags.dryRun }, async ({ hearsay }) => {
    const [post] = await findPosts(hearsay, change);
    if (post === undefined) throw new InvalidInputError('unknown_post', 'there is no such post');
    const targets = await readTargets(hearsay, post.postKey, change.type);
    if (change.type === 'restore') await requireShown(hearsay, post.postKey);
    if (flags.dryRun) {
      for (const { topic, seq } of targets) await edge.out(`would ${change.type} source entry ${seq} of ${topic} with its claims\n`);
      edge.talk(`${targets.length} source entries`);
      return EXIT.ok;
    }
    const topics = await inTransaction(hearsay.pool, (client) =>
      changeVisibility(client, hearsay, { postKey: post.postKey, type: change.type, reason: flags.reason }),
    );
    for (const topic of topics) {
      // An edit that waited for the restore.
      if (hearsay.topics.has(topic)) await appendPending(hearsay, topic);
      await recountTopic(hearsay, topic);
    }
    const done = change.type === 'withhold' ? 'withheld' : 'restored';
    edge.talk(targets.length === 0 ? `nothing to ${change.type}: it already is so` : `${done} in ${topics.join(', ')}`);
    return EXIT.ok;
  });
}

/** @throws InvalidInputError `unknown_post` where no ledger has a source of the post that is not erased. */
async function readTargets(hearsay: Hearsay, postKey: Buffer, type: Change['type']): Promise<readonly { topic: string; seq: number }[]> {
  const found = await hearsay.pool.query<{ topic: string; seq: number; state: string }>(
    `SELECT topic, seq, state FROM ledger_source WHERE post_key = $1 AND state IN ('live', 'withheld') ORDER BY topic, seq`,
    [postKey],
  );
  if (found.rows.length === 0) throw new InvalidInputError('unknown_post', 'no ledger has this post, or it was erased');
  return found.rows.filter(({ state }) => state === (type === 'withhold' ? 'live' : 'withheld'));
}

async function requireShown(hearsay: Hearsay, postKey: Buffer): Promise<void> {
  const found = await hearsay.pool.query<{ observed: string; state: string }>('SELECT observed, state FROM post WHERE post_key = $1', [postKey]);
  const post = found.rows[0];
  if (post && post.observed !== 'live')
    throw new InvalidInputError(
      'still_removed',
      `its platform shows it as ${post.observed}: it stays withheld until a re-check finds it there again (hearsay crawl SLUG --recheck)`,
    );
}
