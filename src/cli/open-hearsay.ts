/** Assembles what stages and commands need: database, keys, topics, annotator, HTTP client; and takes it apart again. */
import { pino } from 'pino';
import { openDatabase, type OpenedDatabase } from '../db/embedded.ts';
import { requireKnownKey } from '../db/key-ids.ts';
import { prepareDatabase } from '../db/prepare.ts';
import { createPool } from '../db/pool.ts';
import { createSharedPacer } from '../db/shared-pacer.ts';
import { InvalidInputError } from '../errors.ts';
import { createHttpClient } from '../fetch/client.ts';
import { loadSecret } from '../keys.ts';
import { FoldReader } from '../ledger/fold-reader.ts';
import { GroupAppender } from '../ledger/group-append.ts';
import type { SourceBudgets } from '../model/source-budget.ts';
import type { Topic } from '../model/topic.ts';
import { reapplyErasures } from '../pipeline/erasure-log.ts';
import type { Hearsay, Log } from '../pipeline/hearsay.ts';
import { syncTopics } from '../pipeline/sync-topics.ts';
import { sourcesByName } from '../sources/list.ts';
import { readTopics } from '../topics.ts';
import { type Edge, USER_AGENT } from './edge.ts';
import type { OpenedAnnotator } from './open-annotator.ts';
import { openStoredAnnotator } from './open-stored-annotator.ts';
import { signAtEnd } from './signing.ts';

export interface OpenedHearsay {
  readonly hearsay: Hearsay;
  readonly database: OpenedDatabase;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Own the data directory or fail: `demo` and `up`. */
  readonly exclusive?: boolean;
  /** Instead of the topic files. */
  readonly topics?: readonly Topic[];
  /** Host -> loopback address, beside the configured routes. */
  readonly routes?: Readonly<Record<string, string>>;
  /** Milliseconds between requests to one web host; default 1,000. */
  readonly hostIntervalMs?: number;
  readonly credentials?: Readonly<Record<string, string>>;
  /** `withHearsay`: the command appends, so what is new is signed at its end. */
  readonly signs?: boolean;
}

export async function openHearsay(edge: Edge, options: OpenOptions = {}): Promise<OpenedHearsay> {
  const { config } = edge;
  const topics = options.topics ?? (await readTopics(edge.topicsDir, { sources: sourcesByName }));
  const database = await openDatabase(config, { exclusive: options.exclusive ?? false, log: (message) => edge.talk(message) });
  const pool = createPool(database.url, { applicationName: 'hearsay' });
  const http = createHttpClient({
    userAgent: USER_AGENT,
    routes: { ...config.routes, ...options.routes },
    pacer: createSharedPacer(pool),
    ...(options.hostIntervalMs === undefined ? {} : { hostIntervalMs: options.hostIntervalMs }),
  });
  let annotating: OpenedAnnotator | undefined;
  const close = async (): Promise<void> => {
    await Promise.allSettled([pool.end(), http.close(), annotating?.close()]);
    await database.close();
  };
  try {
    await prepareDatabase(database);
    const keys = await loadSecret(config);
    await requireKnownKey(pool, keys.keyId);
    const folds = new FoldReader();
    const now = (): Date => new Date();
    annotating = await openStoredAnnotator(config, config.annotator, { pool, now });
    const hearsay: Hearsay = {
      pool,
      adminUrl: database.adminUrl,
      dataDir: config.dataDir,
      keys,
      http,
      annotator: annotating.annotator,
      folds,
      appends: new GroupAppender(pool, { folds, now }),
      topics: new Map(topics.map((topic) => [topic.slug, topic])),
      credentials: { ...config.credentials, ...options.credentials },
      sourceBudgets: requireKnownSources(config.sourceBudgets),
      now,
      log: createLog(edge),
    };
    await syncTopics(hearsay);
    const again = await reapplyErasures(hearsay);
    if (again > 0) edge.talk(`an older database was restored: erased ${again} posts again that had been erased since`);
    return { hearsay, database, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A misspelt name would be a budget that limits nothing. */
function requireKnownSources(budgets: SourceBudgets): SourceBudgets {
  for (const name of Object.keys(budgets)) {
    if (!sourcesByName.has(name))
      throw new InvalidInputError(
        'bad_config',
        `configuration: HEARSAY_REQUESTS_PER_DAY or HEARSAY_USD_PER_MONTH names ${name}, which is no source; there are ${[...sourcesByName.keys()].join(', ')}`,
      );
  }
  return budgets;
}

/** Opens, runs, signs where the command appends, closes; the close waits for what runs. */
export async function withHearsay<T>(edge: Edge, options: OpenOptions, run: (opened: OpenedHearsay) => Promise<T>): Promise<T> {
  const opened = await openHearsay(edge, options);
  try {
    const result = await run(opened);
    if (options.signs) await signAtEnd(edge, opened.hearsay);
    return result;
  } finally {
    await opened.close();
  }
}

/** JSON lines on stderr; stdout is data. */
export function createLog(edge: Edge): Log {
  return pino({ level: edge.config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
}
