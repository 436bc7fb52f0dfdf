/** Runs workers inside a command until nothing is left to do: how one-shot commands carry their input through to counts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { listUnadopted } from '../pipeline/adopt.ts';
import { countUnannotated, measureBacklog } from '../pipeline/backlog.ts';
import type { Hearsay } from '../pipeline/hearsay.ts';
import type { JobQueues, WorkerScope } from '../pipeline/queue-port.ts';
import type { Edge } from './edge.ts';
import type { OpenedHearsay } from './open-hearsay.ts';

export interface Pipeline {
  readonly queues: JobQueues;
  /** Waits until every stage is done; false when the process was asked to stop first. */
  drain(): Promise<boolean>;
  /** Waits until no more than `most` revisions are to be annotated; false when the process was asked to stop first. */
  catchUp(most: number): Promise<boolean>;
  /** Resolves when the workers cannot go on; never otherwise. */
  readonly failure: Promise<Error>;
  close(): Promise<void>;
}

/** `stages`: leaves scheduled crawls to `up` and `worker`. */
export async function startPipeline(
  edge: Edge,
  { hearsay, database }: Pick<OpenedHearsay, 'hearsay' | 'database'>,
  scope: WorkerScope = 'stages',
): Promise<Pipeline> {
  const queues = await edge.runtime.openQueues(edge.config, database.url);
  await warnOfUnadopted(edge, hearsay);
  let failed: Error | undefined;
  let tell: (error: Error) => void = () => undefined;
  const failure = new Promise<Error>((resolve) => (tell = resolve));
  const onFatal = (error: Error): void => {
    failed = error;
    tell(error);
  };
  // A halted queue would never be drained; a command that waits for it has to say so instead.
  const workers = await edge.runtime.startWorkers(hearsay, queues, { scope, onFatal, onHalt: (error) => (failed ??= error) });
  return {
    queues,
    failure,
    async drain() {
      for (let quiet = 0; quiet < 2; ) {
        if (failed) throw failed;
        if (edge.signal.aborted) return false;
        const left = await measureBacklog(hearsay.pool);
        edge.progress(`to annotate ${left.annotate}, to append ${left.append}, topics to recount ${left.recount}, deletions to apply ${left.sweep}`);
        quiet = left.annotate + left.append + left.recount + left.sweep === 0 ? quiet + 1 : 0;
        await sleep(quiet > 0 ? 20 : 100);
      }
      edge.progress('');
      return true;
    },
    async catchUp(most) {
      while ((await countUnannotated(hearsay.pool)) > most) {
        if (failed) throw failed;
        if (edge.signal.aborted) return false;
        await sleep(100);
      }
      return true;
    },
    async close() {
      await workers.close();
      await queues.close();
    },
  };
}

/** Made-up posts and real ones in one ledger would be a lie for ever. */
export async function readDemoVisit(hearsay: Hearsay): Promise<number | undefined> {
  const found = await hearsay.pool.query<{ value: string }>(`SELECT value FROM setting WHERE name = 'demo_visit'`);
  return found.rows[0] === undefined ? undefined : Number(found.rows[0].value);
}

/** A release with another annotator annotates from now on, but a person decides when it counts. */
async function warnOfUnadopted(edge: Edge, hearsay: Hearsay): Promise<void> {
  for (const topic of await listUnadopted(hearsay.pool, hearsay.annotator.id)) {
    edge.talk(`note: ${topic} does not count what ${hearsay.annotator.id} says yet; adopt it with: hearsay topic adopt ${topic}`);
  }
}

export async function warnOfDemo(edge: Edge, hearsay: Hearsay): Promise<void> {
  if ((await readDemoVisit(hearsay)) === undefined) return;
  edge.talk('note: this data directory holds the made-up posts of `hearsay demo`; set HEARSAY_DATA to another directory for real ones');
}
