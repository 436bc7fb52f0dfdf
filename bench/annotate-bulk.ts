/**
 * `hearsay annotate` over 100,000 made-up posts: `npm run bench -- annotate-bulk [--posts N] [--json]`. Each run is a process of its own with the
 * built command (`npm run build`); its memory is read from the kernel every fifth of a second. Fails when runs differ in a byte.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makePost } from './made-posts.ts';

const at = process.argv.indexOf('--posts');
const posts = at < 0 ? 100_000 : Number(process.argv[at + 1]);
const COMMAND = path.join(import.meta.dirname, '../dist/workers/main.js');

interface Run {
  readonly threads: number;
  readonly seconds: number;
  readonly sha256: string;
  readonly peakMb: number;
  /** Mean resident memory of the first and the last quarter of the run. */
  readonly firstMb: number;
  readonly lastMb: number;
}

async function annotate(file: string, threads: number): Promise<Run> {
  const begun = Date.now();
  const child = spawn(process.execPath, [COMMAND, 'annotate', '--in', file, '--threads', `${threads}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const sizes: number[] = [];
  const watch = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    const resident = /^VmRSS:\s+(\d+) kB/mu.exec(status)?.[1];
    if (resident) sizes.push(Number(resident) / 1024);
  }, 200);
  const hash = createHash('sha256');
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  for await (const chunk of child.stdout) hash.update(chunk as Buffer);
  clearInterval(watch);
  if ((await ended) !== 0) throw new Error(`annotate --threads ${threads} failed`);
  const quarter = Math.ceil(sizes.length / 4);
  return {
    threads,
    seconds: (Date.now() - begun) / 1_000,
    sha256: hash.digest('hex'),
    peakMb: Math.round(Math.max(...sizes)),
    firstMb: meanOf(sizes.slice(0, quarter)),
    lastMb: meanOf(sizes.slice(-quarter)),
  };
}

function meanOf(sizes: readonly number[]): number {
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
}

const folder = await mkdtemp(path.join(tmpdir(), 'hearsay-bulk-'));
try {
  const file = path.join(folder, 'posts.ndjson');
  const lines = Readable.from(
    (function* () {
      for (let index = 0; index < posts; index += 1) yield `${JSON.stringify(makePost(index))}\n`;
    })(),
  );
  await pipeline(lines, createWriteStream(file));
  const input = createHash('sha256');
  for await (const chunk of createReadStream(file)) input.update(chunk as Buffer);
  const runs: Run[] = [];
  for (const threads of [1, 1, 2]) runs.push(await annotate(file, threads));
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ posts, runs })}\n`);
  else {
    process.stdout.write(
      `${posts} posts, input ${input.digest('hex').slice(0, 12)}\nthreads  seconds  posts/s  peak MB  first quarter  last quarter  output\n`,
    );
    for (const run of runs) {
      const cells = [run.threads, run.seconds.toFixed(1), Math.round(posts / run.seconds), run.peakMb, run.firstMb, run.lastMb];
      const widths = [7, 9, 9, 9, 15, 14];
      process.stdout.write(`${cells.map((cell, place) => `${cell}`.padStart(widths[place] as number)).join('')}  ${run.sha256.slice(0, 12)}\n`);
    }
  }
  if (new Set(runs.map((run) => run.sha256)).size > 1) throw new Error('the runs differ');
} finally {
  await rm(folder, { recursive: true, force: true });
}
