/** What verification holds the last line of an export to: checkpoint, signers, what was kept, history, counts. */
import { describe, expect, it } from 'vitest';
import { GENESIS } from '../../../src/ledger/chain.ts';
import { formatVerifierKey, isSignedBy, parseCheckpoint, signCheckpoint, verifierKeyOf } from '../../../src/ledger/checkpoint.ts';
import { witnessVerifierKeyOf } from '../../../src/ledger/cosignature.ts';
import { verifyExport, type VerifyOptions } from '../../../src/ledger/verify.ts';
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
const stranger = new Uint8Array(32).fill(7);
const other = 'other.example/semax';
const resign = (change: object, seed = SEED): Promise<string> => signCheckpoint({ ...signed, ...change }, seed);
const fails = (where: string, why?: RegExp) => ({ ok: false, where, ...(why ? { why: expect.stringMatching(why) } : {}) });

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

  it('is not signed by a trusted key of another log, though a line of it holds', async () => {
    // One secret, two logs: the body is signed under the other name as well.
    const trusted = await verifierKeyOf(other, SEED);
    const bytes = Buffer.concat([trusted.id, signed.signatures[0]?.signature as Uint8Array]);
    const checkpoint = `${note}— ${other} ${bytes.toString('base64')}\n`;
    expect(await isSignedBy(parseCheckpoint(checkpoint), trusted)).toBe(true);
    expect(await verify(withLast(lines, { checkpoint, counts }), { key: trusted })).toMatchObject(fails('key', /other\.example/));
    expect(await verify(withLast(lines, { checkpoint, counts }), { key: await verifierKeyOf(ORIGIN, SEED) })).toMatchObject({ ok: true });
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
    expect(await at(1, {}, stranger)).toMatchObject(fails('checkpoint', /2.*signature/));
    expect(await at(1, { root: GENESIS })).toMatchObject(fails('checkpoint', /2.*rewritten/));
  });

  it('does not stay, go back, or reach the last checkpoint, whatever proofs it has', async () => {
    const ofSizes = async (...sizes: number[]) => verify(withLast(lines, { checkpoint: note, counts, history: await sampleHistory(sizes) }));
    expect(await ofSizes(7, 15)).toMatchObject({ ok: true });
    for (const sizes of [[7, 7], [15, 7], [7, 16], [16]]) expect(await ofSizes(...sizes)).toMatchObject(fails('checkpoint', /neighbours/));
    const beyond = { checkpoint: await resign({ size: 17 }), proof: [] };
    for (const item of [beyond, { ...beyond, checkpoint: await resign({ size: 0 }) }])
      expect(await verify(withLast(lines, { checkpoint: note, counts, history: [item] }))).toMatchObject(fails('checkpoint', /neighbours/));
    expect(await verify(withLast(lines, { checkpoint: note, counts, history: [{ ...beyond, checkpoint: 'not a note' }] }))).toMatchObject(fails('checkpoint'));
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
