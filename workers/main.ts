#!/usr/bin/env node
/**
 * The entry point, and the only place that reads the environment: gives the commands of src/cli their streams, their
 * configuration, and the queues and workers that src may not import (design section 3: workers -> jobs -> src).
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openQueues, type OpenQueues } from '../jobs/open-queues.ts';
import { EXIT, type Edge } from '../src/cli/edge.ts';
import { runCli } from '../src/cli/run.ts';
import { readConfig } from '../src/config.ts';
import { describeError } from '../src/errors.ts';
import { CREDENTIAL_NAMES } from '../src/sources/list.ts';
import { collectEarly } from './collect-early.ts';
import { startWorkers } from './start-workers.ts';

collectEarly();

/** `topics/` of the checkout this file was built from: two folders up from dist/workers, one from workers. */
function bundledTopics(): string {
  const up = ['../../topics', '../topics'].map((relative) => fileURLToPath(new URL(relative, import.meta.url)));
  return up.find((dir) => existsSync(dir)) ?? (up[0] as string);
}

function createEdge(): Edge {
  const stop = new AbortController();
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second signal ends a stop that hangs.
      if (++signals > 1) process.exit(EXIT.interrupted);
      stop.abort();
    });
  }
  const own = path.resolve('topics');
  const isTerminal = process.stderr.isTTY === true;
  return {
    config: readConfig(process.env, process.cwd(), CREDENTIAL_NAMES),
    runtime: {
      openQueues: (config, databaseUrl) => openQueues({ ...(config.redisUrl === undefined ? {} : { redisUrl: config.redisUrl }), databaseUrl }),
      startWorkers: (hearsay, queues, options) => startWorkers(hearsay, queues as OpenQueues, options),
    },
    stdin: process.stdin,
    out: (text) => new Promise((resolve) => process.stdout.write(text, () => resolve())),
    talk: (line) => void process.stderr.write(`${isTerminal ? '\r\u001b[K' : ''}${line}\n`),
    progress: (line) => void (isTerminal && process.stderr.write(`\r\u001b[K${line}`)),
    signal: stop.signal,
    topicsDir: existsSync(own) ? own : bundledTopics(),
  };
}

// A reader that went away (`| head`) ends the program quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed));

try {
  process.exitCode = await runCli(process.argv.slice(2), createEdge());
} catch (error) {
  const { code, message } = describeError(error);
  process.stderr.write(`hearsay: ${message} (${code})\n`);
  process.exitCode = code === 'bad_config' ? EXIT.usage : EXIT.failed;
}
