/**
 * Reads pages in threads, so that the next ones are fetched meanwhile and a page that takes long holds nothing else up. A thread has one page at a time:
 * what a page does to its thread costs that page alone. Proved by test/unit/sources/web-read-ahead.test.ts.
 */
import type { ResourceLimits, Worker } from 'node:worker_threads';
import type { HttpResponse } from '../../fetch/http.ts';
import { startThread } from '../../start-thread.ts';
import type { ReadResult } from './page-post.ts';
import type { ReadTask } from './read-worker.ts';

/** Keeps each thread's garbage small, and lets the largest page that is read (parse-html.ts) still be read. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1_024 };

interface Waiting {
  readonly task: ReadTask;
  readonly resolve: (result: ReadResult) => void;
  readonly reject: (error: unknown) => void;
}

export class PageReaders {
  readonly #most: number;
  readonly #limits: ResourceLimits;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  readonly #queue: Waiting[] = [];

  /** Threads are started as they are needed, at most so many. */
  constructor(threads: number, limits: ResourceLimits = {}) {
    this.#most = threads;
    this.#limits = { ...LIMITS, ...limits };
  }

  read(response: HttpResponse): Promise<ReadResult> {
    const { url, body } = response;
    return new Promise((resolve, reject) => {
      this.#queue.push({ task: { url, body, contentType: response.headers['content-type'] }, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    const threads = [...this.#idle.splice(0), ...this.#busy.keys()];
    this.#queue.length = 0;
    this.#busy.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #next(): void {
    if (this.#queue.length === 0) return;
    const thread = this.#idle.pop() ?? (this.#busy.size < this.#most ? this.#start() : undefined);
    if (thread === undefined) return;
    const waiting = this.#queue.shift() as Waiting;
    this.#busy.set(thread, waiting);
    thread.postMessage(waiting.task);
  }

  #start(): Worker {
    const thread = startThread('./read-worker', { from: import.meta.url, limits: this.#limits });
    thread.on('message', (result: ReadResult) => {
      const waiting = this.#busy.get(thread);
      this.#busy.delete(thread);
      this.#idle.push(thread);
      waiting?.resolve(result);
      this.#next();
    });
    thread.on('error', (error: Error & { readonly code?: string }) => {
      const waiting = this.#busy.get(thread);
      this.#busy.delete(thread);
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY' && waiting !== undefined)
        waiting.resolve({ refusal: { code: 'page_too_large', detail: 'reading it took more memory than a page may', item: waiting.task.url.slice(0, 300) } });
      else waiting?.reject(error);
      this.#next();
    });
    return thread;
  }
}
