import { describe, expect, it } from 'vitest';
import { type ReadRecord, readRecords } from '../../../src/sources/formats/read-lines.ts';
import { collect } from '../../collect.ts';

async function read(
  bytes: Buffer | string,
  framing: 'ndjson' | 'csv' = 'ndjson',
  options: { chunk?: number; maxLineBytes?: number } = {},
): Promise<ReadRecord[]> {
  const buffer = Buffer.from(bytes as Buffer);
  const size = options.chunk ?? 7;
  async function* chunks() {
    for (let at = 0; at < buffer.length; at += size) yield buffer.subarray(at, at + size);
  }
  return collect(readRecords(chunks(), framing, options.maxLineBytes === undefined ? {} : { maxLineBytes: options.maxLineBytes }));
}
const outline = (records: ReadRecord[]) => records.map((record) => ('refusal' in record ? [record.line, record.refusal.code] : [record.line, record.value]));

describe('NDJSON', () => {
  it('reads lines, passes blank ones over and keeps counting', async () => {
    expect(outline(await read('{"a":1}\n\n  \r\n{"b":"é"}\r\n3'))).toEqual([
      [1, { a: 1 }],
      [4, { b: 'é' }],
      [5, 3],
    ]);
  });

  it('refuses what is not JSON or not UTF-8 and goes on', async () => {
    const bytes = Buffer.concat([Buffer.from('{"a":\n'), Buffer.from([0x22, 0xff, 0x22, 0x0a]), Buffer.from('{"ok":1}\n')]);
    const records = await read(bytes);
    expect(outline(records)).toEqual([
      [1, 'bad_json'],
      [2, 'bad_encoding'],
      [3, { ok: 1 }],
    ]);
    expect(records[0]).toMatchObject({ refusal: { item: 'line 1' } });
  });

  it('skips the rest of a line that is too long, wherever the chunks end', async () => {
    for (const chunk of [1, 3, 64]) {
      expect(outline(await read(`"${'x'.repeat(50)}"\n"ok"\n"${'y'.repeat(28)}"\n"${'z'.repeat(29)}"`, 'ndjson', { chunk, maxLineBytes: 30 }))).toEqual([
        [1, 'line_too_large'],
        [2, 'ok'],
        [3, 'y'.repeat(28)],
        [4, 'line_too_large'],
      ]);
    }
  });

  it('drops the mark of UTF-8 and decodes UTF-16 that carries one', async () => {
    const text = '{"a":"é😀"}\n{"b":2}';
    const le = Buffer.from(`\ufeff${text}`, 'utf16le');
    for (const bytes of [Buffer.from(`\ufeff${text}`), le, Buffer.from(le).swap16()]) {
      for (const chunk of [1, 2, 5, 1000])
        expect(outline(await read(bytes, 'ndjson', { chunk }))).toEqual([
          [1, { a: 'é😀' }],
          [2, { b: 2 }],
        ]);
    }
  });

  it('reads an empty file as nothing', async () => {
    expect(await read('')).toEqual([]);
    expect(await read('\ufeff')).toEqual([]);
    expect(await read('', 'csv')).toEqual([]);
  });

  it('survives a line of a million brackets', async () => {
    const records = await read(`${'['.repeat(1_000_000)}\n{"ok":1}`, 'ndjson', { chunk: 65_536 });
    expect(outline(records)).toEqual([
      [1, 'bad_json'],
      [2, { ok: 1 }],
    ]);
  });
});

describe('CSV', () => {
  it('names cells by the header; line feeds and quotes in quotes belong to the cell', async () => {
    const csv = '\ufeffid,body,__proto__\r\n1,"two\nlines, ""quoted""",x\r\n\r\n2,plain,y\n';
    for (const chunk of [1, 4, 500]) {
      const records = await read(csv, 'csv', { chunk });
      expect(records.map((record) => ('value' in record ? [record.line, Object.entries(record.value as object)] : record))).toEqual([
        [
          2,
          [
            ['id', '1'],
            ['body', 'two\nlines, "quoted"'],
            ['__proto__', 'x'],
          ],
        ],
        [
          5,
          [
            ['id', '2'],
            ['body', 'plain'],
            ['__proto__', 'y'],
          ],
        ],
      ]);
    }
  });

  it('takes a quote in the middle of a cell as itself', async () => {
    expect(outline(await read('id,body\n1,5" tube\n2,ok\n', 'csv'))).toEqual([
      [2, { id: '1', body: '5" tube' }],
      [3, { id: '2', body: 'ok' }],
    ]);
  });

  it('refuses rows that do not fit the header', async () => {
    expect(outline(await read('id,body\n1\n2,a,b\n3,ok\n', 'csv'))).toEqual([
      [2, 'bad_csv'],
      [3, 'bad_csv'],
      [4, { id: '3', body: 'ok' }],
    ]);
  });

  it('loses one record, not the file, to a quote that never closes', async () => {
    const records = await read(`id,body\n1,"open\n${'2,fill\n'.repeat(20)}3,ok\n`, 'csv', { maxLineBytes: 100 });
    expect(outline(records)[0]).toEqual([2, 'line_too_large']);
    expect(outline(records).at(-1)).toEqual([23, { id: '3', body: 'ok' }]);
  });

  it('refuses bytes that are not UTF-8', async () => {
    expect(outline(await read(Buffer.from('id,body\n1,\xff\n2,ok\n', 'latin1'), 'csv'))).toEqual([
      [2, 'bad_encoding'],
      [3, { id: '2', body: 'ok' }],
    ]);
  });

  it('takes NDJSON where a file begins with a brace', async () => {
    expect(outline(await read('\n {"id":"1"}\n{"id":"2"}\n', 'csv', { chunk: 1 }))).toEqual([
      [2, { id: '1' }],
      [3, { id: '2' }],
    ]);
  });
});
