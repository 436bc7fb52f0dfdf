/**
 * Import of a made-up dump of Reddit in Arctic Shift's form, from the file to the counts, by the command as it ships: `npm run bench -- import`.
 *
 *   --megabytes N     of lines, before packing; default 1,024
 *   --database URL    a superuser's address, instead of an embedded PostgreSQL
 *   --json
 *
 * Counted is the memory of the hearsay process alone: zstd needs its window, and the database is a server of its own. What the dump holds:
 * import/lines.ts. Fails when a count is not what the dump holds, and when memory is above its limit or not flat.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openServer } from './append/database.ts';
import { type Check, checkCounts } from './import/check.ts';
import { buildCommand, type ImportRun, runImport } from './import/command.ts';
import { listExcesses, MAX_GROWTH, MAX_MB, type MemoryFigures, measureMemory, median } from './import/memory.ts';
import { type Dump, writeDump } from './import/write-dump.ts';

const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '1024' }, database: { type: 'string' }, json: { type: 'boolean' } },
});
const TOPIC = 'semax';

const children = new Set<ChildProcess>();
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopped = true;
    for (const child of children) child.kill('SIGTERM');
  });
}
const started = (child: ChildProcess): void => {
  children.add(child);
  child.once('close', () => children.delete(child));
  if (stopped) child.kill('SIGTERM');
};

const folder = await mkdtemp(path.join(tmpdir(), 'hearsay-bench-import-'));
try {
  process.exitCode = await measure();
} catch (error) {
  if (!stopped) throw error;
  process.exitCode = 130;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(): Promise<number> {
  const main = await buildCommand(folder);
  const file = path.join(folder, 'dump.ndjson.zst');
  const dump = await writeDump(file, Number(values.megabytes) * 2 ** 20, started);
  const server = await openServer(values.database);
  try {
    const databaseUrl = await server.create([]);
    const run = await runImport({ main, file, topic: TOPIC, databaseUrl, dataDir: path.join(folder, 'data'), started });
    const checks = await checkCounts(databaseUrl, { topic: TOPIC, tally: run.tally, expected: dump.expected });
    return report({ dump, run, checks, packedMb: (await stat(file)).size / 1e6 });
  } finally {
    await server.close();
  }
}

interface Measured {
  readonly dump: Dump;
  readonly run: ImportRun;
  readonly checks: readonly Check[];
  readonly packedMb: number;
}

/** The exit code: 1 when something is not there that was in the dump, or there twice, or when memory is not as asked. */
function report({ dump, run, checks, packedMb }: Measured): number {
  const { expected } = dump;
  const memory = measureMemory(run.memory);
  const figures = {
    lines: expected.lines,
    mb: dump.bytes / 1e6,
    packed_mb: packedMb,
    seconds: run.seconds,
    lines_per_second: expected.lines / run.seconds,
    mb_per_second: dump.bytes / 1e6 / run.seconds,
    ...memory,
    max_mb: MAX_MB,
    median_mb: median(run.memory.samples),
    max_growth: MAX_GROWTH,
    checks,
  };
  const wrong = [
    ...checks.filter(({ expected, found }) => expected !== found).map(({ what, expected, found }) => `${what}: ${found} instead of ${expected}`),
    ...listExcesses(memory),
  ];
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else process.stdout.write([...describe(figures), ...describeChecks(checks)].map(([name, value]) => `${name.padEnd(26)}${value}\n`).join(''));
  for (const line of wrong) process.stderr.write(`${line}\n`);
  return wrong.length > 0 ? 1 : 0;
}

type Row = readonly [name: string, value: string];

interface Figures extends MemoryFigures {
  readonly lines: number;
  readonly mb: number;
  readonly packed_mb: number;
  readonly seconds: number;
  readonly lines_per_second: number;
  readonly mb_per_second: number;
  readonly median_mb: number;
}

function describe(figures: Figures): Row[] {
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  return [
    ['file', `${whole(figures.lines)} lines, ${whole(figures.mb)} MB, packed ${whole(figures.packed_mb)} MB`],
    ['import', `${whole(figures.seconds)} s to the counts: ${whole(figures.lines_per_second)} lines/s, ${figures.mb_per_second.toFixed(2)} MB/s`],
    ['peak memory', `${whole(figures.peak_mb)} MB resident, the hearsay process (asked: under ${MAX_MB})`],
    ['memory over time', `median ${whole(figures.median_mb)} MB; ${describeGrowth(figures.growth)}`],
  ];
}

function describeGrowth(ratio: number | null): string {
  if (ratio === null) return 'too short a run to say whether it is flat';
  return `last quarter : second quarter ${ratio.toFixed(2)}, ${ratio <= MAX_GROWTH ? '' : 'not '}flat (asked: at most ${MAX_GROWTH})`;
}

function describeChecks(checks: readonly Check[]): Row[] {
  return checks.map(({ what, expected, found }) => [
    what,
    `${found.toLocaleString('en')}${found === expected ? '' : `, but ${expected.toLocaleString('en')} in the dump`}`,
  ]);
}
