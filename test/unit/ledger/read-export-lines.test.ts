import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLine, readExportLines } from '../../../src/ledger/read-export-lines.ts';
import { collect } from '../../collect.ts';

const read = (...chunks: Uint8Array[]) => collect(readExportLines(chunks));
const MARK = '\u0000';

describe('the lines of an export', () => {
  it('are the same however the bytes arrive', async () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\n', ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(20), { minLength: 1 }), async (lines, sizes) => {
        const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(''));
        const chunks: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = Math.max(turn % 7 === 0 ? 0 : 1, sizes[turn % sizes.length] as number);
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(await read(...chunks)).toEqual(lines);
      }),
    );
  });

  it('are marked where they are not UTF-8, and only there', async () => {
    for (const broken of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf0, 0xbd], [0xc0, 0x80]]) {
      const bytes = Buffer.concat([Buffer.from('first\n'), Buffer.from(broken), Buffer.from('\nthird é\n')]);
      expect(await read(bytes)).toEqual(['first', MARK, 'third é']);
      for (let at = 0; at <= bytes.length; at++) expect(await read(bytes.subarray(0, at), bytes.subarray(at))).toEqual(['first', MARK, 'third é']);
    }
    expect(decodeLine(Buffer.from('é'))).toBe('é');
    expect(decodeLine(Uint8Array.of(0xff))).toBe(MARK);
  });

  it('are marked where the last one is not ended', async () => {
    expect(await read(Buffer.from('one\ntwo'))).toEqual(['one', `two${MARK}`]);
    expect(await read(Buffer.from('one\nt'), Buffer.from('wo'))).toEqual(['one', `two${MARK}`]);
    expect(await read()).toEqual([]);
    expect(await read(new Uint8Array())).toEqual([]);
    expect(await read(Buffer.from('\n\n'))).toEqual(['', '']);
  });

  it('keep a byte order mark, which no line may begin with', async () => {
    expect(await read(Buffer.from('\ufeff{}\n'))).toEqual(['\ufeff{}']);
  });

  it('may come as text', async () => {
    const chunks = async function* () {
      yield 'é\nt';
      yield 'wo\n';
    };
    expect(await collect(readExportLines(chunks()))).toEqual(['é', 'two']);
  });

  it('end at one that never ends', async () => {
    const chunk = new Uint8Array(16 * 1024 * 1024).fill(97);
    let given = 0;
    const endless = async function* () {
      for (; given < 100; given++) yield chunk;
    };
    const lines = await collect(readExportLines(endless()));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith(MARK)).toBe(true);
    expect(given).toBe(4);
  });

  it('may be long, one after the other', async () => {
    const chunk = new Uint8Array(16 * 1024 * 1024).fill(97);
    chunk[chunk.length - 1] = 10;
    expect(await read(...Array<Uint8Array>(6).fill(chunk))).toHaveLength(6);
  });
});
