import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { logIdOf, openWitnessState, type WitnessState } from '../../../src/witness/state.ts';
import { NaiveTree } from '../../property/naive-tree.ts';
import { createLog, type TestLog } from './log.ts';

let dir: string;
let log: TestLog;
let other: TestLog;
const opened: WitnessState[] = [];

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-witness-'));
  log = await createLog(NaiveTree.of(9));
  other = await createLog(NaiveTree.of(4), 'other.example/log');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((state) => state.close()));
  await rm(dir, { recursive: true, force: true });
});

async function open(...logs: readonly TestLog[]): Promise<WitnessState> {
  const state = await openWitnessState(dir, new Map(logs.map(({ origin, key }) => [origin, [key]])));
  opened.push(state);
  return state;
}

async function save(state: WitnessState, from: TestLog, size: number): Promise<void> {
  const note = await from.note(size);
  await state.save({ checkpoint: parseCheckpoint(note), note });
}
const fileOf = ({ origin }: TestLog): string => path.join(dir, 'logs', logIdOf(origin));

describe('the state of a witness', () => {
  it('is empty at first, and remembers the last checkpoint of each log', async () => {
    const first = await open(log, other);
    expect(first.logs.size).toBe(0);
    await save(first, log, 3);
    await save(first, log, 9);
    await save(first, other, 2);
    await opened.pop()?.close();
    const again = await open(log, other);
    expect([...again.logs].map(([origin, { checkpoint }]) => [origin, checkpoint.size]).sort()).toEqual([
      [log.origin, 9],
      [other.origin, 2],
    ]);
    expect(await readFile(fileOf(log), 'utf8')).toBe(await log.note(9));
  });

  it('is used by one witness at a time', async () => {
    await open(log);
    await expect(openWitnessState(dir, new Map())).rejects.toMatchObject({
      code: 'witness_state_in_use',
      message: expect.stringContaining(String(process.pid)),
    });
  });

  it('deletes drafts that a crash left, and nothing else', async () => {
    await save(await open(log), log, 3);
    await opened.pop()?.close();
    await writeFile(`${fileOf(log)}.77-abcd.draft`, 'half a no');
    expect((await open(log)).logs.size).toBe(1);
    expect(await readdir(path.join(dir, 'logs'))).toEqual([logIdOf(log.origin)]);
  });

  it.each([
    ['cut off', (note: string) => note.slice(0, 40)],
    ['empty', () => ''],
    ['of another size', (note: string) => note.replace('\n3\n', '\n2\n')],
    ['of another root', (note: string) => note.replace(/\n3\n./, '\n3\nA')],
    ['of another log', () => other.note(3)],
  ])('a file that is %s stops the start, and releases the directory', async (_, damage) => {
    await save(await open(log), log, 3);
    await opened.pop()?.close();
    const good = await readFile(fileOf(log), 'utf8');
    await writeFile(fileOf(log), await damage(good));
    await expect(openWitnessState(dir, new Map([[log.origin, [log.key]]]))).rejects.toMatchObject({ name: 'IntegrityError', code: 'witness_state_damaged' });
    await writeFile(fileOf(log), good);
    expect((await open(log)).logs.size).toBe(1);
  });

  it('keeps the memory of a log that is out of the list', async () => {
    await save(await open(log), log, 3);
    await opened.pop()?.close();
    expect((await open(other)).logs.get(log.origin)?.checkpoint.size).toBe(3);
  });

  it('does not begin in a directory that is a file', async () => {
    await mkdir(path.join(dir, 'a'));
    await writeFile(path.join(dir, 'a/state'), '');
    await expect(openWitnessState(path.join(dir, 'a/state'), new Map())).rejects.toMatchObject({ code: 'witness_state_unusable' });
  });
});

describe('evidence', () => {
  it('is kept once for each checkpoint, and no more than sixteen of a kind', async () => {
    const state = await open(log);
    const evidence = async (size: number) => ({ checkpoint: parseCheckpoint(await log.note(size)), text: `size ${size}\n` });
    expect(await state.keepEvidence({ kind: 'contradiction', ...(await evidence(1)) })).toBe(true);
    expect(await state.keepEvidence({ kind: 'contradiction', ...(await evidence(1)) })).toBe(false);
    const many = NaiveTree.of(20);
    const busy = await createLog(many, log.origin);
    const kept = [];
    for (let size = 1; size <= 20; size++)
      kept.push(await state.keepEvidence({ kind: 'unproved', checkpoint: parseCheckpoint(await busy.note(size)), text: 'x' }));
    expect(kept.filter(Boolean)).toHaveLength(16);
    // Bad proofs, which anybody can send, leave room for what proves a fork.
    expect(await state.keepEvidence({ kind: 'contradiction', ...(await evidence(2)) })).toBe(true);
    expect(await readdir(path.join(dir, 'evidence'))).toHaveLength(18);
  });
});
