/** Single appends in flight at once against plain single-row inserts, each in a transaction of its own. */
import { randomBytes } from 'node:crypto';
import { createPool } from '../../src/db/pool.ts';
import { FoldReader } from '../../src/ledger/fold-reader.ts';
import { GroupAppender } from '../../src/ledger/group-append.ts';
import type { BenchServer } from './database.ts';
import { insertSingle } from './plain.ts';

export interface SingleResult {
  readonly how: string;
  readonly in_flight: number;
  readonly connections: number;
  readonly per_second: number;
}

const TOPIC = 'bench';
const TEXT = 'Does anyone know of a study in people on this, and what became of those who took part?';

/** Keeps `inFlight` calls of `one` under way for `count` calls in all; returns calls per second. */
async function measure(count: number, inFlight: number, one: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const loop = async () => {
    while (next < count) await one(next++);
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, loop));
  return Math.round((count / (performance.now() - start)) * 1_000);
}

export async function measureAppends(server: BenchServer, inFlight: number, count: number): Promise<SingleResult> {
  const pool = createPool(await server.create([TOPIC]), { applicationName: 'hearsay-bench', max: 1 });
  const appends = new GroupAppender(pool, { folds: new FoldReader(), now: () => new Date() });
  const one = (prefix: string) => (index: number) => appends.append(TOPIC, { type: 'question', id: `${prefix}${index}`, text: `${TEXT} (${index})` });
  await measure(inFlight * 4, inFlight, one('warm'));
  const perSecond = await measure(count, inFlight, one('q'));
  await pool.end();
  return { how: 'chained', in_flight: inFlight, connections: 1, per_second: perSecond };
}

export async function measureInserts(server: BenchServer, connections: number, count: number): Promise<SingleResult> {
  const pool = createPool(await server.create([TOPIC]), { applicationName: 'hearsay-bench', max: connections });
  const hash = randomBytes(32);
  // About the bytes that the append writes for such a question.
  const header = Buffer.from(
    JSON.stringify({ commitment: hash.toString('hex'), day: '2026-01-01', number: 100_000, seq: 100_000, topic: TOPIC, type: 'question', v: 1 }),
  );
  const one = (from: number) => (index: number) =>
    insertSingle(pool, TOPIC, {
      seq: from + index,
      type: 'question',
      key: Buffer.from(`q${from + index}`),
      ref: null,
      header,
      entry: hash,
      salt: hash,
      content: Buffer.from(JSON.stringify({ text: `${TEXT} (${index})` })),
    });
  await measure(connections * 4, connections, one(0));
  const perSecond = await measure(count, connections, one(100_000));
  await pool.end();
  return { how: 'plain', in_flight: connections, connections, per_second: perSecond };
}
