/**
 * The one file that chooses where BullMQ runs: Redis when REDIS_URL is set, else Postgres. Facts and traps of both:
 * docs/operation.md. Proved by test/integration/backends.test.ts, which runs the same suite on both.
 */
import { createPostgresBackend, type Processor, Queue, runMigrations, Worker, type WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { TransientError } from '../src/errors.ts';
import { QUEUE_NAMES, type QueueDefinition, type QueueName, QUEUES } from './queues.ts';

export interface QueueBackend {
  readonly kind: 'redis' | 'postgres';
  createQueue(name: QueueName): Queue;
  /** Made but not running: call `run()` once it is ready. */
  createWorker(name: QueueName, process: Processor, options: Pick<WorkerOptions, 'concurrency'>): Worker;
  close(): Promise<void>;
}

/** Finished jobs say nothing that Postgres does not; failed ones are kept a week to be looked at. */
function jobDefaults(name: QueueName) {
  const { attempts, backoffMs } = QUEUES[name] as QueueDefinition<unknown>;
  return { attempts, backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 }, removeOnComplete: true, removeOnFail: { age: 7 * 86_400, count: 1_000 } };
}

export async function openBackend(options: { readonly redisUrl?: string; readonly databaseUrl: string; readonly prefix?: string }): Promise<QueueBackend> {
  return options.redisUrl ? openRedis(options.redisUrl, options.prefix ?? 'hearsay') : openPostgres(options.databaseUrl);
}

async function openRedis(url: string, prefix: string): Promise<QueueBackend> {
  // Producers fail fast, so that a command says what is wrong; workers wait for Redis to come back (BullMQ, "Going to production").
  const producer = new Redis(url, { maxRetriesPerRequest: 3, enableOfflineQueue: false, lazyConnect: true });
  const consumer = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true });
  for (const connection of [producer, consumer]) connection.on('error', () => undefined);
  try {
    await producer.connect();
    await consumer.connect();
  } catch (cause) {
    producer.disconnect();
    consumer.disconnect();
    throw new TransientError('queue_unavailable', 'cannot reach Redis at REDIS_URL', { cause });
  }
  return {
    kind: 'redis',
    createQueue: (name) => new Queue(name, { connection: producer, prefix, defaultJobOptions: jobDefaults(name) }),
    createWorker: (name, process, workerOptions) => new Worker(name, process, { connection: consumer, prefix, autorun: false, ...workerOptions }),
    async close() {
      await Promise.allSettled([producer.quit(), consumer.quit()]);
    },
  };
}

/** Every worker holds one LISTEN connection for good, and there is one for each queue; the rest is for queries. */
const POOL_SIZE = QUEUE_NAMES.length + 16;

async function openPostgres(url: string): Promise<QueueBackend> {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    application_name: 'hearsay-queue',
    keepAlive: true,
    onConnect: async (client) => void (await client.query(`SET search_path TO bullmq`)),
  });
  // Every queue and worker listens on the shared pool.
  pool.setMaxListeners(0);
  pool.on('error', () => undefined);
  // Before any worker exists: a worker on an unmigrated schema spins and freezes the process (BullMQ 6.7, docs/operation.md).
  const client = await pool.connect().catch((cause: unknown) => {
    throw new TransientError('queue_unavailable', 'cannot reach the database for the queue', { cause });
  });
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  return {
    kind: 'postgres',
    createQueue: (name) => new Queue(name, { connection: pool as never, defaultJobOptions: jobDefaults(name) }, createPostgresBackend as never) as Queue,
    createWorker: (name, process, workerOptions) =>
      new Worker(name, process, { connection: pool as never, autorun: false, ...workerOptions }, createPostgresBackend as never) as Worker,
    close: () => pool.end(),
  };
}
