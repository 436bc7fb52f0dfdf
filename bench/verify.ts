/**
 * Full verification of a made-up export with content, against nothing but hashing the same messages: `npm run bench -- verify`.
 *
 *   --entries N    default 1,000,000
 *   --threads N    default: as many as `ledger verify` takes
 *   --runs N       of verification; the median counts. Default 3
 *   --json
 *
 * Generating, hashing and verifying are processes of their own, so that the memory reported is the verifier's alone. They run what ships: bundled
 * by esbuild, not compiled on the way by tsx. The bare rate is measured before and after, and the faster one taken.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundleInto } from './bundle.ts';
import { runChild } from './run-child.ts';

const { values } = parseArgs({
  options: { entries: { type: 'string', default: '1000000' }, threads: { type: 'string' }, runs: { type: 'string', default: '3' }, json: { type: 'boolean' } },
});
const ROOT = path.resolve(import.meta.dirname, '..');
const MIN_RATIO = 0.15;
const MAX_MB = 300;

interface Hashing {
  readonly ms: number;
  readonly cpuMs: number;
  readonly hashes: number;
  readonly bytes: number;
  readonly bulkMs: number;
  readonly bulkBytes: number;
}
interface Verifying {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly result: { readonly ok: boolean };
}

const folder = await mkdtemp(path.join(tmpdir(), 'hearsay-bench-verify-'));
try {
  await bundle(folder);
  const file = path.join(folder, 'export.ndjson');
  await run('generate.js', [file, values.entries]);
  report(await measure(file), (await stat(file)).size);
} finally {
  await rm(folder, { recursive: true, force: true });
}

interface Measured {
  readonly bare: Hashing;
  /** Ascending by time. */
  readonly runs: readonly Verifying[];
}

async function measure(file: string): Promise<Measured> {
  const hash = async (): Promise<Hashing> => JSON.parse(await run('measure-hashing.js', [file])) as Hashing;
  const verify = async (): Promise<Verifying> => JSON.parse(await run('measure-verify.js', [file, ...(values.threads ? [values.threads] : [])])) as Verifying;
  const before = await hash();
  const runs: Verifying[] = [];
  while (runs.length < Number(values.runs)) runs.push(await verify());
  const after = await hash();
  if (!runs.every(({ result }) => result.ok)) throw new Error(`the export does not verify: ${JSON.stringify(runs[0]?.result)}`);
  return { bare: before.ms < after.ms ? before : after, runs: runs.sort((a, b) => a.ms - b.ms) };
}

function report({ bare, runs }: Measured, fileBytes: number): void {
  const median = runs[Math.floor(runs.length / 2)] as Verifying;
  const figures = {
    entries: Number(values.entries),
    fileMb: fileBytes / 1e6,
    hashes: bare.hashes,
    hashedMb: bare.bytes / 1e6,
    bareSeconds: bare.ms / 1e3,
    bareCpuSeconds: bare.cpuMs / 1e3,
    bulkSeconds: bare.bulkMs / 1e3,
    seconds: median.ms / 1e3,
    secondsOfRuns: runs.map(({ ms }) => ms / 1e3),
    cpuSeconds: median.cpuMs / 1e3,
    ratioToBare: bare.ms / median.ms,
    ratioToBulk: bare.bulkMs / median.ms,
    peakMb: Math.max(...runs.map(({ peakMb }) => peakMb)),
    minRatio: MIN_RATIO,
    maxMb: MAX_MB,
  };
  if (values.json) return void process.stdout.write(`${JSON.stringify(figures)}\n`);
  const rows: [string, string][] = [
    ['entries', `${figures.entries.toLocaleString('en')} with content, ${figures.fileMb.toFixed(0)} MB`],
    [
      'bare hashing',
      `${figures.bareSeconds.toFixed(2)} s: ${bare.hashes.toLocaleString('en')} messages, ${figures.hashedMb.toFixed(0)} MB, one core, one after the other`,
    ],
    ['bulk hashing', `${figures.bulkSeconds.toFixed(2)} s: the file in one stream`],
    [
      'verification',
      `${figures.seconds.toFixed(2)} s (median of ${runs.map(({ ms }) => (ms / 1e3).toFixed(2)).join(', ')}), ${figures.cpuSeconds.toFixed(1)} s of processor time`,
    ],
    ['ratio to bare', `${figures.ratioToBare.toFixed(3)} (asked: at least ${MIN_RATIO})`],
    ['ratio to bulk', figures.ratioToBulk.toFixed(3)],
    [
      'processor',
      `bare ${figures.bareCpuSeconds.toFixed(2)} s, verification ${figures.cpuSeconds.toFixed(1)} s over all threads: what other work on the machine leaves alone`,
    ],
    ['peak memory', `${figures.peakMb.toFixed(0)} MB resident, the whole process (asked: under ${MAX_MB})`],
  ];
  process.stdout.write(rows.map(([name, value]) => `${name.padEnd(15)}${value}\n`).join(''));
}

/** All four side by side: the verifier looks for its thread's script beside itself. */
async function bundle(outdir: string): Promise<void> {
  const beside = (name: string): string => path.join(ROOT, 'bench/verify', `${name}.ts`);
  await bundleInto(outdir, {
    generate: beside('generate'),
    'measure-hashing': beside('measure-hashing'),
    'measure-verify': beside('measure-verify'),
    'chunk-worker': path.join(ROOT, 'src/verify/chunk-worker.ts'),
  });
}

function run(script: string, args: readonly string[]): Promise<string> {
  return runChild(script, [path.join(folder, script), ...args]);
}
