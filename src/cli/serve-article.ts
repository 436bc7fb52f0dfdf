/** Serves the article and the JSON API of an opened Hearsay. */
import { serve } from '@hono/node-server';
import { createApp } from '../api/app.ts';
import { createLedgerReader, createLogReader } from '../api/database-reader.ts';
import { describeError, InvalidInputError } from '../errors.ts';
import { exportTopic } from '../ledger/export.ts';
import type { Platform } from '../model/labels.ts';
import { readCoverage } from '../pipeline/read-coverage.ts';
import { readMetrics } from '../pipeline/read-metrics.ts';
import { publicPolicyOf } from '../sources/policy.ts';
import type { Edge } from './edge.ts';
import type { OpenedHearsay } from './open-hearsay.ts';
import { readDemoVisit } from './run-pipeline.ts';

export interface Serving {
  readonly url: string;
  close(): Promise<void>;
}

export async function serveArticle(edge: Edge, { hearsay }: Pick<OpenedHearsay, 'hearsay'>): Promise<Serving> {
  const { host, port } = edge.config;
  // The demo's X posts are made up: they run with `summary`, so that the whole page can be seen (design section 4).
  const isDemo = (await readDemoVisit(hearsay)) !== undefined;
  const xPublic = isDemo ? 'summary' : edge.config.xPublic;
  const policyOf = (platform: Platform) => publicPolicyOf(platform, { xPublic });
  const app = createApp({
    ledger: createLedgerReader(hearsay),
    logOf: createLogReader(hearsay.pool),
    topics: hearsay.topics,
    now: hearsay.now,
    policyOf,
    coverage: (slug) => readCoverage(hearsay.pool, slug),
    metrics: () => readMetrics(hearsay.pool),
    ping: async () => void (await hearsay.pool.query('SELECT 1')),
    report: (error) => hearsay.log.error({}, describeError(error).message),
    exportLines: (slug) => exportTopic(hearsay.pool, slug, { withContent: false, policyOf }),
    ...(isDemo ? { notice: 'These are the made-up posts of the demo. No person wrote them and no product or study in them exists.' } : {}),
  });
  const server = serve({ fetch: app.fetch, hostname: host, port });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new InvalidInputError('port_in_use', `port ${port} of ${host} is taken: set HEARSAY_PORT to another one, or 0 for any`)
          : error,
      );
    });
  });
  const address = server.address();
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${typeof address === 'object' && address ? address.port : port}/`;
  edge.talk(`article: ${url}`);
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
