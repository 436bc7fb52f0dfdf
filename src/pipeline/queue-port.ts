/**
 * What the stages and commands may ask of the queues. The queue is a hint: losing it loses time, never data, because
 * every stage's work can be found in Postgres (backlog.ts). Implemented in jobs/ and workers/, which alone name BullMQ.
 */
import type { Config } from '../config.ts';
import type { UsedByRun } from './crawl.ts';
import type { Hearsay } from './hearsay.ts';

export interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
}

export interface JobQueues {
  readonly backend: 'redis' | 'postgres';
  addAnnotate(topic: string, revisionIds: readonly number[]): Promise<void>;
  addAppend(topic: string): Promise<void>;
  addRecount(topic: string): Promise<void>;
  addSweep(): Promise<void>;
  /** Runs a community now, beside its schedule; `used`: goes on with a run whose turn was over. */
  addCrawl(community: { readonly id: number; readonly source: string }, used?: UsedByRun): Promise<void>;
  /** Makes the job schedulers equal to the active communities; returns how many there are. */
  syncSchedules(hearsay: Hearsay): Promise<number>;
  /** Queue name -> depth. */
  depths(): Promise<ReadonlyMap<string, QueueDepth>>;
  close(): Promise<void>;
}

export interface RunningWorkers {
  /** Stops taking jobs, lets running ones end, and resolves. */
  close(): Promise<void>;
}

/** `all`: crawls on schedule too; `stages`: only what follows a crawl or import. */
export type WorkerScope = 'all' | 'stages';

export interface WorkerOptions {
  readonly scope: WorkerScope;
  /** The workers cannot go on at all. */
  readonly onFatal: (error: Error) => void;
  /** One queue was halted by what contradicts itself, and takes no more jobs. */
  readonly onHalt?: (error: Error) => void;
  /** A long crawl gives way so often to the others of its queue, and goes on behind them. Default: ten minutes. */
  readonly turnMs?: number;
}

/** How commands reach queues and workers without knowing them. */
export interface QueueRuntime {
  /** `databaseUrl`: of the database in use, embedded or not. */
  openQueues(config: Pick<Config, 'redisUrl'>, databaseUrl: string): Promise<JobQueues>;
  startWorkers(hearsay: Hearsay, queues: JobQueues, options: WorkerOptions): Promise<RunningWorkers>;
}
