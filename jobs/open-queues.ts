/** The job queues behind the port of src/pipeline/queue-port.ts. */
import { randomUUID } from 'node:crypto';
import type { Queue } from 'bullmq';
import { InvalidInputError } from '../src/errors.ts';
import type { Hearsay } from '../src/pipeline/hearsay.ts';
import type { JobQueues, QueueDepth } from '../src/pipeline/queue-port.ts';
import { sourceNamed } from '../src/sources/list.ts';
import { openBackend, type QueueBackend } from './backend.ts';
import { crawlQueueOf, type PayloadOf, QUEUE_NAMES, type QueueDefinition, type QueueName, QUEUES } from './queues.ts';
import { type ScheduledCommunity, syncQueueSchedules } from './schedules.ts';

export interface OpenQueues extends JobQueues {
  readonly backendHandle: QueueBackend;
}

export async function openQueues(options: { readonly redisUrl?: string; readonly databaseUrl: string; readonly prefix?: string }): Promise<OpenQueues> {
  const backend = await openBackend(options);
  const queues = new Map<QueueName, Queue>(QUEUE_NAMES.map((name) => [name, backend.createQueue(name)]));
  // A job that a killed process left active keeps its deduplication id until it is found stalled: this process must not wait for that.
  const boot = randomUUID().slice(0, 8);
  const queueOf = (name: QueueName): Queue => queues.get(name) as Queue;
  for (const [name, queue] of queues) {
    queue.on('error', () => undefined);
    await queue.waitUntilReady();
    const { globalConcurrency } = QUEUES[name] as QueueDefinition<unknown>;
    if (globalConcurrency !== undefined) await queue.setGlobalConcurrency(globalConcurrency);
  }

  async function add<Name extends QueueName>(name: Name, payload: PayloadOf<Name>, deduplicationId: string): Promise<void> {
    const parsed = QUEUES[name].payload.parse(payload);
    // `keepLastIfActive`: what is added while the job runs runs once more after it; simple deduplication would drop it (BullMQ issue 3151).
    await queueOf(name).add(name, parsed, { deduplication: { id: `${boot}-${deduplicationId}`, keepLastIfActive: true } });
  }

  return {
    backend: backend.kind,
    backendHandle: backend,
    addAnnotate: (topic, revisionIds) => add('annotate', { topic, revisionIds: [...revisionIds] }, `${topic}-${revisionIds[0]}-${revisionIds.at(-1)}`),
    addAppend: (topic) => add('append', { topic }, topic),
    addRecount: (topic) => add('recount', { topic }, topic),
    addSweep: () => add('sweep', { recheck: false }, 'observed'),
    async addCrawl(community, used) {
      const source = sourceNamed(community.source);
      if (!source) throw new InvalidInputError('unknown_source', `there is no source named ${community.source}`);
      await add(crawlQueueOf(source), { community: community.id, ...(used === undefined ? {} : { used }) }, `community-${community.id}`);
    },
    syncSchedules: (hearsay) => syncSchedules(hearsay, queueOf),
    async depths() {
      const depths = new Map<string, QueueDepth>();
      for (const [name, queue] of queues) {
        const {
          waiting = 0,
          active = 0,
          delayed = 0,
          failed = 0,
          prioritized = 0,
        } = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'prioritized');
        depths.set(name, { waiting: waiting + prioritized, active, delayed, failed });
      }
      return depths;
    },
    async close() {
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
      await backend.close();
    },
  };
}

async function syncSchedules(hearsay: Hearsay, queueOf: (name: QueueName) => Queue): Promise<number> {
  const found = await hearsay.pool.query<ScheduledCommunity & { source: string }>('SELECT id, source, schedule FROM community WHERE active ORDER BY id');
  const byQueue = new Map<QueueName, ScheduledCommunity[]>();
  for (const name of QUEUE_NAMES) if (name.startsWith('crawl-')) byQueue.set(name, []);
  for (const row of found.rows) {
    const source = sourceNamed(row.source);
    if (source) byQueue.get(crawlQueueOf(source))?.push(row);
  }
  for (const [name, communities] of byQueue) await syncQueueSchedules(queueOf(name), communities);
  await queueOf('sweep').upsertJobScheduler('recheck', { every: 3_600_000 }, { name: 'sweep', data: { recheck: true } });
  return found.rows.length;
}
