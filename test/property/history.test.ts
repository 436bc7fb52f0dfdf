/** Earlier checkpoints in the closing line, and cosignatures of witnesses. */
import { describe, expect, it } from 'vitest';
import { addSignatureLines, parseCheckpoint } from '../../src/ledger/checkpoint.ts';
import { witnessVerifierKeyOf } from '../../src/ledger/cosignature.ts';
import { formatLine } from '../../src/ledger/export-format.ts';
import { type Failed, verifyExport, type VerifyOptions } from '../../src/ledger/verify.ts';
import { ORIGIN, sampleCosigned, sampleExport, sampleHistory } from './ledger-sample.ts';

const verify = (lines: readonly string[], options: VerifyOptions = {}) =>
  verifyExport(
    lines.map((line) => line.slice(0, -1)),
    options,
  );
const SIZES = [1, 2, 7, 12, 15];
const history = await sampleHistory(SIZES);
const lines = await sampleExport(undefined, { history });
type Past = (typeof history)[number];
const withHistory = async (changed: readonly Past[]) => verify(await sampleExport(undefined, { history: changed }));
const past = (at: number): Past => history[at] as Past;

describe('earlier checkpoints in an export', () => {
  it('verify, as many as there are', async () => {
    expect(await verify(lines)).toMatchObject({ ok: true, history: SIZES.length });
    expect(await verify(await sampleExport())).toMatchObject({ ok: true, history: 0 });
    const all = await sampleHistory(Array.from({ length: 15 }, (_, at) => at + 1));
    expect(await withHistory(all)).toMatchObject({ ok: true, history: 15 });
  });

  it('are caught for every single byte of them that is changed', async () => {
    const two = await sampleExport(undefined, { history: [past(1), past(3)] });
    const closing = Buffer.from(two.at(-1) as string);
    for (let at = closing.indexOf('"history"'); at < closing.length - 1; at++) {
      const changed = Buffer.from(closing);
      changed[at] = (closing[at] as number) ^ (1 << (at % 7));
      const result = await verify(two.with(-1, changed.toString('utf8')));
      expect(result.ok, `byte ${at} of ${closing}`).toBe(false);
      expect((result as Failed).where).toMatch(/^(?:line 18|checkpoint)$/);
    }
  });

  it('must ascend, be older, be signed by the same key, and be of this log', async () => {
    expect(await withHistory([past(1), past(0)])).toMatchObject({ ok: false, where: 'checkpoint' });
    expect(await withHistory([past(0), past(0)])).toMatchObject({ ok: false, where: 'checkpoint' });
    const closing = JSON.parse(lines.at(-1) as string) as { checkpoint: string };
    expect(await withHistory([{ checkpoint: closing.checkpoint, proof: [] }])).toMatchObject({ ok: false, where: 'checkpoint' });
    const [byOther] = await sampleHistory([7], new Uint8Array(32).fill(3));
    expect(await withHistory([byOther as Past])).toMatchObject({ ok: false, why: expect.stringContaining('signature') });
    const empty = { checkpoint: past(0).checkpoint.replace('\n1\n', '\n0\n'), proof: past(0).proof };
    expect(await withHistory([empty])).toMatchObject({ ok: false, where: 'checkpoint' });
  });

  it('need their proofs, whole', async () => {
    const { checkpoint, proof } = past(2);
    for (const changed of [[], proof.slice(1), proof.slice(0, -1), [...proof, proof[0] as string], proof.toReversed(), ['?', ...proof.slice(1)]])
      expect(await withHistory([{ checkpoint, proof: changed }]), JSON.stringify(changed)).toMatchObject({ ok: false, where: 'checkpoint' });
  });

  it('are bounded, and absent rather than empty', async () => {
    const many = Array.from({ length: 33 }, () => past(0));
    expect(await withHistory(many)).toMatchObject({ ok: false, where: 'line 18' });
    expect(await withHistory([])).toMatchObject({ ok: false, where: 'line 18' });
  });
});

describe('cosignatures of witnesses', async () => {
  const witness = { name: 'witness.example', seed: new Uint8Array(32).fill(21) };
  const key = await witnessVerifierKeyOf(witness);
  const cosigned = await sampleExport(undefined, { checkpoint: await sampleCosigned(witness) });

  it('may stand in the checkpoint, and are checked when asked for', async () => {
    expect(await verify(cosigned)).toMatchObject({ ok: true, witnesses: [] });
    expect(await verify(cosigned, { witnesses: [key] })).toMatchObject({ ok: true, witnesses: [{ name: 'witness.example', time: 1_770_000_000 }] });
  });

  it('are missed when they are not there or not of that witness', async () => {
    expect(await verify(await sampleExport(), { witnesses: [key] })).toMatchObject({ ok: false, where: 'checkpoint' });
    const other = await witnessVerifierKeyOf({ ...witness, seed: new Uint8Array(32).fill(22) });
    expect(await verify(cosigned, { witnesses: [key, other] })).toMatchObject({ ok: false, where: 'checkpoint' });
  });

  it('are caught for every single byte changed', async () => {
    const closing = JSON.parse(cosigned.at(-1) as string) as { checkpoint: string; counts: string };
    const note = Buffer.from(closing.checkpoint);
    for (let at = 0; at < note.length; at++) {
      const changed = Buffer.from(note);
      changed[at] = (note[at] as number) ^ (1 << (at % 7));
      const line = formatLine({ ...closing, checkpoint: changed.toString('utf8') });
      expect((await verify(cosigned.with(-1, line), { witnesses: [key] })).ok, `byte ${at}`).toBe(false);
    }
  });

  it('of others do no harm', async () => {
    const note = addSignatureLines((JSON.parse(cosigned.at(-1) as string) as { checkpoint: string }).checkpoint, [`— other.example ${btoa('x'.repeat(76))}`]);
    expect(parseCheckpoint(note)).toMatchObject({ origin: ORIGIN });
    expect(await verify(await sampleExport(undefined, { checkpoint: note }), { witnesses: [key] })).toMatchObject({ ok: true });
  });
});
