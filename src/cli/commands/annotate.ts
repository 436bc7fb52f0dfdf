/**
 * `hearsay annotate --in FILE --out FILE`: no database; one line out per line in, in order (design section 8). The LLM annotator is asked for
 * several lines at once; `--answers` keeps what it said, so that a rerun asks for nothing twice.
 * The embedded one works in `--threads`; the bytes are the same for any number.
 */
import type { Annotator } from '../../annotators/annotator.ts';
import { type AnnotatedLine, annotateInThreads, type LineTask } from '../../annotators/annotate-threads.ts';
import { type AnnotatorKind, annotateLine } from '../../annotators/list.ts';
import { openAnswerFile, ownAllowance } from '../../annotators/llm/own-account.ts';
import { openImport } from '../../sources/formats/open-import.ts';
import { type ReadRecord, readRecords } from '../../sources/formats/read-lines.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { openAnnotator } from '../open-annotator.ts';
import { openOutput } from '../open-output.ts';

export interface AnnotateFlags {
  readonly in: string;
  readonly out: string;
  readonly annotator?: AnnotatorKind;
  readonly answers?: string;
  readonly threads: string;
}

export async function annotateFile(edge: Edge, flags: AnnotateFlags): Promise<ExitCode> {
  const kind = flags.annotator ?? edge.config.annotator;
  const opened = await openAnnotator(edge.config, kind, {
    openCache: () => openAnswerFile(flags.answers),
    openAllowance: ({ limits, price }) => ownAllowance(limits, { price, now: () => new Date() }),
  });
  const input = await openImport(flags.in, { stdin: edge.stdin });
  const output = await openOutput(edge, flags.out);
  const records = readRecords(input, 'ndjson');
  // Threads load the shipped weights.
  const threads = kind === 'embedded' && edge.config.modelDir === undefined ? Number(flags.threads) : 1;
  const width = kind === 'llm' ? (edge.config.llm?.concurrency ?? 1) : 1;
  const lines = threads > 1 ? annotateInThreads(tasksOf(records, edge.signal), threads) : annotateHere(tasksOf(records, edge.signal), opened.annotator, width);
  const tally = { lines: 0, bad: 0 };
  try {
    for await (const { text, bad } of lines) {
      tally.lines += 1;
      if (bad) tally.bad += 1;
      await output.write(`${text}\n`);
    }
  } finally {
    await output.close();
    await opened.close();
  }
  if (tally.bad > 0) edge.talk(`${tally.bad} of ${tally.lines} lines could not be annotated`);
  if (edge.signal.aborted) return EXIT.interrupted;
  return tally.bad > 0 ? EXIT.partial : EXIT.ok;
}

async function* tasksOf(records: AsyncIterable<ReadRecord>, signal: AbortSignal): AsyncGenerator<LineTask> {
  for await (const record of records) {
    if (signal.aborted) return;
    if ('refusal' in record) yield { refused: { id: null, error: { code: record.refusal.code, message: `line ${record.line}: ${record.refusal.detail}` } } };
    else yield { value: record.value };
  }
}

/** In this thread; `width` lines are asked for at once. */
async function* annotateHere(tasks: AsyncIterable<LineTask>, annotator: Annotator, width: number): AsyncGenerator<AnnotatedLine> {
  const asked: ReturnType<typeof annotateLine>[] = [];
  for await (const task of tasks) {
    asked.push('refused' in task ? Promise.resolve(task.refused) : annotateLine(task.value, annotator));
    if (asked.length >= width) yield written(await (asked.shift() as ReturnType<typeof annotateLine>));
  }
  for (const result of asked) yield written(await result);
}

function written(result: Awaited<ReturnType<typeof annotateLine>>): AnnotatedLine {
  return { text: JSON.stringify(result), bad: 'error' in result };
}
