/**
 * Appends reports to a ledger until it is killed, in batches of 1 to 40, and prints after each commit how many of its reports are in.
 * What was under way when the one before it was killed is asked again: `from` is the first report nobody has confirmed.
 * Run by kill-ledger.test.ts as `append-process.ts URL TOPIC NAME FROM`.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, inTransaction } from '../../src/db/pool.ts';
import { TransientError } from '../../src/errors.ts';
import { appendEntries } from '../../src/ledger/append.ts';
import { FoldReader } from '../../src/ledger/fold-reader.ts';
import { ANNOTATOR, report } from './ledger-fixture.ts';

const [url, topic, name, from] = process.argv.slice(2) as [string, string, string, string];
const pool = createPool(url, { applicationName: `test-append-${name}`, max: 1 });
const folds = new FoldReader();

for (let next = Number(from); ; ) {
  const count = randomInt(1, 41);
  const reports = Array.from({ length: count }, (_, nth) => report({ post: `${name}-${next + nth}`, thread: `t${nth % 3}` }));
  try {
    await inTransaction(pool, (client) => appendEntries(client, { topic, now: new Date(), folds }, [ANNOTATOR, ...reports]));
    next += count;
    process.stdout.write(`${next}\n`);
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    await sleep(100);
  }
}
