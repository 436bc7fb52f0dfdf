/** `hearsay up`, `worker`, `serve`: the long-running commands. */
import { InvalidInputError } from '../../errors.ts';
import { startFirstCrawls } from '../../pipeline/first-crawls.ts';
import { type Edge, EXIT, type ExitCode } from '../edge.ts';
import { type OpenedHearsay, openHearsay } from '../open-hearsay.ts';
import { readDemoVisit, startPipeline, warnOfDemo } from '../run-pipeline.ts';
import { serveArticle } from '../serve-article.ts';
import { startSigner } from '../start-signer.ts';

/** Everything in one process: database, queues, schedules, workers, article. */
export async function runUp(edge: Edge): Promise<ExitCode> {
  return longRunning(edge, { exclusive: true }, async (opened) => {
    if ((await readDemoVisit(opened.hearsay)) !== undefined) {
      throw new InvalidInputError(
        'demo_data',
        'this data directory holds the made-up posts of `hearsay demo`: set HEARSAY_DATA to another directory for real ones, or look at these with `hearsay serve`',
      );
    }
    const workers = await work(edge, opened);
    const server = await serveArticle(edge, opened);
    return {
      ...workers,
      async stop() {
        await server.close();
        await workers.stop();
      },
    };
  });
}

export async function runWorker(edge: Edge): Promise<ExitCode> {
  return longRunning(edge, {}, async (opened) => {
    await warnOfDemo(edge, opened.hearsay);
    return work(edge, opened);
  });
}

export async function runServe(edge: Edge): Promise<ExitCode> {
  return longRunning(edge, {}, async (opened) => {
    await warnOfDemo(edge, opened.hearsay);
    const server = await serveArticle(edge, opened);
    return { stop: () => server.close() };
  });
}

interface Running {
  stop(): Promise<void>;
  /** Resolves when it cannot go on. */
  readonly failure?: Promise<Error>;
}

async function work(edge: Edge, opened: OpenedHearsay): Promise<Running> {
  const pipeline = await startPipeline(edge, opened, 'all');
  const scheduled = await pipeline.queues.syncSchedules(opened.hearsay);
  const first = await startFirstCrawls(opened.hearsay, pipeline.queues);
  if (first > 0) edge.talk(`${first} communities were never crawled: crawling them now`);
  edge.talk(
    `working: ${opened.hearsay.topics.size} topics, ${scheduled} communities on schedule, queues on ${pipeline.queues.backend === 'redis' ? 'Redis' : 'PostgreSQL'}`,
  );
  const signer = await startSigner(edge, opened.hearsay);
  if (!signer) edge.talk('HEARSAY_SIGNER=off: checkpoints are signed elsewhere');
  return {
    async stop() {
      await pipeline.close();
      // Last: what was appended while stopping is signed too.
      await signer?.stop();
    },
    failure: pipeline.failure,
  };
}

/** Starts, waits for the stop signal, stops in order: what was running ends, what was not stays for the next start. */
async function longRunning(edge: Edge, options: { readonly exclusive?: boolean }, start: (opened: OpenedHearsay) => Promise<Running>): Promise<ExitCode> {
  const opened = await openHearsay(edge, options);
  try {
    const running = await start(opened);
    const stopped = new Promise<void>((resolve) => {
      if (edge.signal.aborted) resolve();
      edge.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const failure = await Promise.race([stopped, ...(running.failure ? [running.failure] : [])]);
    edge.talk('stopping');
    await running.stop();
    if (failure) throw failure;
    return EXIT.ok;
  } finally {
    await opened.close();
  }
}
