/**
 * What the fold of a chain costs: `npx tsx bench/fold.ts [--json] [--entries N,N] [--against FILE]`. Prints nanoseconds per header, until
 * the counts stand, of processor time (all threads, so that other work on the machine does not count), and bytes per entry, heap and
 * external memory together; each measured in a process of its own. `--against` names the
 * `src/counts/fold.ts` of another checkout and measures it in the same run, turn by turn; the median of three turns is printed.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Header } from '../src/ledger/header.ts';
import { makeHeaders } from './fold/workload.ts';

const OWN = path.resolve(import.meta.dirname, '../src/counts/fold.ts');
const SIZES = [100_000, 1_000_000];
const TURNS = 3;
const BATCH = 10_000;

interface Measured {
  readonly entries: number;
  readonly ns_per_header: number;
  readonly bytes_per_entry: number;
  /** Milliseconds to list the entries of one number. */
  readonly list_ms: number;
  /** Of the counts: two implementations must agree. */
  readonly digest: string;
}

async function measure(file: string, entries: number): Promise<Measured> {
  const { emptyFold, foldHeader, countsOf, listCounted } = (await import(file)) as typeof import('../src/counts/fold.ts');
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const headers = makeHeaders();
  warmUp({ emptyFold, foldHeader, countsOf });
  const before = settledBytes(collect);
  const fold = emptyFold();
  let microseconds = 0;
  for (let left = entries; left > 0; left -= BATCH) {
    const batch: Header[] = Array.from({ length: Math.min(BATCH, left) }, () => headers.next().value as Header);
    const start = process.cpuUsage();
    for (const header of batch) foldHeader(fold, header);
    microseconds += sumOf(process.cpuUsage(start));
  }
  const start = process.cpuUsage();
  const counts = countsOf(fold);
  microseconds += sumOf(process.cpuUsage(start));
  const bytes = settledBytes(collect) - before;
  const listStart = process.cpuUsage();
  const listed = listCounted(fold, 'claims.speculative').length;
  const listMs = sumOf(process.cpuUsage(listStart)) / 1000;
  if (listed !== counts.claims.speculative) throw new Error('the list is not as long as its number');
  const digest = createHash('sha256').update(JSON.stringify(counts)).digest('hex').slice(0, 16);
  const nsPerHeader = Math.round((microseconds * 1000) / entries);
  return { entries, ns_per_header: nsPerHeader, bytes_per_entry: Math.round(bytes / entries), list_ms: listMs, digest };
}

function sumOf({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

/** Compiles the fold before the clock starts. */
function warmUp({ emptyFold, foldHeader, countsOf }: Pick<typeof import('../src/counts/fold.ts'), 'emptyFold' | 'foldHeader' | 'countsOf'>): void {
  const fold = emptyFold();
  for (const header of makeHeaders()) {
    foldHeader(fold, header);
    if (fold.size === 20_000) break;
  }
  countsOf(fold);
}

function settledBytes(collect: () => void): number {
  for (let pass = 0; pass < 3; pass += 1) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** One measurement in a fresh process. */
function spawnMeasure(file: string, entries: number): Measured {
  const answer = execFileSync(process.execPath, [...process.execArgv, import.meta.filename, '--measure', file, String(entries)], {
    timeout: 300_000,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(answer.toString('utf8')) as Measured;
}

function medianOf(turns: readonly Measured[]): Measured {
  const middle = (pick: (turn: Measured) => number): number => turns.map(pick).sort((a, b) => a - b)[Math.floor(turns.length / 2)] as number;
  const [first] = turns as readonly [Measured];
  return {
    ...first,
    ns_per_header: middle((turn) => turn.ns_per_header),
    bytes_per_entry: middle((turn) => turn.bytes_per_entry),
    list_ms: Math.round(middle((turn) => turn.list_ms)),
  };
}

function readOption(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

function compare(sizes: readonly number[], against: string | undefined): { readonly fold: Measured; readonly against?: Measured }[] {
  return sizes.map((entries) => {
    const own: Measured[] = [];
    const other: Measured[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      own.push(spawnMeasure(OWN, entries));
      if (against !== undefined) other.push(spawnMeasure(path.resolve(against), entries));
    }
    if (other.some(({ digest }) => digest !== own[0]?.digest)) throw new Error('the two folds count differently');
    return { fold: medianOf(own), ...(other.length > 0 ? { against: medianOf(other) } : {}) };
  });
}

function printRow(name: string, { entries, ns_per_header, bytes_per_entry, list_ms }: Measured): void {
  process.stdout.write(
    `${name.padEnd(8)} ${String(entries).padStart(9)} entries  ${ns_per_header} ns/header  ${bytes_per_entry} bytes/entry  list ${list_ms} ms\n`,
  );
}

const [, , mode, file, entries] = process.argv;
if (mode === '--measure' && file !== undefined) {
  process.stdout.write(JSON.stringify(await measure(file, Number(entries))));
} else {
  const sizes = readOption('--entries')?.split(',').map(Number) ?? SIZES;
  const results = compare(sizes, readOption('--against'));
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ node: process.version, turns: TURNS, results })}\n`);
  else for (const { fold, against } of results) for (const [name, row] of Object.entries({ fold, against })) if (row) printRow(name, row);
}
