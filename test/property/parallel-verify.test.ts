/** Chunks checked apart give the answer of one thread, whatever is wrong and wherever chunks are cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExportLines } from '../../src/ledger/read-export-lines.ts';
import { verifyExport } from '../../src/ledger/verify.ts';
import type { Failed, Verified, VerifyOptions } from '../../src/ledger/verify-result.ts';
import { checkChunk } from '../../src/verify/check-chunk.ts';
import { chunkLines } from '../../src/verify/chunk-lines.ts';
import { verifyExportBytes, verifyChunks } from '../../src/verify/verify-bytes.ts';
import { sampleExcerpt, sampleExport } from './ledger-sample.ts';

const inPlace = { check: async (task: Parameters<typeof checkChunk>[0]) => structuredClone(checkChunk(task)), close: async () => undefined };
const lines = await sampleExport();
const bytes = Buffer.from(lines.join(''));

/** A stream that delivers in pieces. */
async function* pieces(whole: Uint8Array, piece: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += piece) yield whole.subarray(at, at + piece);
}

const onOne = (whole: Uint8Array, options?: VerifyOptions): Promise<Verified | Failed> => verifyExport(readExportLines([whole]), options);
const inChunks = (whole: Uint8Array, chunk: number, piece = 333): Promise<Verified | Failed> =>
  verifyChunks(chunkLines(pieces(whole, piece), chunk), {}, { checker: inPlace, ahead: 3 });

async function expectSame(whole: Uint8Array, chunk: number): Promise<void> {
  expect(await inChunks(whole, chunk)).toEqual(await onOne(whole));
}

const chunkSizes = fc.integer({ min: 1, max: 6_000 });

describe('verification in chunks', () => {
  it('is that of one thread for a sound export and an excerpt, at any chunk size', async () => {
    expect(await onOne(bytes)).toMatchObject({ ok: true });
    const excerpt = Buffer.from((await sampleExcerpt([1, 2, 9])).join(''));
    for (const chunk of [1, 100, 500, 900, 1_500, 2_500, 4_000, 100_000]) {
      await expectSame(bytes, chunk);
      await expectSame(excerpt, chunk);
    }
  });

  it('fails at the same place for the same reason when bytes are changed', async () => {
    const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), chunkSizes, async (changes, chunk) => {
        const changed = Buffer.from(bytes);
        for (const { at, value } of changes) changed[at] = value;
        await expectSame(changed, chunk);
      }),
      { numRuns: 1_500 },
    );
  });

  it('takes no bytes that are not UTF-8 for the character that stands for them', async () => {
    // U+FFFD in a header's name: a reader that replaces what it cannot decode would read the broken bytes as it.
    const closing = (lines.at(-1) as string).replace('"questions\\":', '"\ufffd\\":');
    for (const line of [closing, (lines[2] as string).replace('My', '\ufffd')]) {
      const at = line === closing ? lines.length - 1 : 2;
      const whole = Buffer.from(lines.with(at, line).join(''));
      const place = whole.indexOf('\ufffd');
      const broken = Buffer.concat([whole.subarray(0, place), Buffer.of(0xf0, 0xbf, 0xbd), whole.subarray(place + 3)]);
      for (const chunk of [300, 2_500]) await expectSame(broken, chunk);
      expect(await onOne(broken)).toMatchObject({ ok: false, where: `line ${at + 1}` });
    }
  });

  it('fails the same way when lines are cut, doubled, swapped or added, also after the end', async () => {
    const place = fc.nat(lines.length - 1);
    const edit = fc.constantFrom('cut', 'double', 'swap', 'blank', 'append', 'truncate');
    await fc.assert(
      fc.asyncProperty(place, edit, chunkSizes, async (at, how, chunk) => {
        const line = lines[at] as string;
        const edited = {
          cut: () => lines.toSpliced(at, 1),
          double: () => lines.toSpliced(at, 0, line),
          swap: () => lines.with(at, lines[(at + 1) % lines.length] as string),
          blank: () => lines.toSpliced(at, 0, '\n'),
          append: () => [...lines, line],
          truncate: () => [...lines.slice(0, at), line.slice(0, -1)],
        }[how]();
        await expectSame(Buffer.from(edited.join('')), chunk);
      }),
      { numRuns: 300 },
    );
  });

  it('runs in worker threads, and gives their failures', async () => {
    const cores = { threads: 2, chunk: 2_000, small: 1_000 };
    expect(await verifyExportBytes(pieces(bytes, 700), {}, cores)).toEqual(await onOne(bytes));
    const changed = Buffer.from(bytes);
    changed[bytes.lastIndexOf('My focus')] = 0x62;
    const result = await verifyExportBytes(pieces(changed, 700), {}, cores);
    expect(result).toEqual(await onOne(changed));
    expect(result.ok).toBe(false);
    expect(await verifyExportBytes(pieces(bytes, 700), {}, { threads: 1 })).toMatchObject({ ok: true });
    expect(await verifyExportBytes(pieces(new Uint8Array(), 1), {}, cores)).toMatchObject({ ok: false, where: 'line 1' });
  });
});
