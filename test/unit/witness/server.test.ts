/** A witness asked over HTTP without a socket: every answer c2sp.org/tlog-witness names. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { signAsync } from '@noble/ed25519';
import type { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addSignatureLines, formatVerifierKey, parseCheckpoint, signCheckpoint, verifierKeyOf } from '../../../src/ledger/checkpoint.ts';
import { formatWitnessKey, parseWitnessKey, verifyCosignature, witnessVerifierKeyOf } from '../../../src/ledger/cosignature.ts';
import { formatAddCheckpoint } from '../../../src/witness/add-checkpoint.ts';
import { createWitnessApp } from '../../../src/witness/server.ts';
import { logIdOf, openWitnessState, type WitnessState } from '../../../src/witness/state.ts';
import { createWitness, type Suspicion } from '../../../src/witness/witness.ts';
import { NaiveTree } from '../../property/naive-tree.ts';
import { createLog, forkOf, type TestLog } from './log.ts';

const KEY = { name: 'witness.example/w1', seed: new Uint8Array(32).fill(5) };
const NOW = new Date('2026-03-04T05:06:07.900Z');
const vkey = formatWitnessKey(await witnessVerifierKeyOf(KEY));
const tree = NaiveTree.of(40);
const log = await createLog(tree);
const fork = await createLog(forkOf(tree, 7));

let dir: string;
let state: WitnessState;
let app: Hono;
let suspicions: Suspicion[];
let reported: unknown[];
let now: Date;

async function start(saves?: WitnessState['save']): Promise<void> {
  state = await openWitnessState(dir, new Map([[log.origin, [log.key]]]));
  suspicions = [];
  reported = [];
  now = NOW;
  const witness = createWitness({
    key: KEY,
    logs: new Map([[log.origin, [log.key]]]),
    state: saves ? { ...state, save: saves } : state,
    now: () => now,
    onSuspicion: (suspicion) => suspicions.push(suspicion),
  });
  app = createWitnessApp({ witness, vkey, report: (error) => reported.push(error) });
}

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'hearsay-witness-'));
  await start();
});
afterEach(async () => {
  await state.close();
  await rm(dir, { recursive: true, force: true });
});

interface Told {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

async function post(body: string | Uint8Array): Promise<Told> {
  const response = await app.request('/add-checkpoint', { method: 'POST', body: new Blob([body as Uint8Array<ArrayBuffer>]) });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}
const submit = async (from: TestLog, size: number, oldSize: number, proof?: readonly Uint8Array[]): Promise<Told> =>
  post(await from.request(size, oldSize, proof));

async function timeOf(from: TestLog, size: number, text: string): Promise<number | undefined> {
  return verifyCosignature(parseCheckpoint(addSignatureLines(await from.note(size), [text.trimEnd()])), parseWitnessKey(vkey));
}

describe('add-checkpoint', () => {
  it('200: cosigns the first checkpoint, the next, and the last again at a new time', async () => {
    const first = await submit(log, 5, 0);
    expect([first.status, first.text]).toEqual([200, expect.stringMatching(/^— witness\.example\/w1 [A-Za-z0-9+/=]+\n$/)]);
    expect(await timeOf(log, 5, first.text)).toBe(1_772_600_767);
    const next = await submit(log, 12, 5);
    expect(await timeOf(log, 12, next.text)).toBe(1_772_600_767);
    now = new Date('2026-03-04T05:07:07Z');
    const again = await submit(log, 12, 12);
    expect(await timeOf(log, 12, again.text)).toBe(1_772_600_827);
    expect(suspicions).toEqual([]);
  });

  it('200: ignores signatures of keys it does not know, and keeps none of them', async () => {
    const note = addSignatureLines(await log.note(5), ['— somebody.example AAAAAAAAAAAA', `— ${log.origin} AAAAAAAAAAAA`]);
    expect((await post(formatAddCheckpoint({ oldSize: 0, proof: [], note }))).status).toBe(200);
    const kept = await readFile(path.join(dir, 'logs', logIdOf(log.origin)), 'utf8');
    expect(parseCheckpoint(kept).signatures.map(({ name }) => name)).toEqual([log.origin, KEY.name]);
  });

  it('200: cosigns extension lines with the rest', async () => {
    const body = `${parseCheckpoint(await log.note(5)).body}Timestamp: 1772600767\n`;
    const line = `— ${log.origin} ${Buffer.concat([log.key.id, await signAsync(Buffer.from(body), log.seed)]).toString('base64')}`;
    const told = await post(formatAddCheckpoint({ oldSize: 0, proof: [], note: `${body}\n${line}\n` }));
    const signatures = parseCheckpoint(addSignatureLines(await log.note(5), [told.text.trimEnd()])).signatures;
    expect(await verifyCosignature({ body, signatures }, parseWitnessKey(vkey))).toBe(1_772_600_767);
    await state.close();
    await start();
    expect((await submit(log, 9, 5)).status).toBe(200);
  });

  it('404: an origin it does not follow', async () => {
    const stranger = await createLog(tree, 'stranger.example/log');
    expect((await submit(stranger, 5, 0)).status).toBe(404);
  });

  it('403: no signature by a key of the log that holds', async () => {
    const forged = await signCheckpoint({ origin: log.origin, size: 5, root: tree.root(0, 5) }, new Uint8Array(32).fill(4));
    expect((await post(formatAddCheckpoint({ oldSize: 0, proof: [], note: forged }))).status).toBe(403);
    const moved = (await log.note(5)).replace('\n5\n', '\n6\n');
    expect((await post(formatAddCheckpoint({ oldSize: 0, proof: [], note: moved }))).status).toBe(403);
    // Signed, but under the log's key another signature fails: the note is not what anybody signed.
    const key = parseCheckpoint(forged).signatures[0];
    const mixed = addSignatureLines(await log.note(5), [
      `— ${log.origin} ${Buffer.concat([log.key.id, key?.signature ?? Buffer.alloc(64)]).toString('base64')}`,
    ]);
    expect((await post(formatAddCheckpoint({ oldSize: 0, proof: [], note: mixed }))).status).toBe(403);
  });

  it.each([
    ['nothing', ''],
    ['no checkpoint', 'old 0\n\n'],
    ['not UTF-8', Buffer.from([0x6f, 0x6c, 0x64, 0x20, 0x30, 0x0a, 0x0a, 0xff, 0x0a])],
    ['64 hashes', `old 1\n${`${'A'.repeat(43)}=\n`.repeat(64)}\nx\n`],
  ])('400: %s', async (_, body) => {
    expect((await post(body)).status).toBe(400);
  });
  it('400: an old size larger than the checkpoint', async () => {
    await submit(log, 9, 0);
    expect((await submit(log, 5, 9)).status).toBe(400);
  });

  it('409: another old size than the last cosigned, which it names', async () => {
    expect(await submit(log, 9, 4)).toEqual({ status: 409, type: 'text/x.tlog.size', text: '0\n' });
    await submit(log, 9, 0);
    expect(await submit(log, 12, 0)).toEqual({ status: 409, type: 'text/x.tlog.size', text: '9\n' });
    expect(await submit(log, 5, 5)).toEqual({ status: 409, type: 'text/x.tlog.size', text: '9\n' });
  });

  it('409: another root of the last size, which it keeps as evidence', async () => {
    await submit(log, 9, 0);
    expect(await submit(fork, 9, 9)).toMatchObject({ status: 409, type: expect.stringContaining('text/plain') });
    expect(suspicions).toEqual([{ kind: 'contradiction', origin: log.origin, size: 9, kept: true }]);
    const [name] = await readdir(path.join(dir, 'evidence'));
    const evidence = await readFile(path.join(dir, 'evidence', name as string), 'utf8');
    expect(evidence).toContain((await log.note(9)).trimEnd());
    expect(evidence).toContain(await fork.note(9));
  });

  it('422: a tree that does not continue the last, and a proof that does not hold', async () => {
    await submit(log, 9, 0);
    expect((await submit(fork, 12, 9)).status).toBe(422);
    expect((await submit(log, 12, 9, [])).status).toBe(422);
    expect(suspicions.map(({ kind, size, kept }) => [kind, size, kept])).toEqual([
      ['unproved', 12, true],
      ['unproved', 12, true],
    ]);
    expect((await submit(log, 12, 9)).status).toBe(200);
  });
  it('422: a proof from size 0', async () => {
    expect((await submit(log, 9, 0, [new Uint8Array(32)])).status).toBe(422);
  });

  it('413 and 405: a body that is too large, another method', async () => {
    expect((await post('x'.repeat(65 * 1024))).status).toBe(413);
    const response = await app.request('/add-checkpoint');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('500: nothing is cosigned that could not be written down', async () => {
    await state.close();
    await start(() => Promise.reject(new Error('the disk is full')));
    const told = await submit(log, 5, 0);
    expect([told.status, told.text]).toEqual([500, expect.not.stringContaining('—')]);
    expect(reported).toHaveLength(1);
    // And it remembers having cosigned nothing.
    expect(await submit(log, 9, 5)).toMatchObject({ status: 409, text: '0\n' });
  });

  it('is on disk before it is answered, and remembered after a restart', async () => {
    await submit(log, 5, 0);
    await submit(log, 12, 5);
    await state.close();
    await start();
    expect(await submit(log, 20, 5)).toMatchObject({ status: 409, text: '12\n' });
    expect((await submit(log, 20, 12)).status).toBe(200);
  });
});

describe('pages', () => {
  const get = async (address: string): Promise<Told> => {
    const response = await app.request(address);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  it('say who it is, which logs it follows, and how far', async () => {
    await submit(log, 12, 0);
    const { text } = await get('/');
    expect(text).toContain(`verifier key: ${vkey}\n`);
    expect(text).toContain(`  ${log.origin}: 12\n`);
    const root = Buffer.from(tree.root(0, 12)).toString('base64');
    expect(JSON.parse((await get('/logs')).text)).toEqual([
      { origin: log.origin, id: logIdOf(log.origin), keys: [formatVerifierKey(log.key)], size: 12, root },
    ]);
  });
  it('hand out the last cosigned checkpoint', async () => {
    expect((await get(`/logs/${logIdOf(log.origin)}/checkpoint`)).status).toBe(404);
    await submit(log, 12, 0);
    const { text } = await get(`/logs/${logIdOf(log.origin)}/checkpoint`);
    expect(text.startsWith(await log.note(12))).toBe(true);
    expect(await verifyCosignature(parseCheckpoint(text), parseWitnessKey(vkey))).toBe(1_772_600_767);
    expect((await get('/logs/../checkpoint')).status).toBe(404);
  });
});

it('a log may change its key: both are trusted for its origin', async () => {
  const renewed = await verifierKeyOf('key.example/new', new Uint8Array(32).fill(9));
  const witness = createWitness({ key: KEY, logs: new Map([[log.origin, [renewed, log.key]]]), state, now: () => NOW, onSuspicion: () => undefined });
  expect(await witness.addCheckpoint(await log.request(5, 0))).toMatchObject({ kind: 'cosigned' });
});
