/** Holds a community until it is killed. Run by community-lock.test.ts as `lock-process.ts URL ID`; prints `held` or `busy`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '../../src/db/pool.ts';
import { holdCommunity } from '../../src/pipeline/community-lock.ts';

const [url, id] = process.argv.slice(2) as [string, string];
const pool = createPool(url, { applicationName: 'test-lock', max: 1 });
const held = await holdCommunity(pool, Number(id), async () => {
  process.stdout.write('held\n');
  await sleep(600_000);
  return true;
});
process.stdout.write(held ? 'over\n' : 'busy\n');
await pool.end();
