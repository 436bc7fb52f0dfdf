/** `hearsay counts SLUG` and `hearsay recount SLUG`. */
import { countsOf, listCounted } from '../../counts/fold.ts';
import { toCountsJson } from '../../counts/counts-json.ts';
import { renderCounts } from '../../counts/render.ts';
import { IntegrityError, InvalidInputError } from '../../errors.ts';
import { FoldReader } from '../../ledger/fold-reader.ts';
import { readPublishedCounts } from '../../ledger/published.ts';
import type { PublishedCounts } from '../../model/counts.ts';
import type { Hearsay } from '../../pipeline/hearsay.ts';
import { recountTopic } from '../../pipeline/recount.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';
import { readDemoVisit } from '../run-pipeline.ts';

export async function showCounts(edge: Edge, slug: string, flags: { readonly json?: boolean; readonly list?: string }): Promise<ExitCode> {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const counts = await currentCounts(hearsay, slug);
    if (flags.list !== undefined) {
      const fold = await hearsay.folds.foldAt(hearsay.pool, slug);
      await edge.out(`${listCounted(fold, flags.list).join('\n')}\n`);
      return EXIT.ok;
    }
    if ((await readDemoVisit(hearsay)) !== undefined) edge.talk('note: these are the made-up posts of `hearsay demo`, not real reports');
    await edge.out(flags.json ? `${JSON.stringify(toCountsJson(counts), null, 2)}\n` : renderCounts(counts));
    return EXIT.ok;
  });
}

/** Counts at the present head: what was published last, folded on if entries came since. */
export async function currentCounts(hearsay: Hearsay, slug: string): Promise<PublishedCounts> {
  if (!hearsay.topics.has(slug)) throw new InvalidInputError('unknown_topic', `there is no topic ${slug}; known: ${[...hearsay.topics.keys()].join(', ')}`);
  await recountTopic(hearsay, slug);
  const counts = await readPublishedCounts(hearsay.pool, slug);
  if (!counts) throw new IntegrityError('no_counts', `the counts of ${slug} were not published`);
  return counts;
}

/** Folds everything from the first entry and compares with what is published. */
export async function recount(edge: Edge, slug: string): Promise<ExitCode> {
  return withHearsay(edge, {}, async ({ hearsay }) => {
    const published = await currentCounts(hearsay, slug);
    const full = countsOf(await new FoldReader().foldAt(hearsay.pool, slug));
    const { topic: _topic, head: _head, ...counts } = published;
    if (JSON.stringify(full) !== JSON.stringify(counts)) {
      edge.talk(`the published counts of ${slug} are not what its ${published.head.size} entries add up to`);
      return EXIT.verification;
    }
    await edge.out(`${slug}: ${published.head.size} entries folded, counts agree\n`);
    return EXIT.ok;
  });
}
