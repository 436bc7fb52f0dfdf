import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExportLines } from '../../src/ledger/read-export-lines.ts';
import { parseCheckpoint, parseVerifierKey, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { type Failed, type Verified, verifyExport, type VerifyOptions } from '../../src/ledger/verify.ts';
import { ORIGIN, SEED, sampleExport } from './ledger-sample.ts';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function verifyBytes(bytes: Uint8Array, options: VerifyOptions = {}): Promise<Verified | Failed> {
  return verifyExport(readExportLines(once(bytes)), options);
}

function verifyText(lines: readonly string[], options: VerifyOptions = {}): Promise<Verified | Failed> {
  return verifyBytes(Buffer.from(lines.join('')), options);
}

const lines = await sampleExport();
const bytes = Buffer.from(lines.join(''));

describe('an export', () => {
  it('verifies as it is, and says what it could not check', async () => {
    const result = await verifyBytes(bytes);
    expect(result).toMatchObject({ ok: true, size: 16, withheld: 2, erased: 2, signer: 'not authenticated' });
    expect((result as Verified).quotes).toEqual({ checked: 2, unchecked: 2 });
  });

  it('is caught and placed for every single byte that is changed', async () => {
    const starts = lines.map((_, index) => Buffer.byteLength(lines.slice(0, index).join('')));
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (bytes[at] as number) ^ (1 << (at % 7));
      const result = await verifyBytes(changed);
      expect(result.ok, `byte ${at}`).toBe(false);
      const { where } = result as Failed;
      const line = starts.findLastIndex((start) => start <= at);
      // An entry stands on the line after its seq; the first and last line are about the key and the checkpoint.
      const isEntry = line > 0 && line < lines.length - 1;
      if (isEntry) expect([`seq ${line - 1}`, `line ${line + 1}`], `byte ${at}: ${where}`).toContain(where);
      else expect(where).toMatch(/^(?:line \d+|key|checkpoint|counts|seq 0)$/);
    }
  });

  it('is caught for any byte set to any value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), async (at, value) => {
        fc.pre(bytes[at] !== value);
        const changed = Buffer.from(bytes);
        changed[at] = value;
        expect((await verifyBytes(changed)).ok).toBe(false);
      }),
      { numRuns: 1_500 },
    );
  });

  it('is caught when a line is cut, doubled, moved or added', async () => {
    for (let at = 0; at < lines.length; at++) {
      expect((await verifyText(lines.toSpliced(at, 1))).ok, `line ${at + 1} cut`).toBe(false);
      expect((await verifyText(lines.toSpliced(at, 0, lines[at] as string))).ok, `line ${at + 1} doubled`).toBe(false);
      expect((await verifyText(lines.toSpliced(at, 0, '\n'))).ok, `empty line before ${at + 1}`).toBe(false);
    }
    expect(await verifyText([...lines, lines[1] as string])).toMatchObject({ ok: false, where: 'line 19' });
    expect(await verifyText(lines.slice(0, -1))).toMatchObject({ ok: false, where: 'line 18' });
    expect(await verifyBytes(bytes.subarray(0, bytes.length - 1))).toMatchObject({ ok: false });
    expect(await verifyBytes(Buffer.alloc(0))).toMatchObject({ ok: false, where: 'line 1' });
  });

  it('is caught when entries are cut and the rest is signed anew by somebody else', async () => {
    const shorter = await sampleExport(13);
    const old = parseCheckpoint(JSON.parse(lines.at(-1) as string).checkpoint);
    expect(await verifyText(shorter, { oldCheckpoint: old })).toMatchObject({ ok: false, where: 'checkpoint' });
    const stranger = await verifierKeyOf(ORIGIN, new Uint8Array(32).fill(7));
    expect(await verifyText(lines, { key: stranger })).toMatchObject({ ok: false, where: 'key' });
  });

  it('authenticates its signer and extends an older checkpoint', async () => {
    const key = parseVerifierKey(JSON.parse(lines[0] as string).vkey);
    const old = parseCheckpoint(JSON.parse((await sampleExport(13)).at(-1) as string).checkpoint);
    expect(await verifyText(lines, { key, oldCheckpoint: old })).toMatchObject({ ok: true, signer: 'authenticated' });
    expect(key).toEqual(await verifierKeyOf(ORIGIN, SEED));
  });

  it('does not verify with content that a tombstone says was destroyed', async () => {
    const open = await sampleExport();
    const line = JSON.parse(open[5] as string);
    expect(line.erased).toBe(1);
    const withheld = `${JSON.stringify({ entry: line.entry, header: line.header, withheld: 1 })}\n`;
    expect((await verifyText(open.with(5, withheld))).ok).toBe(true);
    const withoutReason = `${JSON.stringify({ entry: line.entry, header: line.header })}\n`;
    expect(await verifyText(open.with(5, withoutReason))).toMatchObject({ ok: false, where: 'seq 4' });
  });
});
