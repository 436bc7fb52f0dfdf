import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExportLines } from '../../../src/ledger/read-export-lines.ts';
import { chunkLines, type LineChunk } from '../../../src/verify/chunk-lines.ts';

async function* pieces(whole: Uint8Array, piece: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.length; at += piece) yield whole.subarray(at, at + piece);
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of all) items.push(item);
  return items;
}

const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
const linesOf = ({ bytes, context }: LineChunk): string[] => textOf(bytes.subarray(context)).split('\n').slice(0, -1);

describe('chunks of lines', () => {
  it('hold the lines that one reader sees, numbered, each chunk with the line before it', async () => {
    const line = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('', 'é🙂', '\ufeff', '\u0000')).map((text) => text.replaceAll('\n', ''));
    const text = fc.tuple(fc.array(line), fc.boolean()).map(([lines, isCut]) => (isCut ? lines.join('\n') : lines.map((each) => `${each}\n`).join('')));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), async (whole, piece, chunk) => {
        const bytes = Buffer.from(whole);
        const chunks = await collect(chunkLines(pieces(bytes, piece), chunk));
        const expected = await collect(readExportLines([bytes]));
        expect(chunks.flatMap(linesOf)).toEqual(expected);
        for (const each of chunks) {
          expect(linesOf(each)).toEqual(expected.slice(each.line - 1, each.line - 1 + each.lines));
          expect(textOf(each.bytes.subarray(0, each.context))).toBe(each.line === 1 ? '' : `${expected[each.line - 2]}\n`);
        }
      }),
    );
  });
});
