/** An excerpt: some entries, each with its proof. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCheckpoint, parseVerifierKey, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { readExportLines } from '../../src/ledger/read-export-lines.ts';
import { type Failed, type Verified, verifyExport, type VerifyOptions } from '../../src/ledger/verify.ts';
import { ORIGIN, sampleExcerpt, sampleExport } from './ledger-sample.ts';

const verifyBytes = (bytes: Uint8Array, options: VerifyOptions = {}) => verifyExport(readExportLines([bytes]), options);
const verifyText = (lines: readonly string[], options: VerifyOptions = {}) => verifyBytes(Buffer.from(lines.join('')), options);

const SEQS = [0, 1, 2, 5, 9, 14];
const lines = await sampleExcerpt(SEQS);
const bytes = Buffer.from(lines.join(''));

describe('an excerpt', () => {
  it('verifies, and says what it could not check', async () => {
    const result = (await verifyBytes(bytes)) as Verified;
    expect(result).toMatchObject({ ok: true, excerpt: true, size: 16, entries: 6, open: 2, withheld: 1, erased: 1, counts: 'not checked' });
    expect(result.quotes).toEqual({ checked: 1, unchecked: 2 });
    expect(result.head).toBeUndefined();
  });

  it('verifies whatever entries it has', async () => {
    const some = fc.uniqueArray(fc.nat(15), { minLength: 1 }).map((seqs) => seqs.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(some, async (seqs) => {
        expect(await verifyText(await sampleExcerpt(seqs))).toMatchObject({ ok: true, entries: seqs.length });
      }),
      { numRuns: 60 },
    );
  });

  it('is caught and placed for every single byte that is changed', async () => {
    const starts = lines.map((_, index) => Buffer.byteLength(lines.slice(0, index).join('')));
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (bytes[at] as number) ^ (1 << (at % 7));
      const result = await verifyBytes(changed);
      expect(result.ok, `byte ${at}`).toBe(false);
      const line = starts.findLastIndex((start) => start <= at);
      const { where } = result as Failed;
      if (line > 0 && line < lines.length - 1) expect([`seq ${SEQS[line - 1]}`, `line ${line + 1}`], `byte ${at}: ${where}`).toContain(where);
      else expect(where).toMatch(/^(?:line \d+|key|checkpoint|seq 0)$/);
    }
  });

  it('is caught when its end is cut, a line is doubled or moved, or an entry of the full export put in', async () => {
    expect(await verifyText(lines.slice(0, -1))).toMatchObject({ ok: false, where: 'line 8' });
    expect(await verifyText([...lines, lines[1] as string])).toMatchObject({ ok: false, where: 'line 9' });
    expect(await verifyText(lines.toSpliced(2, 0, lines[2] as string))).toMatchObject({ ok: false, where: 'line 4' });
    expect(await verifyText([lines[0], lines[2], lines[1], ...lines.slice(3)] as string[])).toMatchObject({ ok: false, where: 'line 3' });
    const full = await sampleExport();
    expect(await verifyText(lines.with(1, full[1] as string))).toMatchObject({ ok: false, where: 'line 2' });
    expect(await verifyText([full[0] as string, ...lines.slice(1)])).toMatchObject({ ok: false, where: 'line 2' });
  });

  it('does not verify with another entry at a place, even with its own proof', async () => {
    const line = JSON.parse(lines[3] as string) as { proof: string[] };
    const other = JSON.parse(lines[4] as string) as { proof: string[] };
    const swapped = `${JSON.stringify({ ...line, proof: other.proof })}\n`;
    expect(await verifyText(lines.with(3, swapped))).toMatchObject({ ok: false, where: 'seq 2' });
    for (const proof of [[], line.proof.slice(1), [...line.proof, line.proof[0] as string], ['?']])
      expect(await verifyText(lines.with(3, `${JSON.stringify({ ...line, proof })}\n`))).toMatchObject({ ok: false, where: 'seq 2' });
  });

  it('is held against a key, and an older checkpoint only of its own size', async () => {
    const key = parseVerifierKey((JSON.parse(lines[0] as string) as { vkey: string }).vkey);
    expect(await verifyText(lines, { key })).toMatchObject({ ok: true, signer: 'authenticated' });
    const stranger = await verifierKeyOf(ORIGIN, new Uint8Array(32).fill(7));
    expect(await verifyText(lines, { key: stranger })).toMatchObject({ ok: false, where: 'key' });
    const own = parseCheckpoint((JSON.parse(lines.at(-1) as string) as { checkpoint: string }).checkpoint);
    expect(await verifyText(lines, { oldCheckpoint: own })).toMatchObject({ ok: true });
    const old = parseCheckpoint((JSON.parse((await sampleExport(13)).at(-1) as string) as { checkpoint: string }).checkpoint);
    expect(await verifyText(lines, { oldCheckpoint: old })).toMatchObject({ ok: false, where: 'checkpoint' });
  });
});
