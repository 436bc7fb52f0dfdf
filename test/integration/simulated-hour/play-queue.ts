/**
 * The part of BullMQ in the simulated hour: takes the job that is due, gives it to the real handler, and does with its failure what
 * workers/outcome.ts says, by the queue's attempts and backoff. One job at a time, as the crawl queues have it (jobs/queues.ts).
 */
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { crawlQueueOf, type QueueName, QUEUES } from '../../../jobs/queues.ts';
import { annotateRevisions } from '../../../src/pipeline/annotate.ts';
import { appendPending } from '../../../src/pipeline/append.ts';
import { readBacklog } from '../../../src/pipeline/backlog.ts';
import type { CrawlReport } from '../../../src/pipeline/crawl.ts';
import type { Hearsay } from '../../../src/pipeline/hearsay.ts';
import type { JobQueues } from '../../../src/pipeline/queue-port.ts';
import { recountTopic } from '../../../src/pipeline/recount.ts';
import { applyObserved } from '../../../src/pipeline/sweep.ts';
import { sourceNamed } from '../../../src/sources/list.ts';
import type { Source } from '../../../src/sources/source.ts';
import { throwOutcome } from '../../../workers/outcome.ts';
import { PROCESSORS } from '../../../workers/processors.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface ScheduledCommunity {
  readonly id: number;
  readonly source: string;
}

interface CrawlJob extends ScheduledCommunity {
  readonly dueMs: number;
  /** Attempts that failed. */
  readonly spent: number;
}

export interface Run {
  readonly community: number;
  readonly source: string;
  /** What the handler gave; absent when it threw. */
  readonly report?: CrawlReport;
  /** `delayed`: no attempt spent; `again`: after a backoff; `failed`: not before the schedule's next job. */
  readonly next?: 'delayed' | 'again' | 'failed';
}

/** What stages put into queues is found again in Postgres, so nothing has to be kept of it. */
const QUEUES_OF_STAGES = new Proxy({} as JobQueues, { get: () => async () => undefined });

export function createPlayer(play: { readonly hearsay: Hearsay; readonly clock: VirtualClock; readonly random: Random }) {
  const { hearsay, clock, random } = play;
  const runs: Run[] = [];

  async function work(job: CrawlJob): Promise<CrawlJob | undefined> {
    clock.pass(job.dueMs - clock.ms());
    const queue: QueueName = crawlQueueOf(sourceNamed(job.source) as Source);
    let movedTo: number | undefined;
    const moveToDelayed = async (at: number): Promise<void> => {
      movedTo = at;
    };
    const handle = { timestamp: job.dueMs, opts: {}, attemptsMade: job.spent, moveToDelayed } as unknown as Job;
    const payload = QUEUES[queue].payload.parse({ community: job.id });
    const { id: community, source } = job;
    try {
      const report = await PROCESSORS[queue](payload as never, handle, { hearsay, queues: QUEUES_OF_STAGES, signal: new AbortController().signal });
      runs.push({ community, source, report: report as CrawlReport });
      return undefined;
    } catch (error) {
      const context = { token: 'lock', now: hearsay.now, onIntegrity: (broken: Error) => void runs.push({ community, source, next: raise(broken) }) };
      const outcome: unknown = await throwOutcome(error, handle, context).catch((thrown: unknown) => thrown);
      const { attempts, backoffMs } = QUEUES[queue] as { readonly attempts: number; readonly backoffMs: number };
      const spent = job.spent + 1;
      if (outcome instanceof DelayedError) {
        runs.push({ community, source, next: 'delayed' });
        return { ...job, dueMs: movedTo as number };
      }
      if (outcome instanceof UnrecoverableError || spent >= attempts) {
        runs.push({ community, source, next: 'failed' });
        return undefined;
      }
      runs.push({ community, source, next: 'again' });
      // Exponential, with half of it random (jobs/backend.ts).
      return { ...job, spent, dueMs: clock.ms() + backoffMs * 2 ** (spent - 1) * (0.5 + random.next() / 2) };
    }
  }

  return {
    runs,
    /** Every job at its time, and what follows from it, until none is left. */
    async play(jobs: readonly (ScheduledCommunity & { readonly dueMs: number })[], between: () => Promise<void> = async () => undefined): Promise<void> {
      const waiting: CrawlJob[] = jobs.map((job) => ({ ...job, spent: 0 }));
      while (waiting.length > 0) {
        waiting.sort((a, b) => a.dueMs - b.dueMs || a.id - b.id);
        const again = await work(waiting.shift() as CrawlJob);
        if (again !== undefined) waiting.push(again);
        await between();
      }
    },
    /** The stages after a crawl, as their workers run them. */
    async finishStages(): Promise<void> {
      const backlog = await readBacklog(hearsay.pool);
      for await (const { topic, revisionIds } of backlog.annotate) await annotateRevisions(hearsay, topic, revisionIds);
      await applyObserved(hearsay, async () => undefined);
      for (const slug of hearsay.topics.keys()) {
        await appendPending(hearsay, slug);
        await recountTopic(hearsay, slug);
      }
    },
  };
}

function raise(error: Error): never {
  throw error;
}
