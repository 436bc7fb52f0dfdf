/** `hearsay import FILE|- --format F --topic SLUG`: a file through the same stages as a crawl, to counts. */
import path from 'node:path';
import { InvalidInputError } from '../../errors.ts';
import { type ImportReport, importItems, requireTopic } from '../../pipeline/import.ts';
import type { StoreTally } from '../../pipeline/store-posts.ts';
import { BATCH } from '../../pipeline/hearsay.ts';
import { findImportFormat, IMPORT_FORMATS } from '../../sources/formats/list.ts';
import { openImport } from '../../sources/formats/open-import.ts';
import { readImport } from '../../sources/formats/read-import.ts';
import { sourcesByName } from '../../sources/list.ts';
import { readTopics } from '../../topics.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { withHearsay } from '../open-hearsay.ts';
import { startPipeline, warnOfDemo } from '../run-pipeline.ts';

/** Reading waits for annotating, or most of a large file would wait in tables and in the queue. */
const MOST_UNANNOTATED = 20 * BATCH;

export interface ImportFlags {
  readonly format: string;
  readonly topic: string;
  readonly covers?: string;
  readonly json?: boolean;
  readonly dryRun?: boolean;
}

export async function importFile(edge: Edge, file: string, flags: ImportFlags): Promise<ExitCode> {
  const format = findImportFormat(flags.format);
  if (!format) throw new InvalidInputError('unknown_format', `--format must be one of ${IMPORT_FORMATS.map((known) => known.name).join(', ')}`);
  const covers = readCovers(flags.covers);
  const items = readImport(await openImport(file, { stdin: edge.stdin }), format);
  if (flags.dryRun) return countItems(edge, flags.topic, items);
  return withHearsay(edge, { signs: true }, async (opened) => {
    await warnOfDemo(edge, opened.hearsay);
    const pipeline = await startPipeline(edge, opened);
    try {
      const report = await importItems(opened.hearsay, items, {
        topic: flags.topic,
        name: file === '-' ? 'stdin' : path.basename(file),
        signal: edge.signal,
        ...(covers === undefined ? {} : { covers }),
        async onRevisions(topic, ids) {
          for (let at = 0; at < ids.length; at += BATCH) await pipeline.queues.addAnnotate(topic, ids.slice(at, at + BATCH));
          await pipeline.catchUp(MOST_UNANNOTATED);
        },
        onProgress: (soFar) => edge.progress(`read ${soFar.seen} items`),
      });
      const { tally } = report;
      if (tally.gone + tally.back > 0) await pipeline.queues.addSweep();
      const done = await pipeline.drain();
      const closed = covers === undefined ? {} : { closed_gaps: report.closedGaps };
      await edge.out(flags.json ? `${JSON.stringify({ ...tally, ...closed })}\n` : describeTally(tally));
      if (covers !== undefined) edge.talk(describeCovered(report));
      if (!done) return EXIT.interrupted;
      return Object.keys(tally.refused).length > 0 ? EXIT.partial : EXIT.ok;
    } finally {
      await pipeline.close();
    }
  });
}

function readCovers(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(given))
    throw new InvalidInputError('unknown_community', '--covers wants the number of a community, as hearsay crawl status names it');
  return Number(given);
}

function describeCovered({ span, closedGaps }: ImportReport): string {
  if (span === undefined) return 'closes no gap: the file was not read to its end, or has no item of this platform with a time';
  const reach = `the file reaches from ${span.since.toISOString()} to ${span.until.toISOString()}`;
  return closedGaps.length > 0 ? `closes gap ${closedGaps.join(', ')}: ${reach}` : `closes no gap, for none lies within it: ${reach}`;
}

/** Reads and checks, without a database; the exit code is that of the import. */
async function countItems(edge: Edge, slug: string, items: AsyncIterable<object>): Promise<ExitCode> {
  requireTopic(
    (await readTopics(edge.topicsDir, { sources: sourcesByName })).map((topic) => topic.slug),
    slug,
  );
  let posts = 0;
  const refused: Record<string, number> = {};
  for await (const item of items) {
    if ('refusal' in item) {
      const { code } = item.refusal as { code: string };
      refused[code] = (refused[code] ?? 0) + 1;
    } else posts++;
  }
  await edge.out(`would store up to ${posts} posts\n${describeCodes('would refuse', refused)}`);
  return Object.keys(refused).length > 0 ? EXIT.partial : EXIT.ok;
}

/** Every item read is in one of the lines. */
export function describeTally(tally: StoreTally): string {
  const lines = [
    `items read      ${tally.seen}`,
    `new posts       ${tally.newPosts}`,
    `new revisions   ${tally.newRevisions}`,
    `unchanged       ${tally.unchanged}`,
    `now gone        ${tally.gone}`,
    `back again      ${tally.back}`,
  ];
  return `${lines.join('\n')}\n${describeCodes('not kept', tally.refused)}${describeCodes('kept, with', tally.notes)}`;
}

function describeCodes(what: string, codes: Readonly<Record<string, number>>): string {
  return Object.entries(codes)
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => `${what.padEnd(15)} ${count} ${code}\n`)
    .join('');
}
