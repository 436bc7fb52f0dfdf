/** Batches on one connection: the chain with its tiles against the same rows without either. */
import { inTransaction, createPool } from '../../src/db/pool.ts';
import { appendEntries } from '../../src/ledger/append.ts';
import { FoldReader } from '../../src/ledger/fold-reader.ts';
import type { AppendRequest } from '../../src/ledger/request.ts';
import type { BenchServer } from './database.ts';
import { insertPlain, readRows } from './plain.ts';
import { ANNOTATOR } from './workload.ts';

export interface BatchResult {
  readonly workload: string;
  readonly entries: number;
  readonly chained_entries_per_second: number;
  readonly plain_entries_per_second: number;
  /** Plain time over chained time: 1 = the chain costs nothing. */
  readonly ratio: number;
}

export interface BatchWorkload {
  readonly name: string;
  readonly entriesPerRequest: number;
  make(index: number): AppendRequest;
}

const TOPIC = 'bench';
const WARM_UP = 20;

/** Turn by turn, so that whatever else slows the machine slows both. Times are summed over `turns` batches. */
export async function compareBatches(
  server: BenchServer,
  workload: BatchWorkload,
  { entries, turns }: { entries: number; turns: number },
): Promise<BatchResult> {
  const options = { applicationName: 'hearsay-bench', max: 1 };
  const chained = createPool(await server.create([TOPIC]), options);
  const plain = createPool(await server.create([TOPIC]), options);
  const folds = new FoldReader();
  const append = (requests: readonly AppendRequest[]) =>
    inTransaction(chained, (client) => appendEntries(client, { topic: TOPIC, now: new Date(), folds }, requests));
  const insert = (rows: Awaited<ReturnType<typeof readRows>>) => inTransaction(plain, (client) => insertPlain(client, TOPIC, rows));
  const perBatch = Math.round(entries / workload.entriesPerRequest);
  let [chainedMs, plainMs, size] = [0, 0, 1];
  await append([ANNOTATOR]);
  await insert(await readRows(chained, TOPIC, 0));
  for (let turn = 0; turn < WARM_UP + turns; turn++) {
    const requests = Array.from({ length: perBatch }, (_, nth) => workload.make(1 + turn * perBatch + nth));
    const start = performance.now();
    await append(requests);
    const between = performance.now();
    const rows = await readRows(chained, TOPIC, size);
    const restart = performance.now();
    await insert(rows);
    size += rows.entries.length;
    if (turn < WARM_UP) continue;
    chainedMs += between - start;
    plainMs += performance.now() - restart;
  }
  await Promise.all([chained.end(), plain.end()]);
  const written = perBatch * workload.entriesPerRequest * turns;
  return {
    workload: workload.name,
    entries: perBatch * workload.entriesPerRequest,
    chained_entries_per_second: Math.round((written / chainedMs) * 1_000),
    plain_entries_per_second: Math.round((written / plainMs) * 1_000),
    ratio: plainMs / chainedMs,
  };
}
