/** What the doctor says of outside places, from what deliveries left in the database. */
import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPlaces } from '../../src/cli/doctor/places.ts';
import { createPool } from '../../src/db/pool.ts';
import { parsePlaces } from '../../src/places/address.ts';
import { NaiveTree } from '../property/naive-tree.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { addCheckpoint, addEntries, addTopic } from './log-fixture.ts';

const PLACES = parsePlaces('dir:/mnt/usb,https://kim:hunter2@a.example/notes?token=hunter2', '/');
const tree = NaiveTree.of(9);
let database: TestDatabase;
let pool: Pool;
beforeEach(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, { applicationName: 'test-doctor', max: 2 });
  await addTopic(pool, 'semax');
  await addEntries(pool, 'semax', { to: 9 });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

async function record(at: number, size: number, failure?: { attempts: number; error: string }): Promise<void> {
  await pool.query(
    `INSERT INTO checkpoint_delivery (place, topic, size, attempts, error) VALUES ($1, 'semax', $2, $3, $4)
     ON CONFLICT (place, topic) DO UPDATE SET size = excluded.size, attempts = excluded.attempts, error = excluded.error`,
    [PLACES[at]?.name, size, failure?.attempts ?? 0, failure?.error],
  );
}

describe('checkPlaces', () => {
  it('warns where there are none', async () => {
    expect(await checkPlaces(pool, [])).toMatchObject([{ name: 'outside places', ok: 'warn' }]);
  });

  it('shows how far each has got', async () => {
    expect(await checkPlaces(pool, PLACES)).toMatchObject([
      { ok: true, found: 'nothing signed yet' },
      { ok: true, found: 'nothing signed yet' },
    ]);
    await addCheckpoint(pool, 'semax', { tree, size: 5 });
    await addCheckpoint(pool, 'semax', { tree, size: 9 });
    await record(0, 9);
    await record(1, 5);
    expect(await checkPlaces(pool, PLACES)).toMatchObject([
      { name: 'outside place dir:/mnt/usb', ok: true, found: 'semax 9' },
      { ok: true, found: 'semax 5 of 9' },
    ]);
  });

  it('shows failures, alarms above them, and no secret', async () => {
    await addCheckpoint(pool, 'semax', { tree, size: 9 });
    await record(0, 5, { attempts: 3, error: 'place_unusable: there is no directory /mnt/usb' });
    await record(1, -1, { attempts: 1, error: 'place_contradicts: it has another root of size 5' });
    const checks = await checkPlaces(pool, PLACES);
    expect(checks).toMatchObject([
      { ok: 'warn', found: 'semax at size 5 of 9, 3 failed attempts: place_unusable: there is no directory /mnt/usb' },
      { ok: false, found: 'semax: place_contradicts: it has another root of size 5' },
    ]);
    expect(JSON.stringify(checks)).not.toContain('hunter2');
  });
});
