/** The command as it ships: compiled by tsc into a folder of its own, so that neither a stale `dist` nor tsx is measured. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { StoreTally } from '../../src/pipeline/store-posts.ts';
import { type MemoryWatch, watchMemory } from './memory.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Returns the entry point. Types are checked elsewhere. */
export async function buildCommand(folder: string): Promise<string> {
  const dist = path.join(folder, 'dist');
  await run(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck', '--outDir', dist], { cwd: ROOT });
  await run(process.execPath, ['.ci/copy-assets.mjs', dist], { cwd: ROOT });
  for (const name of ['node_modules', 'topics', 'package.json']) await symlink(path.join(ROOT, name), path.join(folder, name));
  return path.join(dist, 'workers/main.js');
}

export interface ImportRun {
  readonly seconds: number;
  readonly tally: StoreTally;
  readonly memory: MemoryWatch;
}

export interface ImportTask {
  readonly main: string;
  readonly file: string;
  readonly topic: string;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly started: (child: ChildProcess) => void;
}

/** Ends with exit code 3, for a dump always holds something that is not kept. */
export async function runImport(task: ImportTask): Promise<ImportRun> {
  const start = performance.now();
  const child = spawn(process.execPath, [task.main, 'import', task.file, '--format', 'arctic-shift', '--topic', task.topic, '--json'], {
    cwd: path.dirname(path.dirname(path.dirname(task.main))),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATABASE_URL: task.databaseUrl, HEARSAY_DATA: task.dataDir, HEARSAY_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  task.started(child);
  const memory = watchMemory(child.pid as number);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  memory.stop();
  if (code !== 3) throw new Error(`hearsay import ended with ${code}`);
  return { seconds: (performance.now() - start) / 1_000, tally: JSON.parse(text) as StoreTally, memory };
}
