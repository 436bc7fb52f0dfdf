/** Arrays in PostgreSQL's binary format, read back from the server. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import fc from 'fast-check';
import { byteaArray, int8Array, textArray } from '../../src/db/binary-array.ts';
import { createEmptyDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createEmptyDatabase();
  client = new pg.Client(database.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function readBack(array: Buffer, type: 'bytea' | 'bigint' | 'text'): Promise<unknown[]> {
  const { rows } = await client.query<{ value: unknown }>(`SELECT value FROM unnest($1::${type}[]) WITH ORDINALITY AS u (value, at) ORDER BY at`, [array]);
  return rows.map((row) => row.value);
}

it('gives the server every bytea, empty ones and nulls too', async () => {
  const values = fc.array(fc.option(fc.uint8Array({ maxLength: 300 })), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(values, async (given) => {
      const expected = given.map((value) => (value === null ? null : Buffer.from(value)));
      expect(await readBack(byteaArray(given), 'bytea')).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

it('gives it every text', async () => {
  // NUL is no character of a Postgres text.
  const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !value.includes('\0'));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text), { maxLength: 8 }), async (given) => {
      expect(await readBack(textArray(given), 'text')).toEqual(given);
    }),
    { numRuns: 50 },
  );
});

it('gives it every integer, as number or bigint', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))), { maxLength: 8 }),
      async (given) => {
        const expected = given.map((value) => (value === null ? null : String(value)));
        expect(await readBack(int8Array(given), 'bigint')).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});
