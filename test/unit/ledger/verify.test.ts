/** What verification answers, and what it holds the last line of an export to. Entries: verify-hostile.test.ts. */
import { describe, expect, it } from 'vitest';
import { GENESIS } from '../../../src/ledger/chain.ts';
import { fingerprintOf, formatVerifierKey, parseCheckpoint, signCheckpoint, verifierKeyOf } from '../../../src/ledger/checkpoint.ts';
import { witnessVerifierKeyOf } from '../../../src/ledger/cosignature.ts';
import { leafHashOf } from '../../../src/ledger/merkle.ts';
import { startVerification, verifyExport, type VerifyOptions } from '../../../src/ledger/verify.ts';
import { VerifiedChain } from '../../../src/ledger/verify-chain.ts';
import type { CheckedEntry } from '../../../src/ledger/verify-entry.ts';
import { Failure, placed, settle } from '../../../src/ledger/verify-result.ts';
import { excerpt, whole } from '../../conformance/python-verifier/sample.ts';
import { ORIGIN, sampleExport, sampleHistory, SEED } from '../../property/ledger-sample.ts';

const strip = (lines: readonly string[]): string[] => lines.map((line) => line.slice(0, -1));
const verify = (lines: readonly string[], options: VerifyOptions = {}) => verifyExport(strip(lines), options);
type Closing = { readonly checkpoint: string; readonly counts: string };
const closingOf = (lines: readonly string[]): Closing => JSON.parse(lines.at(-1) as string) as Closing;
const withLast = (lines: readonly string[], closing: object): string[] => lines.with(-1, `${JSON.stringify(closing)}\n`);
const withOpening = (lines: readonly string[], change: object): string[] =>
  lines.with(0, `${JSON.stringify({ ...(JSON.parse(lines[0] as string) as object), ...change })}\n`);

const lines = await sampleExport();
const { checkpoint: note, counts } = closingOf(lines);
const signed = parseCheckpoint(note);
const key = await verifierKeyOf(ORIGIN, SEED);
const stranger = new Uint8Array(32).fill(7);
const other = 'other.example/semax';
const resign = (change: object, seed = SEED): Promise<string> => signCheckpoint({ ...signed, ...change }, seed);
const fails = (where: string, why?: RegExp) => ({ ok: false, where, ...(why ? { why: expect.stringMatching(why) } : {}) });

describe('the answer', () => {
  const witness = { name: 'witness.example/w', seed: new Uint8Array(32).fill(9) };
  const common = { ok: true, topic: 'semax', origin: ORIGIN, size: 16, root: Buffer.from(signed.root).toString('hex'), fingerprint: fingerprintOf(key) };

  it('says all of a whole export', async () => {
    const witnesses = [await witnessVerifierKeyOf(witness)];
    expect(await verify(whole, { key, witnesses })).toEqual({
      ...common,
      entries: 16,
      excerpt: false,
      head: (JSON.parse(lines.at(-2) as string) as { entry: string }).entry,
      open: 5,
      withheld: 2,
      erased: 2,
      quotes: { checked: 2, unchecked: 2 },
      counts: 'equal',
      history: 4,
      witnesses: [{ name: witness.name, time: 1_700_000_000 }],
      signer: 'authenticated',
    });
  });

  it('says of an excerpt what an excerpt can show', async () => {
    expect(await verify(excerpt)).toEqual({
      ...common,
      entries: 6,
      excerpt: true,
      open: 4,
      withheld: 1,
      erased: 0,
      quotes: { checked: 2, unchecked: 0 },
      counts: 'not checked',
      history: 0,
      witnesses: [],
      signer: 'not authenticated',
    });
  });
});

describe('an export as a whole', () => {
  it('has lines, and an opening one first', async () => {
    expect(await verifyExport([])).toMatchObject(fails('line 1'));
    expect(() => startVerification('{}', {})).toThrow(expect.objectContaining({ where: 'line 1' }));
  });

  it.each([
    ['a whole export', lines],
    ['an excerpt', excerpt],
  ])('ends with its checkpoint, and nothing follows: %s', async (_name, of) => {
    expect(await verify(of.slice(0, -1))).toMatchObject(fails(`line ${of.length}`, /cut/));
    expect(await verify([...of, of.at(-1) as string])).toMatchObject(fails(`line ${of.length + 1}`));
    expect(await verify([...of, of[1] as string])).toMatchObject(fails(`line ${of.length + 1}`));
    expect(await verify(withLast(of, { checkpoint: 1 }))).toMatchObject(fails(`line ${of.length}`));
    expect(await verify(withLast(of, { ...closingOf(of), checkpoint: 'not a note' }))).toMatchObject(fails('checkpoint'));
  });
});

describe('the checkpoint', () => {
  it('is of the log the export is of', async () => {
    const elsewhere = await resign({ origin: other });
    expect(await verify(withLast(lines, { checkpoint: elsewhere, counts }))).toMatchObject(fails('checkpoint', /other\.example/));
    // Also when the key is the other log's.
    const vkey = formatVerifierKey(await verifierKeyOf(other, SEED));
    expect(await verify(withOpening(withLast(lines, { checkpoint: elsewhere, counts }), { vkey }))).toMatchObject(fails('checkpoint', /other\.example/));
  });

  it('covers exactly the entries', async () => {
    for (const size of [0, 15, 17])
      expect(await verify(withLast(lines, { checkpoint: await resign({ size }), counts }))).toMatchObject(fails('checkpoint', /covers/));
    expect(await verify(withLast(lines, { checkpoint: await resign({ root: GENESIS }), counts }))).toMatchObject(fails('checkpoint', /root/));
  });

  it('is signed by the key of the export, whose name is the origin', async () => {
    expect(await verify(withLast(lines, { checkpoint: await resign({}, stranger), counts }))).toMatchObject(fails('checkpoint', /signature/));
    expect(await verify(withOpening(lines, { vkey: 'no key' }))).toMatchObject(fails('key'));
    expect(await verify(withOpening(lines, { vkey: formatVerifierKey(await verifierKeyOf(other, SEED)) }))).toMatchObject(fails('key', /named/));
    expect(await verify(lines, { key: await verifierKeyOf(ORIGIN, stranger) })).toMatchObject(fails('key', /trust/));
  });

  it('is cosigned by each witness that is asked for', async () => {
    const witnesses = [await witnessVerifierKeyOf({ name: 'witness.example/w', seed: stranger })];
    expect(await verify(whole, { witnesses })).toMatchObject(fails('checkpoint', /witness\.example\/w/));
    expect(await verify(excerpt, { witnesses })).toMatchObject(fails('checkpoint', /witness\.example\/w/));
  });
});

