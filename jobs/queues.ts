/**
 * Every queue as data: name, payload, attempts, backoff. Cut where rate limit, retry policy or concurrency differ
 * (design section 2). Payloads carry ids, never text. Proved by test/unit/jobs.test.ts.
 */
import { z } from 'zod';

export interface QueueDefinition<Payload> {
  readonly payload: z.ZodType<Payload>;
  /** First try included. */
  readonly attempts: number;
  /** Exponential, with half of it random. */
  readonly backoffMs: number;
  /** Jobs at once in one worker process. */
  readonly concurrency: number;
  /** Jobs at once over all processes; absent = no limit. One fetch at a time keeps to the rate limit that the communities of a queue share. */
  readonly globalConcurrency?: number;
}

const topic = z.string().regex(/^[a-z0-9-]{1,100}$/);
/** What earlier turns of the same run have used of its budget. */
const usedByRun = z.strictObject({ posts: z.int().nonnegative(), requests: z.int().nonnegative() });
const crawlPayload = z.strictObject({ community: z.int().positive(), jitterMs: z.int().nonnegative().optional(), used: usedByRun.optional() });
export type CrawlPayload = z.infer<typeof crawlPayload>;
const annotatePayload = z.strictObject({ topic, revisionIds: z.array(z.int().positive()).min(1).max(500) });
const topicPayload = z.strictObject({ topic });
const sweepPayload = z.strictObject({ recheck: z.boolean() });

const crawl: QueueDefinition<CrawlPayload> = { payload: crawlPayload, attempts: 5, backoffMs: 15_000, concurrency: 1, globalConcurrency: 1 };

export const QUEUES = {
  'crawl-reddit': crawl,
  'crawl-x': crawl,
  'crawl-web': crawl,
  'crawl-literature': crawl,
  'crawl-video': crawl,
  'crawl-bluesky': crawl,
  annotate: { payload: annotatePayload, attempts: 4, backoffMs: 1_000, concurrency: 1 },
  append: { payload: topicPayload, attempts: 10, backoffMs: 500, concurrency: 4 },
  recount: { payload: topicPayload, attempts: 10, backoffMs: 500, concurrency: 2 },
  sweep: { payload: sweepPayload, attempts: 5, backoffMs: 30_000, concurrency: 1, globalConcurrency: 1 },
} as const satisfies Record<string, QueueDefinition<never> | QueueDefinition<CrawlPayload> | object>;

export type QueueName = keyof typeof QUEUES;
export const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[];
export type PayloadOf<Name extends QueueName> = z.infer<(typeof QUEUES)[Name]['payload']>;

/** The fetch queue of a source: sources that share a rate limit share one. */
export function crawlQueueOf(source: { readonly queue: 'reddit' | 'x' | 'web' | 'literature' | 'video' | 'bluesky' }): QueueName {
  return `crawl-${source.queue}`;
}
