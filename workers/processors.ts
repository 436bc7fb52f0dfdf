/** One thin handler per queue: take a job, call its stage, enqueue the next. All of them are safe to run twice. */
import { DelayedError, type Job } from 'bullmq';
import { jitterOf } from '../jobs/jitter.ts';
import { type CrawlPayload, type PayloadOf, type QueueName, QUEUES } from '../jobs/queues.ts';
import { annotateBatch, annotateOneByOne } from '../src/pipeline/annotate.ts';
import { appendPending } from '../src/pipeline/append.ts';
import { crawlCommunity, readCommunity } from '../src/pipeline/crawl.ts';
import { BATCH, type Hearsay } from '../src/pipeline/hearsay.ts';
import { InvalidInputError } from '../src/errors.ts';
import type { JobQueues } from '../src/pipeline/queue-port.ts';
import { recheckPosts } from '../src/pipeline/recheck.ts';
import { recountTopic } from '../src/pipeline/recount.ts';
import { resolveCitations } from '../src/pipeline/resolve-citations.ts';
import { scrubWhenDue } from '../src/pipeline/scrub-when-due.ts';
import { applyObserved } from '../src/pipeline/sweep.ts';

export interface WorkerContext {
  readonly hearsay: Hearsay;
  readonly queues: JobQueues;
  /** Aborted when the process is asked to stop. */
  readonly signal: AbortSignal;
  /** A long crawl gives way so often to the others of its queue, and goes on behind them. */
  readonly turnMs?: number;
}

const TURN_MS = 10 * 60_000;

type Handler<Name extends QueueName> = (payload: PayloadOf<Name>, job: Job, context: WorkerContext) => Promise<unknown>;

export const PROCESSORS: { readonly [Name in QueueName]: Handler<Name> } = {
  'crawl-reddit': crawl,
  'crawl-x': crawl,
  'crawl-web': crawl,
  'crawl-literature': crawl,
  'crawl-video': crawl,
  'crawl-bluesky': crawl,
  async annotate({ topic, revisionIds }, job, { hearsay, queues }) {
    const isLastAttempt = job.attemptsMade + 1 >= QUEUES.annotate.attempts;
    const report = await (isLastAttempt ? annotateOneByOne : annotateBatch)(hearsay, topic, revisionIds);
    await queues.addAppend(topic);
    return report;
  },
  async append({ topic }, _job, { hearsay, queues }) {
    const report = await appendPending(hearsay, topic);
    await queues.addRecount(topic);
    return report;
  },
  recount: ({ topic }, _job, { hearsay }) => recountTopic(hearsay, topic),
  async sweep({ recheck }, _job, { hearsay, queues, signal }) {
    const { failures, ...checked } = recheck ? await recheckPosts(hearsay, { signal }) : { failures: [], checked: 0, unknown: 0 };
    const applied = await applyObserved(hearsay, (topic) => queues.addAppend(topic));
    await scrubWhenDue(hearsay);
    for (const { source, error } of failures) hearsay.log.warn({ source, code: error.code }, `re-check: ${error.message}`);
    if (recheck) await lookUpCited({ hearsay, queues, signal });
    // What may work soon is tried again; what was asked is not due then. A missing credential only leaves its source out, and money that
    // is spent comes back with the month: each hourly round looks.
    const passing = failures.find(({ error }) => !(error instanceof InvalidInputError) && error.code !== 'budget_spent');
    if (passing) throw passing.error;
    return { ...checked, ...applied };
  },
};

async function crawl(payload: CrawlPayload, job: Job, { hearsay, queues, signal, turnMs = TURN_MS }: WorkerContext): Promise<unknown> {
  await spreadStart(payload, job);
  const community = await readCommunity(hearsay, payload.community);
  // Taken out of its topic file since it was scheduled.
  if (!community) return { status: 'inactive' };
  const { used } = payload;
  const onRevisions = (topic: string, ids: readonly number[]): Promise<void> => addInBatches(queues, topic, ids);
  const report = await crawlCommunity(hearsay, community, { onRevisions, signal, turnMs, ...(used === undefined ? {} : { used }) });
  if (report.tally.gone + report.tally.back > 0) await queues.addSweep();
  if (report.why?.code === 'turn_over') {
    await queues.addCrawl(community, { posts: (used?.posts ?? 0) + report.tally.seen, requests: (used?.requests ?? 0) + report.requests });
  }
  return report;
}

/** Jitter, counted from the slot: a job that comes late, again or after a crash does not wait once more. */
async function spreadStart({ community, jitterMs }: CrawlPayload, job: Job): Promise<void> {
  if (!jitterMs) return;
  const slotMs = job.timestamp + (job.opts.delay ?? 0);
  const startMs = slotMs + jitterOf({ community, slotMs, jitterMs });
  if (startMs <= Date.now()) return;
  await job.moveToDelayed(startMs, job.token);
  throw new DelayedError();
}

/** No duty: what cannot be asked now is asked with the next sweep. */
async function lookUpCited({ hearsay, queues, signal }: WorkerContext): Promise<void> {
  const { failures } = await resolveCitations(hearsay, { onRevisions: (topic, ids) => addInBatches(queues, topic, ids), signal });
  for (const { source, error } of failures) hearsay.log.warn({ source, code: error.code }, `cited studies: ${error.message}`);
}

async function addInBatches(queues: JobQueues, topic: string, revisionIds: readonly number[]): Promise<void> {
  for (let at = 0; at < revisionIds.length; at += BATCH) await queues.addAnnotate(topic, revisionIds.slice(at, at + BATCH));
}