describe('a checkpoint that was kept', () => {
  const kept = async (change: object) => ({ oldCheckpoint: parseCheckpoint(await resign(change)) });

  it('is one this log had, and may be the newest or of nothing', async () => {
    expect(await verify(lines, { oldCheckpoint: signed })).toMatchObject({ ok: true });
    const [seven] = await sampleHistory([7]);
    expect(await verify(lines, { oldCheckpoint: parseCheckpoint((seven as { checkpoint: string }).checkpoint) })).toMatchObject({ ok: true });
    expect(await verify(lines, await kept({ origin: other }))).toMatchObject(fails('checkpoint', /other\.example/));
    expect(await verify(lines, await kept({ size: 17 }))).toMatchObject(fails('checkpoint', /cut back/));
    expect(await verify(lines, await kept({ size: 7 }))).toMatchObject(fails('checkpoint', /rewritten/));
    expect(await verify(lines, await kept({ root: GENESIS }))).toMatchObject(fails('checkpoint', /rewritten/));
  });

  it('can be compared with an excerpt where it is of the same size', async () => {
    expect(await verify(excerpt, { oldCheckpoint: signed })).toMatchObject({ ok: true });
    expect(await verify(excerpt, await kept({ root: GENESIS }))).toMatchObject(fails('checkpoint', /rewritten/));
    expect(await verify(excerpt, await kept({ size: 7 }))).toMatchObject(fails('checkpoint', /cannot be compared/));
    expect(await verify(excerpt, await kept({ origin: other }))).toMatchObject(fails('checkpoint', /other\.example/));
  });
});

describe('the history', async () => {
  const history = await sampleHistory([1, 7, 15]);
  const at = async (place: number, change: object, seed = SEED) => {
    const item = history[place] as (typeof history)[number];
    const checkpoint = await signCheckpoint({ ...parseCheckpoint(item.checkpoint), ...change }, seed);
    return verify(withLast(lines, { checkpoint: note, counts, history: history.with(place, { ...item, checkpoint }) }));
  };

  it('is of the same log, ascends to the last checkpoint, and says which item does not', async () => {
    expect(await at(1, {})).toMatchObject({ ok: true, history: 3 });
    expect(await at(1, { origin: other })).toMatchObject(fails('checkpoint', /2.*other\.example/));
    for (const size of [0, 1, 15, 16]) expect(await at(1, { size })).toMatchObject(fails('checkpoint', size === 15 ? /2.*another root/ : /2.*size/));
    expect(await at(2, { size: 16 })).toMatchObject(fails('checkpoint', /3.*size/));
    expect(await at(1, {}, stranger)).toMatchObject(fails('checkpoint', /2.*signature/));
    expect(await at(1, { root: GENESIS })).toMatchObject(fails('checkpoint', /2.*rewritten/));
  });

  it('has proofs that are base64 and hold', async () => {
    const [first] = history;
    for (const proof of [['!'], [], [...(first?.proof ?? []), note]])
      expect(await verify(withLast(lines, { checkpoint: note, counts, history: [{ ...first, proof }] }))).toMatchObject(fails('checkpoint', /proof/i));
  });
});

it('counts that were changed are told apart from all else', async () => {
  const changed = counts.replace(/\d/, (digit) => `${(Number(digit) + 1) % 10}`);
  expect(await verify(withLast(lines, { checkpoint: note, counts: changed }))).toMatchObject(fails('counts'));
});

it('progress is told every ten thousand entries', () => {
  const told: number[] = [];
  const chain = new VerifiedChain((entries) => told.push(entries));
  for (let seq = 0; seq < 20_001; seq++) chain.add(bareEntry(seq));
  expect(told).toEqual([10_000, 20_000]);
  expect(chain.size).toBe(20_001);
  expect(chain.head).toEqual(bareEntry(20_000).entry);
});

function bareEntry(seq: number): CheckedEntry {
  const entry = new Uint8Array(32).fill(seq % 251);
  const header = { v: 1, topic: 'semax', seq, day: '2026-01-02', type: 'annotator', annotator: 'a', kind: 'person', digest: 'a'.repeat(64), adopt: 1 } as const;
  return { header, entry, leaf: leafHashOf(entry), presence: 'none' };
}

describe('a failure', () => {
  it('is an answer; an own bug is not', async () => {
    expect(await settle(async () => placed('line 1', () => 5))).toBe(5);
    expect(await settle(() => Promise.reject(new Failure('line 1', 'why')))).toEqual({ ok: false, where: 'line 1', why: 'why' });
    await expect(settle(() => Promise.reject(new TypeError('own bug')))).rejects.toThrow(TypeError);
    expect(() =>
      placed('line 1', () => {
        throw new TypeError('own bug');
      }),
    ).toThrow(TypeError);
  });
});
