/** After a crawl: the studies that its posts cite, carried through to the counts like everything else. */
import { BATCH } from '../pipeline/hearsay.ts';
import { resolveCitations } from '../pipeline/resolve-citations.ts';
import type { Edge } from './edge.ts';
import type { OpenedHearsay } from './open-hearsay.ts';
import type { Pipeline } from './run-pipeline.ts';

/** Sources that could not be asked, and whether everything is done; false when the process was asked to stop first. */
export async function lookUpCited(
  edge: Edge,
  { opened, pipeline }: { readonly opened: OpenedHearsay; readonly pipeline: Pipeline },
  topic: string,
): Promise<{ readonly failed: number; readonly done: boolean }> {
  const { asked, found, failures } = await resolveCitations(opened.hearsay, {
    topic,
    signal: edge.signal,
    async onRevisions(slug, ids) {
      for (let at = 0; at < ids.length; at += BATCH) await pipeline.queues.addAnnotate(slug, ids.slice(at, at + BATCH));
    },
  });
  if (asked > 0) edge.talk(`cited studies: asked for ${asked}, found ${found}`);
  for (const { source, error } of failures) edge.talk(`  asking ${source} for cited studies failed (${error.code}): ${error.message}`);
  return { failed: failures.length, done: await pipeline.drain() };
}
