import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IMPORT_FORMATS } from '../../src/sources/formats/list.ts';
import { readRecords } from '../../src/sources/formats/read-lines.ts';
import { collect } from '../collect.ts';

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });

it('what was written comes back, however the bytes arrive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 20 }), sizes, async (values, chunkSizes) => {
      const lines = values.map((value) => JSON.stringify(value));
      const read = await collect(readRecords(cut(Buffer.from(lines.join('\n')), chunkSizes), 'ndjson'));
      expect(read.map((record) => ('value' in record ? JSON.stringify(record.value) : record.refusal.code))).toEqual(lines);
    }),
  );
});

it('CSV cells come back, however the bytes arrive', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' '), maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 10 }), sizes, async (rows, chunkSizes) => {
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const csv = ['x,y', ...rows.map((row) => row.map(quote).join(','))].join('\r\n');
      const read = await collect(readRecords(cut(Buffer.from(csv), chunkSizes), 'csv'));
      expect(read.map((record) => ('value' in record ? Object.values(record.value as object) : record.refusal.code))).toEqual(rows);
    }),
  );
});

it('any bytes are read to the end, without a throw, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom('ndjson' as const, 'csv' as const), sizes, async (bytes, framing, chunkSizes) => {
      let last = 0;
      for await (const record of readRecords(cut(bytes, chunkSizes), framing, { maxLineBytes: 60 })) {
        expect(record.line).toBeGreaterThan(last);
        last = record.line;
      }
    }),
  );
});

it('no format throws, and a refusal never quotes much', () => {
  const item = fc.oneof(
    fc.anything(),
    fc.record(
      {
        id: fc.anything(),
        platform: fc.constantFrom('reddit', 'x', 'web', 5),
        text: fc.anything(),
        body: fc.anything(),
        title: fc.anything(),
        author: fc.anything(),
        url: fc.anything(),
        created_utc: fc.anything(),
        record: fc.anything(),
        datasource: fc.constantFrom('reddit', 'twitter', 1),
        legacy: fc.anything(),
        rest_id: fc.anything(),
        data: fc.anything(),
        item_id: fc.anything(),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(item, (value) => {
      for (const format of IMPORT_FORMATS) {
        const mapped = format.map(value);
        if ('refusal' in mapped) expect(mapped.refusal.detail.length).toBeLessThanOrEqual(120);
        else expect(typeof mapped.post.text).toBe('string');
      }
    }),
    { numRuns: 300 },
  );
});
