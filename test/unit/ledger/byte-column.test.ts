import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteColumn } from '../../../src/ledger/byte-column.ts';

function columnOf(bytes: Iterable<number>): ByteColumn {
  const column = new ByteColumn();
  for (const byte of bytes) column.push(byte);
  return column;
}

it('holds what a list would hold, over several pages', () => {
  const sizes = fc.oneof(fc.nat(20), fc.constantFrom(4_095, 4_096, 4_097, 8_192, 8_193));
  const byte = fc.integer({ min: 1, max: 255 });
  fc.assert(
    fc.property(sizes, byte, fc.array(fc.record({ at: fc.nat(), byte })), (size, fill, changes) => {
      const list = Array<number>(size).fill(fill);
      const column = columnOf(list);
      for (const change of changes) {
        if (size === 0) break;
        const at = change.at % size;
        list[at] = change.byte;
        column.set(at, change.byte);
      }
      expect(column.length).toBe(size);
      for (const at of [-1, 0, 1, 4_095, 4_096, size - 1, size, size + 1]) expect(column.at(at), `at ${at}`).toBe(list[at]);
      for (const wanted of [fill, ...changes.map((change) => change.byte), 0]) expect(column.indexOf(wanted)).toBe(list.indexOf(wanted));
    }),
  );
});

it('finds a byte on a later page, and never the zeros of a page that is not full', () => {
  const column = columnOf([...Array<number>(5_000).fill(1), 2, 0]);
  expect(column.indexOf(2)).toBe(5_000);
  expect(column.indexOf(0)).toBe(5_001);
  expect(columnOf([1, 2]).indexOf(0)).toBe(-1);
  expect(columnOf([]).indexOf(0)).toBe(-1);
});
