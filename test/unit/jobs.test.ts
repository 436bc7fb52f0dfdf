/** The queues as data (jobs/queues.ts): payloads carry ids only, and every queue tries again with a growing wait. */
import { describe, expect, it } from 'vitest';
import { crawlQueueOf, QUEUE_NAMES, type QueueDefinition, QUEUES } from '../../jobs/queues.ts';
import { FLAG_NAMES } from '../../src/model/labels.ts';
import { sources } from '../../src/sources/list.ts';

const GOOD = {
  'crawl-reddit': { community: 7 },
  'crawl-x': { community: 7, jitterMs: 60_000 },
  'crawl-web': { community: 7, used: { posts: 200, requests: 2 } },
  'crawl-literature': { community: 7 },
  'crawl-video': { community: 7 },
  'crawl-bluesky': { community: 7 },
  annotate: { topic: 'semax', revisionIds: [1, 2, 3] },
  append: { topic: 'ghk-cu' },
  recount: { topic: 'bpc-157' },
  sweep: { recheck: true },
} as const;

const JUNK: readonly unknown[] = [undefined, null, 7, 'semax', [], {}, () => undefined];
/** Longest slug that `topics/` may hold is far below this; a post's text is not a topic. */
const TEXT = 'I took Semax for two weeks and my focus improved.';

describe.each(QUEUE_NAMES)('%s', (name) => {
  const definition = QUEUES[name] as QueueDefinition<unknown>;
  const accepts = (payload: unknown) => definition.payload.safeParse(payload).success;

  it('takes its payload, and gives it back as it is', () => {
    expect(definition.payload.parse(GOOD[name])).toEqual(GOOD[name]);
  });
  it('refuses junk', () => {
    for (const junk of JUNK) expect(accepts(junk), JSON.stringify(junk)).toBe(false);
  });
  it('refuses text beside the ids: a queue is no place for what people wrote', () => {
    for (const extra of [{ text: TEXT }, { author: 'someone' }, { url: 'https://example.org/' }, { flags: FLAG_NAMES }])
      expect(accepts({ ...GOOD[name], ...extra }), Object.keys(extra)[0]).toBe(false);
  });
  it('survives the queue: the payload is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(definition.payload.parse(GOOD[name])))).toEqual(GOOD[name]);
  });
  it('tries more than once, with a wait, a bounded number of times', () => {
    expect(definition.attempts).toBeGreaterThanOrEqual(2);
    expect(definition.attempts).toBeLessThanOrEqual(20);
    expect(definition.backoffMs).toBeGreaterThanOrEqual(100);
    // The last wait doubles with every attempt before it: it must stay below a day.
    expect(definition.backoffMs * 2 ** (definition.attempts - 1)).toBeLessThan(86_400_000);
    expect(definition.concurrency).toBeGreaterThanOrEqual(1);
  });
});

describe('ids in payloads', () => {
  it.each([
    ['crawl-web', { community: 0 }],
    ['crawl-web', { community: -1 }],
    ['crawl-web', { community: 1.5 }],
    ['crawl-web', { community: '7' }],
    ['crawl-web', { community: Number.NaN }],
    ['crawl-web', { community: 2 ** 60 }],
    ['crawl-web', { community: 7, jitterMs: -1 }],
    ['crawl-web', { community: 7, used: { posts: -1, requests: 0 } }],
    ['crawl-web', { community: 7, used: { posts: 1 } }],
    ['annotate', { topic: 'semax', revisionIds: [] }],
    ['annotate', { topic: 'semax', revisionIds: [1, '2'] }],
    ['annotate', { topic: 'semax', revisionIds: [0] }],
    ['annotate', { topic: 'semax', revisionIds: Array.from({ length: 501 }, (_, at) => at + 1) }],
    ['annotate', { topic: 'semax', revisionIds: TEXT }],
    ['append', { topic: TEXT }],
    ['append', { topic: '' }],
    ['append', { topic: '../semax' }],
    ['append', { topic: 'semax\n' }],
    ['append', { topic: 'x'.repeat(101) }],
    ['recount', { topic: 7 }],
    ['sweep', { recheck: 'yes' }],
  ] as const)('%s refuses %j', (name, payload) => {
    expect(QUEUES[name].payload.safeParse(payload).success).toBe(false);
  });
  it('takes a whole batch', () => {
    expect(QUEUES.annotate.payload.safeParse({ topic: 'semax', revisionIds: Array.from({ length: 500 }, (_, at) => at + 1) }).success).toBe(true);
  });
});

describe('fetch queues', () => {
  it('are one per rate limit, and every source has one', () => {
    for (const source of sources) expect(QUEUE_NAMES).toContain(crawlQueueOf(source));
    expect(new Set(sources.map(crawlQueueOf)).size).toBe(QUEUE_NAMES.filter((name) => name.startsWith('crawl-')).length);
  });
  it('fetch one community at a time over all processes', () => {
    for (const name of QUEUE_NAMES.filter((candidate) => candidate.startsWith('crawl-')))
      expect((QUEUES[name] as QueueDefinition<unknown>).globalConcurrency).toBe(1);
  });
});
