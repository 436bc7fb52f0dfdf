/** `hearsay erase PLATFORM NATIVE_ID`: destroys a post everywhere Hearsay keeps it, for good. */
import { inTransaction } from '../../db/pool.ts';
import { InvalidInputError } from '../../errors.ts';
import { erasePost } from '../../ledger/erase.ts';
import { PLATFORMS } from '../../model/labels.ts';
import { recountTopic } from '../../pipeline/recount.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';

const REASONS = ['source_deleted', 'platform_terms', 'request', 'operator'] as const;

export async function erase(
  edge: Edge,
  target: { readonly platform: string; readonly id: string },
  flags: { readonly reason: string; readonly dryRun?: boolean },
): Promise<ExitCode> {
  const reason = REASONS.find((known) => known === flags.reason);
  if (!reason) throw new InvalidInputError('bad_reason', `--reason must be one of ${REASONS.join(', ')}`);
  // A slip here would block a post that does not exist, and leave the one that does.
  if (!PLATFORMS.some((known) => known === target.platform))
    throw new InvalidInputError('bad_platform', `there is no platform ${JSON.stringify(target.platform.slice(0, 40))}; known: ${PLATFORMS.join(', ')}`);
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const postKey = hearsay.keys.hmac('dedup', 'post', target.platform, target.id);
    const found = await hearsay.pool.query<{ topic: string; seq: number }>(
      `SELECT topic, seq FROM ledger_source WHERE post_key = $1 AND state <> 'erased' ORDER BY topic, seq`,
      [postKey],
    );
    if (flags.dryRun) {
      for (const row of found.rows) await edge.out(`would erase source entry ${row.seq} of ${row.topic} with its claims\n`);
      edge.talk(`${found.rows.length} source entries; the post would also be blocked for ever`);
      return EXIT.ok;
    }
    const topics = await inTransaction(hearsay.pool, (client) => erasePost(client, { postKey, reason }, { now: hearsay.now(), folds: hearsay.folds }));
    for (const topic of topics) await recountTopic(hearsay, topic);
    edge.talk(`erased from ${topics.length === 0 ? 'no ledger: it was not in one' : topics.join(', ')}; the post is blocked from now on`);
    return EXIT.ok;
  });
}
