/** The whole way of a checkpoint: appended, signed, brought outside, cosigned, exported; and a signer whose own memory was set back as well. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCheckpoint, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { formatWitnessKey, verifyCosignature, witnessVerifierKeyOf } from '../../src/ledger/cosignature.ts';
import { exportTopic } from '../../src/ledger/export.ts';
import { verifyExport } from '../../src/ledger/verify.ts';
import { type DeliveryReport, deliverCheckpoints } from '../../src/places/deliver.ts';
import { newestOutside } from '../../src/places/list.ts';
import { openListed } from '../unit/places/open-listed.ts';
import type { Place } from '../../src/places/place.ts';
import { openNoteStore } from '../../src/signer/note-store.ts';
import { signTopic } from '../../src/signer/sign-topic.ts';
import { createWitnessApp, type ServedWitness, serveWitness } from '../../src/witness/server.ts';
import { openWitnessState, type WitnessState } from '../../src/witness/state.ts';
import { createWitness } from '../../src/witness/witness.ts';
import { ANNOTATOR, type LedgerFixture, NOW, openLedger, report } from './ledger-fixture.ts';

const KEY = { name: 'witness.example/w1', seed: new Uint8Array(32).fill(5) };
const witnessKey = await witnessVerifierKeyOf(KEY);
const ORIGIN = 'ledger.example/semax';

let folder: string;
let state: WitnessState;
let server: ServedWitness;
let ledgers: LedgerFixture[];
let places: Place[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearsay-witnessed-'));
  await mkdir(path.join(folder, 'notes'));
  ledgers = [];
  const logs = new Map([[ORIGIN, [await verifierKeyOf(ORIGIN, new Uint8Array(32).fill(9))]]]);
  state = await openWitnessState(path.join(folder, 'state'), logs);
  const witness = createWitness({ key: KEY, logs, state, now: () => NOW, onSuspicion: () => undefined });
  server = await serveWitness(createWitnessApp({ witness, vkey: formatWitnessKey(witnessKey), report: () => undefined }), { host: '127.0.0.1', port: 0 });
  places = openListed(`dir:${folder}/notes,witness+${server.url}#${formatWitnessKey(witnessKey)}`);
});
afterEach(async () => {
  await server.close();
  await state.close();
  for (const ledger of ledgers) await ledger.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<LedgerFixture> {
  const ledger = await openLedger();
  ledgers.push(ledger);
  await ledger.append(ANNOTATOR);
  return ledger;
}

function deliver({ pool }: LedgerFixture): Promise<DeliveryReport> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return deliverCheckpoints({ pool, places, now: () => NOW, log: silent }, new AbortController().signal);
}

async function exportLines({ pool }: LedgerFixture): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportTopic(pool, 'semax', { withContent: true, policyOf: () => 'summary' })) lines.push(line.slice(0, -1));
  return lines;
}

it('every step is cosigned, and an export shows it and verifies', async () => {
  const ledger = await open();
  for (let post = 0; post < 4; post++) {
    await ledger.append(report({ post: `t3_${post}` }));
    await ledger.sign();
    expect(await deliver(ledger)).toEqual({ delivered: 2, failed: 0 });
  }
  const lines = await exportLines(ledger);
  const { checkpoint } = JSON.parse(lines.at(-1) as string) as { checkpoint: string };
  expect(await verifyCosignature(parseCheckpoint(checkpoint), witnessKey)).toBe(NOW.getTime() / 1_000);
  expect(
    await verifyExport(
      (async function* () {
        yield* lines;
      })(),
    ),
  ).toMatchObject({ ok: true, size: 13 });
  // The first line of the note is the log's own: what is outside is the same without the witness.
  expect(checkpoint.startsWith(await readFile(path.join(folder, 'notes/semax/checkpoint'), 'utf8'))).toBe(true);
});

describe('a database and a signer that were set back together', () => {
  it('are refused by the directory outside, and by the witness', async () => {
    const ledger = await open();
    await ledger.append(report({ post: 't3_1' }), report({ post: 't3_2' }));
    await ledger.sign();
    await deliver(ledger);

    // The same beginning, restored without the end, under the same key, with no memory.
    const older = await open();
    await older.append(report({ post: 't3_1' }));
    const notes = openNoteStore(path.join(folder, 'empty'));
    const guarded = { ...older.signer, notes, newestOutside: (origin: string) => newestOutside(places, origin) };
    await expect(signTopic(older.pool, 'semax', guarded)).rejects.toMatchObject({ name: 'IntegrityError', code: 'log_shrunk' });
    // A signer that reads nothing back signs it; the places still do not take it.
    await older.sign();
    expect(await deliver(older)).toEqual({ delivered: 0, failed: 2 });
    const { rows } = await older.pool.query<{ error: string }>('SELECT error FROM checkpoint_delivery');
    for (const { error } of rows) expect(error).toMatch(/^place_ahead: /);
    expect(rows).toHaveLength(2);
  });
});
