/**
 * The embedded annotator in several threads: lines come out in the order they went in, and are the ones a single thread would give. As many
 * batches wait as keep the threads busy, so memory does not grow with the input.
 * Proved by test/property/annotate-threads.test.ts.
 */
import type { Worker } from 'node:worker_threads';
import { startThread } from '../start-thread.ts';
import type { LineError } from './line.ts';

/** A line read, or what is said of one that could not be. */
export type LineTask = { readonly value: unknown } | { readonly refused: LineError };

/** As written out, and whether it says that the line could not be annotated. */
export interface AnnotatedLine {
  readonly text: string;
  readonly bad: boolean;
}

/** Lines of one message: a batch of posts takes some milliseconds, so that messages cost little beside it. */
const BATCH_LINES = 64;
const BATCH_CHARS = 1_000_000;
/** Batches in the hands of one thread: the one it reads and the one it reads next. */
const AHEAD = 2;
const LIMITS = { maxOldGenerationSizeMb: 1_024 };

interface Waiting {
  readonly resolve: (lines: readonly AnnotatedLine[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Waiting[];
  /** Why it ended: it answers nothing from then on. */
  failure?: unknown;
}

export async function* annotateInThreads(tasks: AsyncIterable<LineTask>, threads: number): AsyncGenerator<AnnotatedLine> {
  const pool = Array.from({ length: threads }, openThread);
  const asked: Promise<readonly AnnotatedLine[]>[] = [];
  let turn = 0;
  try {
    for await (const batch of gatherBatches(tasks)) {
      asked.push(ask(pool[turn++ % threads] as Thread, batch));
      if (asked.length >= threads * AHEAD) yield* await (asked.shift() as Promise<readonly AnnotatedLine[]>);
    }
    while (asked.length > 0) yield* await (asked.shift() as Promise<readonly AnnotatedLine[]>);
  } finally {
    await Promise.all(pool.map(({ worker }) => worker.terminate()));
  }
}

function openThread(): Thread {
  const thread: Thread = { worker: startThread('./batch-worker', { from: import.meta.url, limits: LIMITS }), waiting: [] };
  thread.worker.on('message', (lines: readonly AnnotatedLine[]) => thread.waiting.shift()?.resolve(lines));
  thread.worker.on('error', (error) => {
    thread.failure = error;
    for (const each of thread.waiting.splice(0)) each.reject(error);
  });
  return thread;
}

function ask(thread: Thread, batch: readonly string[]): Promise<readonly AnnotatedLine[]> {
  const answer = new Promise<readonly AnnotatedLine[]>((resolve, reject) => {
    if (thread.failure !== undefined) return reject(thread.failure);
    thread.waiting.push({ resolve, reject });
    thread.worker.postMessage(batch);
  });
  // Several may fail at once, and only the first is awaited.
  answer.catch(() => undefined);
  return answer;
}

/** As JSON text: a copy between threads would lose what only JSON can say, a key called `__proto__`. */
async function* gatherBatches(tasks: AsyncIterable<LineTask>): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  let chars = 0;
  for await (const task of tasks) {
    const line = JSON.stringify(task);
    batch.push(line);
    chars += line.length;
    if (batch.length < BATCH_LINES && chars < BATCH_CHARS) continue;
    yield batch;
    [batch, chars] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}
