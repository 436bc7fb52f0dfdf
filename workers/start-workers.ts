/**
 * Starts a worker per queue, reconciles what was left undone, and stops gracefully. A job that a killed process was
 * running is found stalled by BullMQ; reconcile does not wait for that.
 */
import { DelayedError, type Job, type Worker } from 'bullmq';
import type { OpenQueues } from '../jobs/open-queues.ts';
import { QUEUE_NAMES, type QueueDefinition, type QueueName, QUEUES } from '../jobs/queues.ts';
import { InvalidInputError, type IntegrityError } from '../src/errors.ts';
import type { Hearsay } from '../src/pipeline/hearsay.ts';
import type { RunningWorkers, WorkerOptions } from '../src/pipeline/queue-port.ts';
import { reconcile } from '../src/pipeline/reconcile.ts';
import { throwOutcome } from './outcome.ts';
import { PROCESSORS, type WorkerContext } from './processors.ts';

const RECONCILE_EVERY_MS = 60_000;
/** BullMQ's Postgres worker can spin on a broken schema and freeze the process: so many errors a second end it instead. */
const MAX_ERRORS_PER_SECOND = 50;

export async function startWorkers(hearsay: Hearsay, queues: OpenQueues, options: WorkerOptions): Promise<RunningWorkers> {
  const stop = new AbortController();
  const context: WorkerContext = { hearsay, queues, signal: stop.signal, ...(options.turnMs === undefined ? {} : { turnMs: options.turnMs }) };
  const workers = new Map<QueueName, Worker>();
  const onIntegrity = (name: QueueName) => (error: IntegrityError) => {
    hearsay.log.error({ queue: name, code: error.code }, `halted: ${error.message}`);
    // What is stored contradicts itself: this queue waits for a person.
    void workers.get(name)?.pause(true);
    options.onHalt?.(error);
  };
  const { onFatal } = options;
  const names = options.scope === 'all' ? QUEUE_NAMES : QUEUE_NAMES.filter((name) => !name.startsWith('crawl-'));
  for (const name of names) {
    const { concurrency } = QUEUES[name] as QueueDefinition<unknown>;
    const worker = queues.backendHandle.createWorker(name, (job, token) => runJob(name, job, { context, token, onIntegrity: onIntegrity(name) }), {
      concurrency,
    });
    worker.on('error', throttledErrors(hearsay, name, onFatal));
    worker.on('failed', (job, error) => hearsay.log.warn({ queue: name, attempts: job?.attemptsMade }, error.message));
    workers.set(name, worker);
  }
  for (const worker of workers.values()) await worker.waitUntilReady();
  for (const [name, worker] of workers) {
    worker.run().catch((error: Error) => {
      hearsay.log.error({ queue: name }, error.message);
      onFatal(error);
    });
  }
  await reconcile(hearsay, queues);
  const timer = setInterval(
    () => void reconcile(hearsay, queues).catch((error: Error) => hearsay.log.warn({}, `reconcile: ${error.message}`)),
    RECONCILE_EVERY_MS,
  );
  return {
    async close() {
      clearInterval(timer);
      stop.abort();
      await Promise.all([...workers.values()].map((worker) => worker.close()));
    },
  };
}

interface Running {
  readonly context: WorkerContext;
  readonly token: string | undefined;
  readonly onIntegrity: (error: IntegrityError) => void;
}

async function runJob(name: QueueName, job: Job, { context, token, onIntegrity }: Running): Promise<unknown> {
  try {
    const parsed = QUEUES[name].payload.safeParse(job.data);
    if (!parsed.success) throw new InvalidInputError('bad_payload', `${name}: ${parsed.error.issues[0]?.message}`);
    return await PROCESSORS[name](parsed.data as never, job, context);
  } catch (error) {
    if (error instanceof DelayedError) throw error;
    // Asked to stop in the middle: not the job's fault, so no attempt is spent; the next start goes on from its cursor.
    if (context.signal.aborted) {
      await job.moveToDelayed(Date.now() + 1_000, token);
      throw new DelayedError();
    }
    return throwOutcome(error, job, { token, now: context.hearsay.now, onIntegrity });
  }
}

/** Logs at most one error a second, and gives up on a flood. */
function throttledErrors(hearsay: Hearsay, name: QueueName, onFatal: (error: Error) => void): (error: Error) => void {
  let second = 0;
  let count = 0;
  return (error) => {
    const now = Math.floor(Date.now() / 1_000);
    if (now !== second) {
      second = now;
      count = 0;
      hearsay.log.warn({ queue: name }, error.message);
    }
    if (++count === MAX_ERRORS_PER_SECOND) onFatal(error);
  };
}
