/** A witness killed between writing down and answering: a client that asks again gets its cosignature, and nothing was forgotten. */
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formatVerifierKey, parseCheckpoint } from '../../src/ledger/checkpoint.ts';
import { formatWitnessKey, verifyCosignature, witnessVerifierKeyOf } from '../../src/ledger/cosignature.ts';
import { openListed } from '../unit/places/open-listed.ts';
import type { CosignatureLine } from '../../src/places/place.ts';
import { logIdOf } from '../../src/witness/state.ts';
import { NaiveTree } from '../property/naive-tree.ts';
import { createLog } from '../unit/witness/log.ts';
import { type Death, startWitnessProcess, WITNESS_KEY, type WitnessProcess } from './witness-process.ts';

const tree = NaiveTree.of(40);
const log = await createLog(tree);
const witnessKey = await witnessVerifierKeyOf(WITNESS_KEY);

let dir: string;
let running: WitnessProcess | undefined;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-witness-'));
});
afterEach(async () => {
  await kill();
  await rm(dir, { recursive: true, force: true });
});

async function start(death: Death): Promise<void> {
  running = await startWitnessProcess(dir, formatVerifierKey(log.key), death);
}

async function kill(): Promise<void> {
  const child = running?.child;
  running = undefined;
  if (child === undefined || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function died(): Promise<void> {
  const child = (running as WitnessProcess).child;
  if (child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
}

async function deliver(size: number, delivered: number): Promise<readonly CosignatureLine[]> {
  const [place] = openListed(`witness+${(running as WitnessProcess).url}#${formatWitnessKey(witnessKey)}`);
  const view = {
    rootAt: async (at: number) => tree.root(0, at),
    newestSize: async () => size,
    proveFrom: async (from: number) => (from > 0 && from < size ? tree.subproof(from, { start: 0, end: size }) : []),
  };
  const checkpoint = { topic: 'semax', origin: log.origin, size, root: tree.root(0, size), note: await log.note(size) };
  return (place as NonNullable<typeof place>).deliver(checkpoint, { tree: view, delivered, signal: new AbortController().signal });
}

const remembered = async (): Promise<number> => parseCheckpoint(await readFile(path.join(dir, 'logs', logIdOf(log.origin)), 'utf8')).size;

it.each([
  ['after', 20],
  ['before', 9],
] as const)('killed %s writing down, it remembers size %i, and the retry converges', async (when, size) => {
  await start({ saves: 1, when });
  await deliver(9, 0);
  await expect(deliver(20, 9)).rejects.toMatchObject({ name: 'TransientError', code: 'place_unreachable' });
  await died();
  expect(await remembered()).toBe(size);
  // The client does not know whether it was cosigned. Neither guess is wrong.
  await start({ saves: 9, when });
  const [cosigned] = await deliver(20, 9);
  const note = `${await log.note(20)}${cosigned?.line}\n`;
  expect(await verifyCosignature(parseCheckpoint(note), witnessKey)).toBeTypeOf('number');
  expect(await remembered()).toBe(20);
});

it('killed at any save, under requests of several clients at once, it never goes back', async () => {
  let last = 0;
  for (const saves of [0, 2, 1, 3]) {
    await start({ saves, when: saves % 2 === 0 ? 'after' : 'before' });
    const sizes = Array.from({ length: 8 }, (_, at) => last + 1 + at);
    await Promise.allSettled(sizes.map((size) => deliver(size, last)));
    // Until it dies: each of these is something new to write down.
    for (let size = last + 9; size <= 40 && running?.child.signalCode === null; size++) await deliver(size, 0).catch(() => undefined);
    await died();
    const now = await remembered().catch(() => 0);
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
  expect(last).toBeGreaterThan(0);
  await start({ saves: 9, when: 'after' });
  await deliver(40, 0);
  expect(await remembered()).toBe(40);
  expect(await readdir(path.join(dir, 'logs'))).toEqual([logIdOf(log.origin)]);
});

it('does not start on a state that was damaged meanwhile', async () => {
  await start({ saves: 1, when: 'after' });
  await deliver(9, 0);
  await kill();
  await writeFile(path.join(dir, 'logs', logIdOf(log.origin)), 'log.example/semax\n9\n');
  await expect(start({ saves: 1, when: 'after' })).rejects.toThrow('witness_state_damaged');
});
