/** What commands may touch of the outside: streams, environment, queues, the stop signal. Injected by the entry point. */
import type { Config } from '../config.ts';
import type { QueueRuntime } from '../pipeline/queue-port.ts';

export interface Edge {
  readonly config: Config;
  readonly runtime: QueueRuntime;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Data. Resolves when the reader keeps up. */
  out(text: string): Promise<void>;
  /** Talk: progress, notes, errors. */
  talk(line: string): void;
  /** Replaces the last progress line on a terminal; silent elsewhere. */
  progress(line: string): void;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Where topic files are: `topics` of the working directory if there, else the bundled ones. */
  readonly topicsDir: string;
}

/** 0 ok, 1 failed, 2 usage, 3 partial, 4 verification failed, 130 interrupted (design section 8). */
export const EXIT = { ok: 0, failed: 1, usage: 2, partial: 3, verification: 4, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Honest and reachable: who crawls and where to complain. */
export const USER_AGENT = 'Hearsay/0.1 (research compound evidence ledger; see robots.txt group "Hearsay")';
