/**
 * What the chain costs an append: `npm run bench -- append [--json] [--turns N] [--database URL]`. On an embedded PostgreSQL with its
 * usual settings, or on the server given (a superuser's address; the databases it makes there are dropped).
 */
import { compareBatches, type BatchResult, type BatchWorkload } from './append/batches.ts';
import { openServer } from './append/database.ts';
import { measureAppends, measureInserts, type SingleResult } from './append/singles.ts';
import { measureWorkers, type WorkerResult } from './append/workers.ts';
import { ENTRIES_PER_REPORT, makeReport } from './append/workload.ts';

const WORKLOADS: readonly BatchWorkload[] = [
  { name: 'reports', entriesPerRequest: ENTRIES_PER_REPORT, make: (index) => makeReport(index, { bands: false }) },
  { name: 'reports, near-duplicates searched', entriesPerRequest: ENTRIES_PER_REPORT, make: (index) => makeReport(index, { bands: true }) },
  {
    name: 'questions',
    entriesPerRequest: 1,
    make: (index) => ({ type: 'question', id: `q${index}`, text: `Is there a study in people on this, and what became of those who took part? (${index})` }),
  },
];
const SINGLES = 6_000;
const WORKER_BATCHES = 48;
const WORKER_ROUNDS = 3;

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

const turns = Number(option('--turns') ?? 40);
const server = await openServer(option('--database'));
const batches: BatchResult[] = [];
const singles: SingleResult[] = [];
const workers: WorkerResult[] = [];
try {
  for (const workload of WORKLOADS) for (const entries of [100, 500]) batches.push(await compareBatches(server, workload, { entries, turns }));
  singles.push(await measureInserts(server, 1, SINGLES / 4));
  for (const inFlight of [1, 8, 64]) singles.push(await measureAppends(server, inFlight, inFlight === 1 ? SINGLES / 4 : SINGLES));
  for (const connections of [8, 64]) singles.push(await measureInserts(server, connections, SINGLES));
  // The median of rounds that take turns: a lone measurement of processes beside each other says little.
  const rounds: WorkerResult[][] = [];
  for (let round = 0; round < WORKER_ROUNDS; round++) {
    const measured: WorkerResult[] = [];
    for (const [count, topics] of [
      [1, 1],
      [2, 1],
      [2, 4],
    ] as const)
      measured.push(await measureWorkers(server, { workers: count, topics, batches: WORKER_BATCHES }));
    rounds.push(measured);
  }
  for (const [place, first] of (rounds[0] as WorkerResult[]).entries()) {
    const sorted = rounds.map((round) => (round[place] as WorkerResult).entries_per_second).sort((a, b) => a - b);
    workers.push({ ...first, entries_per_second: sorted[Math.floor(sorted.length / 2)] as number });
  }
} finally {
  await server.close();
}

const plainSingle = (singles[0] as SingleResult).per_second;
const oneWorker = (workers[0] as WorkerResult).entries_per_second;
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ postgres: server.version, turns, batches, singles, workers })}\n`);
} else {
  const lines = [
    `PostgreSQL ${server.version}, synchronous_commit on; ratios are of this run`,
    '',
    'one connection, a transaction per batch       chained/s   plain/s   chained : plain',
    ...batches.map(
      (row) =>
        `  ${`${row.workload}, ${row.entries} entries`.padEnd(44)}${num(row.chained_entries_per_second)}${num(row.plain_entries_per_second)}${ratio(row.ratio)}`,
    ),
    '',
    'single requests, one entry with content each        per second   to plain on one connection',
    ...singles.map(
      (row) =>
        `  ${`${row.how}, ${row.in_flight} in flight, ${row.connections} connection${row.connections === 1 ? '' : 's'}`.padEnd(48)}${num(row.per_second)}${ratio(row.per_second / plainSingle)}`,
    ),
    '',
    'processes, batches of 501 entries                 entries/s   to one process on one topic',
    ...workers.map(
      (row) =>
        `  ${`${row.workers} on ${row.topics} topic${row.topics === 1 ? '' : 's'}`.padEnd(48)}${num(row.entries_per_second)}${ratio(row.entries_per_second / oneWorker)}`,
    ),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function num(value: number): string {
  return value.toLocaleString('en').padStart(10);
}

function ratio(value: number): string {
  return value.toFixed(2).padStart(12);
}
