/** One appending process of workers.ts: connects, warms up, waits for `go`, appends, says how many entries. */
import { createPool, inTransaction } from '../../src/db/pool.ts';
import { appendEntries } from '../../src/ledger/append.ts';
import { FoldReader } from '../../src/ledger/fold-reader.ts';
import { ENTRIES_PER_REPORT, makeReport } from './workload.ts';
import type { WorkerTask } from './workers.ts';

const BATCH = 167;
const WARM_UP = 4;

const task = JSON.parse(process.argv[2] as string) as WorkerTask;
const pool = createPool(task.url, { applicationName: 'hearsay-bench', max: 1 });
const folds = new FoldReader();
let next = task.from;

async function appendBatch(turn: number): Promise<void> {
  const topic = task.topics[turn % task.topics.length] as string;
  const requests = Array.from({ length: BATCH }, () => makeReport(next++, { bands: false }));
  await inTransaction(pool, (client) => appendEntries(client, { topic, now: new Date(), folds }, requests));
}

for (let turn = 0; turn < WARM_UP; turn++) await appendBatch(turn);
process.once('message', async () => {
  for (let turn = 0; turn < task.batches; turn++) await appendBatch(turn);
  await pool.end();
  process.send?.(task.batches * BATCH * ENTRIES_PER_REPORT, () => process.disconnect());
});
process.send?.('ready');
