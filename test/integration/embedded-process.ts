/**
 * A hearsay of its own process for the embedded database's tests: opens the database, prints one JSON line with the
 * outcome, and closes it when a line arrives on stdin. Arguments: data directory, `exclusive` or `shared`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openDatabase } from '../../src/db/embedded.ts';
import { describeError } from '../../src/errors.ts';

export interface EmbeddedProcess {
  readonly child: ChildProcess;
  /** The line it printed. */
  readonly outcome: { readonly url?: string; readonly adminUrl?: string; readonly code?: string; readonly message?: string; readonly log: readonly string[] };
  /** Asks it to close, and waits; its exit code. */
  close(): Promise<number | null>;
  kill(): Promise<void>;
}

export interface StartOptions {
  readonly exclusive?: boolean;
  readonly uid?: number;
  readonly gid?: number;
}

/** `launch` returns at once; `startEmbedded` waits for the outcome. */
export function launch(dataDir: string, options: StartOptions = {}): ChildProcess {
  const args = ['--import', import.meta.resolve('tsx'), fileURLToPath(import.meta.url), dataDir, options.exclusive === false ? 'shared' : 'exclusive'];
  const { uid, gid } = options;
  // No HOME, and a working directory anybody can enter: what a service manager gives.
  return spawn(process.execPath, args, {
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

export async function startEmbedded(dataDir: string, options: StartOptions = {}): Promise<EmbeddedProcess> {
  const child = launch(dataDir, options);
  if (child.stdout === null || child.stdin === null) throw new Error('no pipes');
  const { stdin } = child;
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    return {
      child,
      outcome: JSON.parse(line) as EmbeddedProcess['outcome'],
      async close() {
        stdin.end('close\n');
        await exited;
        return child.exitCode;
      },
      async kill() {
        child.kill('SIGKILL');
        await exited;
      },
    };
  }
  throw new Error('ended without an outcome');
}

async function main(dataDir: string, mode: string): Promise<void> {
  const log: string[] = [];
  try {
    const database = await openDatabase({ dataDir }, { exclusive: mode === 'exclusive', log: (message) => log.push(message) });
    process.stdout.write(`${JSON.stringify({ url: database.url, adminUrl: database.adminUrl, log })}\n`);
    await once(createInterface({ input: process.stdin }), 'line');
    await database.close();
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ ...describeError(error), log })}\n`);
    process.exitCode = 1;
  }
}

const [, script, dataDir, mode] = process.argv;
if (script !== undefined && dataDir !== undefined && mode !== undefined && import.meta.url === pathToFileURL(script).href) await main(dataDir, mode);
