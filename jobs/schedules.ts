/** Job schedulers from the topic files: one per active community, by its own id, so that a change of the file changes only what it names. */
import type { Queue } from 'bullmq';
import type { Schedule } from '../src/model/topic.ts';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export interface ScheduledCommunity {
  readonly id: number;
  readonly schedule: Schedule;
}

/** `6h` in milliseconds. */
function durationMs(text: string): number {
  const unit = text.at(-1) as keyof typeof UNIT_MS;
  return Number(text.slice(0, -1)) * UNIT_MS[unit];
}

/** Upserts the schedulers of one queue and removes those whose community is gone. */
export async function syncQueueSchedules(queue: Queue, communities: readonly ScheduledCommunity[]): Promise<void> {
  const wanted = new Set(communities.map(schedulerId));
  for (const scheduler of await queue.getJobSchedulers()) {
    if (scheduler.key.startsWith('community-') && !wanted.has(scheduler.key)) await queue.removeJobScheduler(scheduler.key);
  }
  for (const community of communities) {
    const { schedule } = community;
    const repeat = 'every' in schedule ? { every: durationMs(schedule.every) } : { pattern: schedule.cron, tz: 'UTC' };
    const jitterMs = schedule.jitter === undefined ? undefined : durationMs(schedule.jitter);
    // A slow job overlaps the next one of its scheduler (BullMQ 6.7): src/pipeline/community-lock.ts keeps the runs apart.
    // No deduplication id here: it would stop the repeat (BullMQ issue 2954).
    await queue.upsertJobScheduler(schedulerId(community), repeat, {
      name: 'crawl',
      data: { community: community.id, ...(jitterMs === undefined ? {} : { jitterMs }) },
    });
  }
}

function schedulerId(community: ScheduledCommunity): string {
  return `community-${community.id}`;
}
