/** Re-enqueues whatever a crash, a lost queue or a failed job left undone. Safe to run at any time and as often as one likes. */
import { forgetTurns } from '../db/shared-pacer.ts';
import { type BacklogSize, measureBacklog, readBacklog } from './backlog.ts';
import type { Hearsay } from './hearsay.ts';
import type { JobQueues } from './queue-port.ts';

/** Returns what was found undone. */
export async function reconcile(hearsay: Hearsay, queues: JobQueues): Promise<BacklogSize> {
  await forgetTurns(hearsay.pool);
  const size = await measureBacklog(hearsay.pool);
  const backlog = await readBacklog(hearsay.pool);
  for await (const batch of backlog.annotate) await queues.addAnnotate(batch.topic, batch.revisionIds);
  for (const topic of backlog.append) await queues.addAppend(topic);
  for (const topic of backlog.recount) await queues.addRecount(topic);
  if (backlog.sweep > 0) await queues.addSweep();
  return size;
}
