/** Appending processes beside each other: on one topic they take turns at its head, on several they do not meet. */
import { fork } from 'node:child_process';
import path from 'node:path';
import type { BenchServer } from './database.ts';

export interface WorkerResult {
  readonly workers: number;
  readonly topics: number;
  readonly entries_per_second: number;
}

/** What a worker is told on its command line, as JSON. */
export interface WorkerTask {
  readonly url: string;
  readonly topics: readonly string[];
  /** Number of its first report, and how many batches it appends. */
  readonly from: number;
  readonly batches: number;
}

export async function measureWorkers(
  server: BenchServer,
  { workers, topics, batches }: { workers: number; topics: number; batches: number },
): Promise<WorkerResult> {
  const names = Array.from({ length: topics }, (_, index) => `bench-${index}`);
  const url = await server.create(names);
  const running = await Promise.all(
    Array.from({ length: workers }, (_, index) => {
      // Each begins with another topic.
      const own = [...names.slice((index * topics) / workers), ...names.slice(0, (index * topics) / workers)];
      return startWorker({ url, topics: own, from: 1 + index * 1_000_000, batches: Math.round(batches / workers) });
    }),
  );
  const start = performance.now();
  const written = await Promise.all(running.map((worker) => worker.go()));
  const seconds = (performance.now() - start) / 1_000;
  return { workers, topics, entries_per_second: Math.round(written.reduce((sum, entries) => sum + entries, 0) / seconds) };
}

/** Resolves once the process is warm; `go` resolves with the entries it has written. */
function startWorker(task: WorkerTask): Promise<{ go(): Promise<number> }> {
  const child = fork(path.join(import.meta.dirname, 'worker.ts'), [JSON.stringify(task)], { execArgv: ['--import', 'tsx'] });
  const next = () =>
    new Promise<unknown>((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)));
    });
  return next().then(() => ({
    async go() {
      const written = next();
      child.send('go');
      return Number(await written);
    },
  }));
}
