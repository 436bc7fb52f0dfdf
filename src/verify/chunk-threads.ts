/** The worker threads of one verification. Tasks are given in turn, so each thread answers in the order it was asked. */
import type { Worker } from 'node:worker_threads';
import { startThread } from '../start-thread.ts';
import type { ChunkResult, ChunkTask } from './chunk-result.ts';

/** Checks chunks: in threads, or for tests in place. */
export interface ChunkChecker {
  check(task: ChunkTask): Promise<ChunkResult>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (result: ChunkResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Keeps each thread's garbage small: a chunk needs a few MB. The default lets every thread grow by 50 MB before it tidies up. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1_024 };

export class ChunkThreads implements ChunkChecker {
  readonly #threads: readonly { readonly worker: Worker; readonly waiting: Waiting[] }[];
  #next = 0;

  constructor(threads: number) {
    this.#threads = Array.from({ length: threads }, () => {
      const worker = startThread('./chunk-worker', { from: import.meta.url, limits: LIMITS });
      const waiting: Waiting[] = [];
      worker.on('message', (result: ChunkResult) => waiting.shift()?.resolve(result));
      worker.on('error', (error) => {
        for (const each of waiting.splice(0)) each.reject(error);
      });
      return { worker, waiting };
    });
  }

  /** The task's buffer is gone afterwards: it belongs to the thread. */
  check(task: ChunkTask): Promise<ChunkResult> {
    const { worker, waiting } = this.#threads[this.#next++ % this.#threads.length] as { worker: Worker; waiting: Waiting[] };
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker.postMessage(task, [task.bytes.buffer]);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }
}
