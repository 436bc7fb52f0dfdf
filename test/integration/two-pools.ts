/** What stands for two processes on one database: two pools, and no turn at any host taken when a test begins. */
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** For the top of a test file; filled before its first test. */
export function useTwoPools(): readonly [Pool, Pool] {
  const pools: Pool[] = [];
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    for (const name of ['test-a', 'test-b']) pools.push(createPool(database.url, { applicationName: name }));
  });
  afterAll(async () => {
    for (const pool of pools) await pool.end();
    await database.drop();
  });
  beforeEach(async () => {
    await pools[0]?.query('DELETE FROM host_turn');
  });
  return pools as unknown as readonly [Pool, Pool];
}
