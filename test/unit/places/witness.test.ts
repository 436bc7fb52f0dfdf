/** The client of a witness against answers a good one, a strange one and a hostile one give. The good one itself: test/conformance/places.test.ts. */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { formatWitnessKey, signCosignature, witnessVerifierKeyOf } from '../../../src/ledger/cosignature.ts';
import { openListed } from './open-listed.ts';
import type { CosignatureLine, Place } from '../../../src/places/place.ts';
import { parseAddCheckpoint } from '../../../src/witness/add-checkpoint.ts';
import { NaiveTree } from '../../property/naive-tree.ts';
import { createLog } from '../witness/log.ts';
import { type Asked, answerWith, type Loopback } from './loopback.ts';

const WITNESS = { name: 'witness.example/w1', seed: new Uint8Array(32).fill(5) };
const vkey = formatWitnessKey(await witnessVerifierKeyOf(WITNESS));
const tree = NaiveTree.of(30);
const log = await createLog(tree);
const { body } = parseCheckpoint(await log.note(20));
const line = await signCosignature(body, { ...WITNESS, time: 1_772_600_767 });
const elsewhere = await signCosignature(body.replace('20', '21'), { ...WITNESS, time: 1_772_600_767 });
const stranger = await signCosignature(body, { name: 'witness.example/w2', seed: new Uint8Array(32).fill(6), time: 1_772_600_767 });

let server: Loopback | undefined;
afterEach(() => server?.close());

/** Delivers size 20 to a witness that took size 8 last, as far as we know. */
async function deliver(
  answer: (response: ServerResponse, asked: Asked) => void,
  { prefix = '', newest = 20 }: { prefix?: string; newest?: number } = {},
): Promise<readonly CosignatureLine[]> {
  server = await answerWith(answer);
  const place = openListed(`witness+${server.url}${prefix}#${vkey}`)[0] as Place;
  const view = {
    rootAt: async (size: number) => tree.root(0, size),
    newestSize: async () => newest,
    proveFrom: async (from: number) => (from > 0 && from < 20 ? tree.subproof(from, { start: 0, end: 20 }) : []),
  };
  return place.deliver(
    { topic: 'semax', origin: log.origin, size: 20, root: tree.root(0, 20), note: await log.note(20) },
    { tree: view, delivered: 8, signal: new AbortController().signal },
  );
}
const conflict = (response: ServerResponse, size: number | string): void =>
  void response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(`${size}\n`);
const askedSizes = (): number[] => (server as Loopback).asked.map((asked) => parseAddCheckpoint(asked.body).oldSize);

describe('what is sent', () => {
  it('is the last known size, its proof, and the note, to the submission prefix', async () => {
    expect(await deliver((response) => response.end(`${line}\n`), { prefix: '/prefix/' })).toEqual([{ name: WITNESS.name, line }]);
    expect((server as Loopback).asked.map(({ url }) => url)).toEqual(['/prefix/add-checkpoint']);
    expect(parseAddCheckpoint((server as Loopback).asked[0]?.body ?? '')).toEqual({
      oldSize: 8,
      proof: tree.subproof(8, { start: 0, end: 20 }),
      note: await log.note(20),
    });
  });

  it.each([0, 3, 13, 20])('after a conflict is proved from the size the witness names: %i', async (held) => {
    await deliver((response, { body: sent }) => {
      const { oldSize, proof } = parseAddCheckpoint(sent);
      if (oldSize !== held) return conflict(response, held);
      expect(proof).toEqual(held > 0 && held < 20 ? tree.subproof(held, { start: 0, end: 20 }) : []);
      response.end(`${line}\n`);
    });
    expect(askedSizes()).toEqual([8, held]);
  });

  it('is sent twice at most', async () => {
    let size = 9;
    await expect(deliver((response) => conflict(response, size++))).rejects.toMatchObject({ name: 'TransientError', code: 'place_failed' });
    expect(askedSizes()).toEqual([8, 9]);
  });
});

describe('what is taken', () => {
  it('is the line of the key configured, among those of others', async () => {
    expect(await deliver((response) => response.end(`${stranger}\n— x\n${line}\n`))).toEqual([{ name: WITNESS.name, line }]);
  });
  it.each([
    ['nothing', ''],
    ['the line of another key', `${stranger}\n`],
    ['a line that names the key and does not hold', `${line.slice(0, -8)}AAAAAAA=\n`],
    ['a cosignature of another checkpoint', `${elsewhere}\n`],
    ['no text', Buffer.from([0xff, 0x00])],
  ])('%s is no cosignature', async (_, text) => {
    await expect(deliver((response) => response.end(text))).rejects.toMatchObject({ name: 'InvalidInputError', code: 'bad_cosignature' });
  });
});

describe('what is answered otherwise', () => {
  it.each([
    ['a larger size than the database has', (response: ServerResponse) => conflict(response, 21), 'place_ahead'],
    ['that the proof does not hold', (response: ServerResponse) => response.writeHead(422).end(), 'place_contradicts'],
    [
      'a conflict at our own size, however it says so',
      (response: ServerResponse, asked: Asked) =>
        parseAddCheckpoint(asked.body).oldSize === 20 ? response.writeHead(409).end('other root') : conflict(response, 20),
      'place_contradicts',
    ],
    ['a conflict at our own size, with the size', (response: ServerResponse) => conflict(response, 20), 'place_contradicts'],
  ])('an alarm: %s', async (_, answer, code) => {
    await expect(deliver(answer)).rejects.toMatchObject({ name: 'IntegrityError', code });
  });

  it('no alarm when the database has grown meanwhile', async () => {
    expect(await deliver((response) => conflict(response, 25), { newest: 25 })).toEqual([]);
  });

  it.each([
    [404, 'InvalidInputError', 'place_refused', /does not know log\.example\/semax/],
    [403, 'InvalidInputError', 'place_refused', /does not trust the key/],
    [400, 'InvalidInputError', 'place_refused', /answers 400/],
    [302, 'InvalidInputError', 'place_refused', /redirects are not followed/],
    [409, 'TransientError', 'place_failed', /meanwhile/],
    [500, 'TransientError', 'place_failed', /answers 500/],
  ])('a failure: %i', async (status, name, code, message) => {
    await expect(deliver((response) => response.writeHead(status).end())).rejects.toMatchObject({ name, code, message: expect.stringMatching(message) });
  });
  it.each(['', '-1', '08', '1e1', '99999999999999999999'])('a failure: a conflict at size %j, which is none', async (size) => {
    await expect(deliver((response) => conflict(response, size))).rejects.toMatchObject({ code: 'place_failed' });
    expect(askedSizes()).toEqual([8]);
  });
});
